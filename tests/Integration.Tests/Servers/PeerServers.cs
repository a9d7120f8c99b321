using System.Collections.Concurrent;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>Specifies the library and language of a server.</summary>
public enum Peer
{
    /// <summary>ApacheThrift in C#.</summary>
    CSharp,

    /// <summary>Apache Thrift in Python.</summary>
    Python,

    /// <summary>Apache Thrift in JavaScript.</summary>
    Node,

    /// <summary>ThriftPy in Python, the library of the original.</summary>
    ThriftPy,

    /// <summary>Apache Thrift in C++.</summary>
    Cpp,

    /// <summary>Apache Thrift in Java.</summary>
    Java,
}

/// <summary>Calculators of other libraries and languages, each in one process for all tests.</summary>
public sealed class PeerServers : IAsyncLifetime
{
    private readonly ConcurrentDictionary<(Peer Peer, WireFormat WireFormat), Task<PeerProcess>> _running = new();

    /// <summary>Gets the wire formats that the library supports.</summary>
    public static IEnumerable<WireFormat> GetWireFormats(Peer peer)
        => from transport in new[] { ThriftTransport.Buffered, ThriftTransport.Framed, ThriftTransport.Raw }
           where transport != ThriftTransport.Raw || peer is Peer.CSharp or Peer.Python or Peer.Cpp
           from protocol in new[] { ThriftProtocol.Binary, ThriftProtocol.Compact, ThriftProtocol.Json }
           where protocol == ThriftProtocol.Binary || peer != Peer.ThriftPy
           select new WireFormat(transport, protocol);

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _running.Values.Where(static server => server.IsCompletedSuccessfully))
        {
            await (await server).DisposeAsync();
        }
    }

    internal Task<PeerProcess> GetAsync(Peer peer, WireFormat wireFormat) => _running.GetOrAdd((peer, wireFormat), static key => ExternalPrograms.StartCalculatorAsync(key.Peer, key.WireFormat));

    /// <summary>Replaces a server that was killed.</summary>
    internal async Task RestartAsync(Peer peer, WireFormat wireFormat, int port) => _running[(peer, wireFormat)] = Task.FromResult(await ExternalPrograms.StartCalculatorAsync(peer, wireFormat, port));
}
