using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>
/// Says of a reply that did not come, or cannot be read, whose it is and what to check. Thrift's own messages name neither, and its
/// protocols meet bytes that they did not expect with whatever exception comes of it.
/// </summary>
internal static class ReplyErrors
{
    /// <summary>The same error with more to it; null where there is nothing to add.</summary>
    /// <param name="error">What the call ended with.</param>
    /// <param name="endpoint">The server.</param>
    /// <param name="hasBegun">Whether bytes of the reply have come.</param>
    public static Exception? Explain(Exception error, ThriftEndpoint endpoint, bool hasBegun) => error switch
    {
        // The channel's own end, and HTTP, which has said it all.
        OperationCanceledException or TimeoutException or ObjectDisposedException or { InnerException: ObjectDisposedException or HttpRequestException } => null,

        TTransportException { Type: TTransportException.ExceptionType.MessageSizeLimit } tooLong
            => new TTransportException(tooLong.Type, Broken(tooLong, endpoint, "; if it does, and may send as much, raise MaxMessageSize"), tooLong),
        TTransportException transport => new TTransportException(transport.Type, hasBegun ? Broken(transport, endpoint) : Missing(transport, endpoint), transport),

        // With the socket's error inside, where it is looked for.
        IOException connection when connection.GetType() == typeof(IOException)
            => new IOException(hasBegun ? Broken(connection, endpoint) : Missing(connection, endpoint), connection.InnerException ?? connection),

        // What was thrown before is about the request.
        _ when !hasBegun => null,
        TProtocolException protocol => new TProtocolException(protocol.GetExceptionType(), Broken(protocol, endpoint), protocol),

        // ArgumentOutOfRangeException for a negative length, OverflowException for a number, and more.
        _ => new TProtocolException(TProtocolException.INVALID_DATA, Broken(error, endpoint), error),
    };

    private static string Missing(Exception error, ThriftEndpoint endpoint)
        => $"No reply from {endpoint}: {Reason(error)}. Check the server, and that it speaks this transport and protocol{Plainly(endpoint)}.";

    private static string Broken(Exception error, ThriftEndpoint endpoint, string also = "")
        => $"The reply from {endpoint} cannot be read: {Reason(error)}. Check the server, and that it speaks this transport and protocol{Plainly(endpoint)}{also}.";

    /// <summary>A server that wants TLS hangs up, or sends an alert that is no Thrift.</summary>
    private static string Plainly(ThriftEndpoint endpoint) => endpoint is { Kind: EndpointKind.Tcp, Tls: null } ? ", without TLS" : "";

    private static string Reason(Exception error) => error.Message.Length > 0 ? error.Message.TrimEnd('.') : error.GetType().Name;
}
