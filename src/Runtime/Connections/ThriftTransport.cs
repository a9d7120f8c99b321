namespace ThriftBreaker;

/// <summary>How messages are laid on the wire. Client and server must agree; where they do not, calls fail or time out.</summary>
public enum ThriftTransport
{
    /// <summary>One after the other, written and read through a buffer. The default of most servers.</summary>
    Buffered = 0,

    /// <summary>Each with its length before it. What non-blocking servers expect.</summary>
    Framed = 1,

    /// <summary>As <see cref="Buffered"/>, but without a buffer: each value is sent by itself. Slower; for a server that wants it so.</summary>
    Raw = 2,
}
