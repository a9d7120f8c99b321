namespace ThriftBreaker.Hosting;

/// <summary>Represents a client of the host, with its circuit breakers and its channel. Thread-safe.</summary>
public abstract class ThriftClientInfo
{
    private protected ThriftClientInfo(string name, Type service, ThriftChannel channel) => (Name, ServiceType, Channel) = (name, service, channel);

    /// <summary>Gets the client's name.</summary>
    public string Name { get; }

    /// <summary>Gets the interface of the service.</summary>
    public Type ServiceType { get; }

    /// <summary>
    /// Gets the client's connections. Where it has several endpoints, <see cref="ThriftChannel.Endpoints"/> has their
    /// circuit breakers.
    /// </summary>
    public ThriftChannel Channel { get; }

    /// <summary>Gets the circuit breaker of the service; null where each method has its own.</summary>
    public abstract CircuitBreaker? CircuitBreaker { get; }

    /// <summary>Gets the client's circuit breakers: that of the service, those of single methods, or both.</summary>
    public abstract IReadOnlyList<CircuitBreaker> CircuitBreakers { get; }
}
