namespace ThriftBreaker;

/// <summary>How values are written into messages. Client and server must agree; where they do not, calls fail or time out.</summary>
public enum ThriftProtocol
{
    /// <summary>Thrift's binary protocol. The default of most servers.</summary>
    Binary = 0,

    /// <summary>Thrift's compact protocol: smaller messages.</summary>
    Compact = 1,

    /// <summary>Thrift's JSON protocol.</summary>
    Json = 2,
}
