using Thrift;
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
    /// <param name="transport">The transport of the call.</param>
    public static Exception? AddContext(Exception error, ThriftEndpoint endpoint, CallTransport transport) => error switch
    {
        // The shutdown of the channel, and HTTP errors, whose messages are complete.
        OperationCanceledException or TimeoutException or ObjectDisposedException or { InnerException: ObjectDisposedException or HttpRequestException } => null,

        TTransportException { Type: TTransportException.ExceptionType.MessageSizeLimit } oversized when transport.ReplyDescription is null
            => new TTransportException(oversized.Type, GetUnreadable(oversized, endpoint, transport, "; if it does, and is allowed to send as much, raise MaxMessageSize"), oversized),
        TTransportException broken => new TTransportException(broken.Type, GetMessage(broken, endpoint, transport), broken),

        // With the socket's exception inside, where callers look for it.
        IOException connection when connection.GetType() == typeof(IOException)
            => new IOException(GetMessage(connection, endpoint, transport), connection.InnerException ?? connection),

        // Other exceptions before the reply are about the request.
        _ when !transport.HasReceivedReply => null,
        TProtocolException protocol => new TProtocolException(protocol.GetExceptionType(), GetUnreadable(protocol, endpoint, transport), protocol),

        // ArgumentOutOfRangeException for a negative length, OverflowException for a number, and more.
        _ => new TProtocolException(TProtocolException.INVALID_DATA, GetUnreadable(error, endpoint, transport), error),
    };

    /// <summary>
    /// Creates the exception for a complete reply without a result. Thrift's message for it, which its client creates
    /// itself, is "unknown result".
    /// </summary>
    public static TApplicationException CreateMissingResult(TApplicationException missing, ThriftEndpoint endpoint) => new(
        missing.Type,
        $"{missing.Message.TrimEnd('.')}. The reply from {endpoint} has neither a result nor a declared exception. Check that the method returns no null, and that the server uses the same contract.");

    private static string GetMessage(Exception error, ThriftEndpoint endpoint, CallTransport transport)
        => transport.HasReceivedReply ? GetUnreadable(error, endpoint, transport) : GetMissing(error, endpoint);

    private static string GetMissing(Exception error, ThriftEndpoint endpoint)
        => $"No reply from {endpoint}: {FailureReason.Get(error)}. Check the server, and that it uses this transport and protocol{GetTlsAdvice(endpoint)}.";

    private static string GetUnreadable(Exception error, ThriftEndpoint endpoint, CallTransport transport, string moreAdvice = "")
    {
        var description = transport.ReplyDescription is { Length: > 0 } sentence ? $" {sentence}" : "";
        return $"The reply from {endpoint} cannot be read: {FailureReason.Get(error)}. Check the server, and that it uses this transport and protocol{GetTlsAdvice(endpoint)}{moreAdvice}.{description}";
    }

    /// <summary>
    /// A server that requires TLS closes the connection, or sends a TLS alert, which is not a Thrift message.
    /// </summary>
    private static string GetTlsAdvice(ThriftEndpoint endpoint) => endpoint is { Kind: EndpointKind.Tcp, Tls: null } ? ", without TLS" : "";
}
