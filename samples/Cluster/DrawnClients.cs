using Circuit.Example;
using ThriftBreaker;

namespace Cluster;

/// <summary>What one would write by hand: a client for each server, and the random say who gets the call.</summary>
internal sealed class DrawnClients(IEnumerable<ThriftEndpoint> endpoints, ThriftChannelOptions options) : MyService.IAsync, IAsyncDisposable
{
    private readonly MyService.ChannelClient[] _clients = [.. endpoints.Select(endpoint => new MyService.ChannelClient(new ThriftChannel(endpoint, options)))];

#pragma warning disable CA5394 // No secret hangs on it.
    public Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default)
        => _clients[Random.Shared.Next(_clients.Length)].doSomething(request, cancellationToken);
#pragma warning restore CA5394

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }
    }
}
