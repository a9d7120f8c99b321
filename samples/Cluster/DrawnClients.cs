using Circuit.Example;
using ThriftBreaker;

namespace Cluster;

/// <summary>Uses a client for each server, without a circuit breaker, and chooses one at random for each call.</summary>
internal sealed class DrawnClients(IEnumerable<ThriftEndpoint> endpoints, ThriftChannelOptions options) : MyService.IAsync, IAsyncDisposable
{
    private readonly MyService.CircuitBreakerClient[] _clients = [.. endpoints.Select(endpoint => MyService.CircuitBreakerClient.Connect(endpoint, options, Disabled()))];

#pragma warning disable CA5394 // No secret hangs on it.
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
