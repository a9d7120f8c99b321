using Circuit.Example;
using ThriftBreaker;

namespace Cluster;

/// <summary>Calls a random server for each call, without circuit breakers: the comparison for the channel.</summary>
internal sealed class RandomClients(IEnumerable<ThriftEndpoint> endpoints, ThriftChannelOptions options) : MyService.IAsync, IAsyncDisposable
{
    private readonly MyService.CircuitBreakerClient[] _clients = [.. endpoints.Select(endpoint => MyService.CircuitBreakerClient.Connect(endpoint, options, Disabled()))];

#pragma warning disable CA5394 // The choice needs no cryptographic security.
    public Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default)
        => _clients[Random.Shared.Next(_clients.Length)].doSomething(request, cancellationToken);
#pragma warning restore CA5394

    private static CircuitBreaker Disabled() => new(new CircuitBreakerOptions { Mode = CircuitMode.Disabled });

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }
    }
}
