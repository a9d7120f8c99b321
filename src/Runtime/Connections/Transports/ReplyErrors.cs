using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>
/// Adds the endpoint and a remedy to the exception of a missing or unreadable reply. Thrift's own messages contain
/// neither, and its protocols throw various exceptions for unexpected bytes.
/// </summary>
internal static class ReplyErrors
{
    /// <summary>
    /// Creates an exception of the same type with the endpoint and a remedy; null if there is nothing to add.
    /// </summary>
    /// <param name="error">The exception of the call.</param>
    /// <param name="endpoint">The server.</param>
    /// <param name="hasReceivedReply">Whether bytes of the reply have arrived.</param>
    public static Exception? AddContext(Exception error, ThriftEndpoint endpoint, bool hasReceivedReply) => error switch
    {
        // The shutdown of the channel, and HTTP errors, whose messages are complete.
        OperationCanceledException or TimeoutException or ObjectDisposedException or { InnerException: ObjectDisposedException or HttpRequestException } => null,

        TTransportException { Type: TTransportException.ExceptionType.MessageSizeLimit } oversized
            => new TTransportException(oversized.Type, GetUnreadable(oversized, endpoint, "; if it does, and is allowed to send as much, raise MaxMessageSize"), oversized),
        TTransportException transport => new TTransportException(transport.Type, hasReceivedReply ? GetUnreadable(transport, endpoint) : GetMissing(transport, endpoint), transport),

        // With the socket's exception inside, where callers look for it.
        IOException connection when connection.GetType() == typeof(IOException)
            => new IOException(hasReceivedReply ? GetUnreadable(connection, endpoint) : GetMissing(connection, endpoint), connection.InnerException ?? connection),

        // Other exceptions before the reply are about the request.
        _ when !hasReceivedReply => null,
        TProtocolException protocol => new TProtocolException(protocol.GetExceptionType(), GetUnreadable(protocol, endpoint), protocol),

        // ArgumentOutOfRangeException for a negative length, OverflowException for a number, and more.
        _ => new TProtocolException(TProtocolException.INVALID_DATA, GetUnreadable(error, endpoint), error),
    };

    private static string GetMissing(Exception error, ThriftEndpoint endpoint)
        => $"No reply from {endpoint}: {GetReason(error)}. Check the server, and that it uses this transport and protocol{GetTlsAdvice(endpoint)}.";

    private static string GetUnreadable(Exception error, ThriftEndpoint endpoint, string moreAdvice = "")
        => $"The reply from {endpoint} cannot be read: {GetReason(error)}. Check the server, and that it uses this transport and protocol{GetTlsAdvice(endpoint)}{moreAdvice}.";

    /// <summary>
    /// A server that requires TLS closes the connection, or sends a TLS alert, which is not a Thrift message.
    /// </summary>
    private static string GetTlsAdvice(ThriftEndpoint endpoint) => endpoint is { Kind: EndpointKind.Tcp, Tls: null } ? ", without TLS" : "";

    private static string GetReason(Exception error) => error.Message.Length > 0 ? error.Message.TrimEnd('.') : error.GetType().Name;
}
