namespace ThriftBreaker.Hosting.Clients;

/// <summary>
/// Represents what code has registered for one client. It belongs to the service collection, and holds no state of a
/// container.
/// </summary>
/// <param name="name">The name of the client.</param>
/// <param name="service">The interface of the service.</param>
/// <param name="attributeOptions">The settings of the service's attribute.</param>
/// <param name="endpoints">
/// The endpoints that code names; empty where the configuration or <see cref="Source"/> provides them.
/// </param>
internal sealed class ClientRegistration(string name, Type service, CircuitBreakerOptions attributeOptions, ThriftEndpoint[] endpoints)
{
    public string Name => name;

    public Type Service => service;

    public IReadOnlyList<ThriftEndpoint> Endpoints => endpoints;

    /// <summary>
    /// Creates the source of the endpoints. Its second argument applies the transport and protocol of the options to an
    /// endpoint.
    /// </summary>
    public Func<IServiceProvider, Func<ThriftEndpoint, ThriftEndpoint>, IEndpointSource>? Source { get; set; }

    /// <summary>Whether the <see cref="Source"/> ignores the transport and protocol of the options.</summary>
    public bool SourceSetsTransport { get; set; }

    /// <summary>
    /// Gets the method that names the endpoints with their transport and protocol in code, for messages; null where the
    /// configuration sets them.
    /// </summary>
    public string? EndpointsNamedBy => Source is not null
        ? (SourceSetsTransport ? "UseEndpoints" : null)
        : (endpoints.Length > 0 ? "AddThriftClient" : null);

    /// <summary>Creates the pipeline around the client; null where there is none.</summary>
    public Func<IServiceProvider, ICallPipeline>? Pipeline { get; set; }

    /// <summary>Creates the fallback for rejected calls; null where there is none.</summary>
    public Func<IServiceProvider, object>? Fallback { get; set; }

    /// <summary>Gets the implementation of the service that the container injects.</summary>
    public required Func<IServiceProvider, object?> GetService { get; init; }

    /// <summary>Creates options with the settings of the attribute, before configuration and code.</summary>
    /// <remarks>
    /// The circuit breakers of the endpoints have the client's name, since two clients may have the same servers.
    /// </remarks>
    public ThriftClientOptions CreateOptions(TimeProvider timeProvider)
    {
        var channel = new ThriftChannelOptions { TimeProvider = timeProvider };
        return new ThriftClientOptions(
            attributeOptions with { Name = name, TimeProvider = timeProvider },
            channel with { EndpointCircuitBreaker = channel.EndpointCircuitBreaker with { Name = $"{name} {channel.EndpointCircuitBreaker.Name}" } });
    }
}
