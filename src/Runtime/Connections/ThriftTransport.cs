namespace ThriftBreaker;

/// <summary>
/// Specifies how messages are sent over a connection. Client and server must use the same transport; otherwise calls
/// fail or time out.
/// </summary>
public enum ThriftTransport
{
    /// <summary>
    /// Messages without a length prefix. The default of most servers.
    /// </summary>
    Buffered = 0,

    /// <summary>Messages with a length prefix, which non-blocking servers require.</summary>
    Framed = 1,

    /// <summary>
    /// The same bytes as <see cref="Buffered"/>, for servers that write each value separately. The client treats both
    /// alike.
    /// </summary>
    Raw = 2,
}
