using System.Net;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using Thrift.Transport.Client;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Peers.Cross;

/// <summary>A port of a server of the cross test.</summary>
/// <param name="Transport">Buffered or framed; null for HTTP.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="IsMultiplexed">Whether it serves both services.</param>
/// <param name="Port">The port on loopback.</param>
internal sealed record CrossServer(ThriftTransport? Transport, ThriftProtocol Protocol, bool IsMultiplexed, int Port)
{
    private static readonly ThriftTransport?[] Transports = [ThriftTransport.Buffered, ThriftTransport.Framed, null];

    private Uri Address => new($"http://127.0.0.1:{Port}/");

    /// <summary>Returns the ports of a process in the order in which it prints them.</summary>
    public static CrossServer[] ReadPorts(PeerProcess process)
    {
        var servers =
            from transport in Transports
            from protocol in Enum.GetValues<ThriftProtocol>()
            from services in Enumerable.Range(1, 2)
            select (transport, protocol, isMultiplexed: services == 2);
        Assert.Equal(servers.Count(), process.Ports.Count);
        return [.. servers.Zip(process.Ports, static (server, port) => new CrossServer(server.transport, server.protocol, server.isMultiplexed, port))];
    }

    public ThriftEndpoint GetEndpoint(HttpClient http) => Transport is { } transport
        ? new WireFormat(transport, Protocol).At(Port)
        : ThriftEndpoint.Http(Address, http) with { Protocol = Protocol };

    /// <summary>Connects ApacheThrift's own transports and protocols.</summary>
    public async Task<TProtocol> ConnectBareAsync(CancellationToken cancellationToken)
    {
        var configuration = new TConfiguration();
        var wireFormat = new WireFormat(Transport ?? ThriftTransport.Raw, Protocol);
        var protocol = wireFormat.ProtocolFactory.GetProtocol(wireFormat.TransportFactory.GetTransport(
            Transport is null ? new THttpTransport(Address, configuration) : new TSocketTransport(IPAddress.Loopback, Port, configuration)));
        await protocol.Transport.OpenAsync(cancellationToken);
        return protocol;
    }

    public override string ToString() => $"{Transport?.ToString() ?? "HTTP"}, {Protocol}{(IsMultiplexed ? ", multiplexed" : "")}";
}
