using System.Collections.Concurrent;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>Whose server it is.</summary>
public enum Peer
{
    /// <summary>ApacheThrift's own, in C#.</summary>
    CSharp,

    /// <summary>Apache Thrift's, in Python.</summary>
    Python,

    /// <summary>Apache Thrift's, in JavaScript.</summary>
    Node,

    /// <summary>ThriftPy, the library of the original.</summary>
    ThriftPy,
}

/// <summary>Calculators of other libraries and languages, each in a process that is started once for all tests.</summary>
public sealed class Peers : IAsyncLifetime
{
    private readonly ConcurrentDictionary<(Peer Peer, WireFormat WireFormat), Task<PeerProcess>> _running = new();

    /// <summary>How it can speak.</summary>
    public static IEnumerable<WireFormat> SpeechesOf(Peer peer)
        => from transport in new[] { ThriftTransport.Buffered, ThriftTransport.Framed, ThriftTransport.Raw }
           where transport != ThriftTransport.Raw || peer is Peer.CSharp or Peer.Python
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

    internal Task<PeerProcess> GetAsync(Peer peer, WireFormat wireFormat) => _running.GetOrAdd((peer, wireFormat), static key => Tools.StartCalculatorAsync(key.Peer, key.WireFormat));

    /// <summary>One in the place of one that was killed.</summary>
    internal async Task StartAgainAsync(Peer peer, WireFormat wireFormat, int port) => _running[(peer, wireFormat)] = Task.FromResult(await Tools.StartCalculatorAsync(peer, wireFormat, port));
}
