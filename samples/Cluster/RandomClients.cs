using Circuit.Example;
using ThriftBreaker;

namespace Cluster;

/// <summary>Calls a random server for each call, without circuit breakers: the comparison for the channel.</summary>
internal sealed class RandomClients(IEnumerable<ThriftEndpoint> endpoints, ThriftChannelOptions options) : MyService.IAsync, IAsyncDisposable
{
    private readonly MyService.ChannelClient[] _clients = [.. endpoints.Select(endpoint => new MyService.ChannelClient(new ThriftChannel(endpoint, options)))];

#pragma warning disable CA5394 // The choice needs no cryptographic security.
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
