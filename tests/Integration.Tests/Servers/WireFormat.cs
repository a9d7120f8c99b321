using Thrift;
using Thrift.Protocol;
using Thrift.Protocol.Entities;
using Thrift.Protocol.Utilities;
using Thrift.Transport;
using Thrift.Transport.Client;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>One way to speak Thrift, on both sides of the wire.</summary>
public sealed record WireFormat(ThriftTransport Transport, ThriftProtocol Protocol)
{
    public static WireFormat Default { get; } = new(ThriftTransport.Buffered, ThriftProtocol.Binary);

    /// <summary>Every combination, as theory data.</summary>
    public static TheoryData<ThriftTransport, ThriftProtocol> All { get; } = new(
        from transport in Enum.GetValues<ThriftTransport>()
        from protocol in Enum.GetValues<ThriftProtocol>()
        select (transport, protocol));

    /// <summary>Those that write a message in one piece, so that a <see cref="FaultInjectionProxy"/> can tell where it ends.</summary>
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

    /// <summary>What a server must speak whose answers come in one piece: unbuffered messages are the same bytes as buffered ones.</summary>
    public WireFormat WithAnswersInOnePiece => Transport == ThriftTransport.Raw ? this with { Transport = ThriftTransport.Buffered } : this;

    /// <summary>Whether these bytes are whole messages, one or more, and not the beginning of another.</summary>
    public async Task<bool> IsWholeAsync(ReadOnlyMemory<byte> messages)
    {
        using var bytes = new TMemoryBufferTransport(messages.ToArray(), new TConfiguration());
        using var transport = TransportFactory.GetTransport(bytes);
        using var protocol = ProtocolFactory.GetProtocol(transport);
        try
        {
            do
            {
                await protocol.ReadMessageBeginAsync();
                await TProtocolUtil.SkipAsync(protocol, TType.Struct, CancellationToken.None);
                await protocol.ReadMessageEndAsync();
            }
            while (bytes.Position < bytes.Length);
            return true;
        }
        catch (TException)
        {
            // Whatever comes of it that the bytes end within the message.
            return false;
        }
    }

    public ThriftEndpoint At(int port) => new("127.0.0.1", port) { Transport = Transport, Protocol = Protocol };
}
