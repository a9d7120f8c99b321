namespace ThriftBreaker.Hosting;

/// <summary>One client of the host: what guards it, and over what it speaks. Thread-safe.</summary>
public abstract class ThriftClientInfo
{
    private protected ThriftClientInfo(string name, Type service, ThriftChannel channel) => (Name, ServiceType, Channel) = (name, service, channel);

    /// <summary>The client's name.</summary>
    public string Name { get; }

    /// <summary>The interface that the client guards.</summary>
    public Type ServiceType { get; }

    /// <summary>The client's connections; where it has several endpoints, <see cref="ThriftChannel.Endpoints"/> has their circuits.</summary>
    public ThriftChannel Channel { get; }

    /// <summary>The circuit of the service; null where each method has its own.</summary>
    public abstract CircuitBreaker? CircuitBreaker { get; }

    /// <summary>The client's circuits: that of the service, those of single methods, or both.</summary>
    public abstract IReadOnlyList<CircuitBreaker> CircuitBreakers { get; }
}
