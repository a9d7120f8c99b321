using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>One way to speak Thrift, on both sides of the wire.</summary>
public sealed record Speech(ThriftTransport Transport, ThriftProtocol Protocol)
{
    public static Speech Default { get; } = new(ThriftTransport.Buffered, ThriftProtocol.Binary);

    /// <summary>Every combination, as theory data.</summary>
    public static TheoryData<ThriftTransport, ThriftProtocol> All { get; } = new(
        from transport in Enum.GetValues<ThriftTransport>()
        from protocol in Enum.GetValues<ThriftProtocol>()
        select (transport, protocol));

    /// <summary>Those that write a message in one piece, so that a <see cref="FaultyFront"/> can tell where it ends.</summary>
    public static TheoryData<ThriftTransport, ThriftProtocol> InOnePiece { get; } = new(
        from transport in new[] { ThriftTransport.Buffered, ThriftTransport.Framed }
        from protocol in Enum.GetValues<ThriftProtocol>()
        select (transport, protocol));

    public TTransportFactory TransportFactory => Transport switch
    {
        ThriftTransport.Framed => new TFramedTransport.Factory(),
        ThriftTransport.Raw => new TTransportFactory(),
        _ => new TBufferedTransport.Factory(),
    };

    public TProtocolFactory ProtocolFactory => Protocol switch
    {
        ThriftProtocol.Compact => new TCompactProtocol.Factory(),
        ThriftProtocol.Json => new TJsonProtocol.Factory(),
        _ => new TBinaryProtocol.Factory(),
    };

    public ThriftEndpoint At(int port) => new("127.0.0.1", port) { Transport = Transport, Protocol = Protocol };
}
