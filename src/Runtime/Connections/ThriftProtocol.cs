namespace ThriftBreaker;

/// <summary>
/// Specifies how values are encoded in messages. Client and server must use the same protocol; otherwise calls fail or
/// time out.
/// </summary>
public enum ThriftProtocol
{
    /// <summary>Thrift's binary protocol, the default of most servers.</summary>
    Binary = 0,

    /// <summary>Thrift's compact protocol, with smaller messages.</summary>
    Compact = 1,

    /// <summary>Thrift's JSON protocol.</summary>
    Json = 2,
}
