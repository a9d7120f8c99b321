using Thrift;
using Thrift.Protocol;
using Thrift.Protocol.Entities;
using Thrift.Protocol.Utilities;
using Thrift.Transport;
using Thrift.Transport.Client;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>A transport and a protocol, for client and server.</summary>
public sealed record WireFormat(ThriftTransport Transport, ThriftProtocol Protocol)
{
    public static WireFormat Default { get; } = new(ThriftTransport.Buffered, ThriftProtocol.Binary);

    /// <summary>Gets every combination as theory data.</summary>
    public static TheoryData<ThriftTransport, ThriftProtocol> All { get; } = new(
        from transport in Enum.GetValues<ThriftTransport>()
        from protocol in Enum.GetValues<ThriftProtocol>()
        select (transport, protocol));

    /// <summary>
    /// Gets the combinations that send a message in a single write, so that a <see cref="FaultInjectionProxy"/> detects
    /// its end.
    /// </summary>
    public static TheoryData<ThriftTransport, ThriftProtocol> SingleWrite { get; } = new(
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

    /// <summary>
    /// Gets the equivalent format whose replies are sent in a single write: unbuffered messages are the same bytes as
    /// buffered ones.
    /// </summary>
    public WireFormat WithSingleWriteReplies => Transport == ThriftTransport.Raw ? this with { Transport = ThriftTransport.Buffered } : this;

    /// <summary>Returns whether the bytes are one or more complete messages.</summary>
    public async Task<bool> IsCompleteAsync(ReadOnlyMemory<byte> messages)
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
            // The bytes end within a message.
            return false;
        }
    }

    public ThriftEndpoint At(int port) => new("127.0.0.1", port) { Transport = Transport, Protocol = Protocol };
}
