using System.Collections.Concurrent;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Holds the circuit breakers of the clients that the container has created. Thread-safe.</summary>
internal sealed class CreatedCircuitBreakers
{
    private readonly ConcurrentDictionary<string, ClientCircuitBreakers> _clients = new(StringComparer.Ordinal);

    public void Add(string client, ClientCircuitBreakers circuitBreakers) => _clients[client] = circuitBreakers;

    public ClientCircuitBreakers? Find(string client) => _clients.GetValueOrDefault(client);
}
