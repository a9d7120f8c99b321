namespace ThriftBreaker.Hosting.Clients;

/// <summary>What code has said of one client, before there is a container.</summary>
internal sealed class ClientRegistration(string name, Type service, ThriftEndpoint[] endpoints)
{
    public string Name => name;

    /// <summary>The interface that the client guards.</summary>
    public Type Service => service;

    /// <summary>Those that code names; none where configuration does, or <see cref="Source"/>.</summary>
    public IReadOnlyList<ThriftEndpoint> Endpoints => endpoints;

    /// <summary>Makes the source that names the servers; it is told how the configuration wants them spoken to.</summary>
    public Func<IServiceProvider, Func<ThriftEndpoint, ThriftEndpoint>, IEndpointSource>? Source { get; set; }

    /// <summary>What names the endpoints and says itself how they are spoken to, as messages name it; null where the configuration is asked.</summary>
    public string? Speaker => Source is null ? (endpoints.Length > 0 ? "AddThriftClient" : null) : SourceSpeaks ? "UseEndpoints" : null;

    /// <summary>Whether the <see cref="Source"/> does not want to be told how the servers are spoken to.</summary>
    public bool SourceSpeaks { get; set; }

    /// <summary>Makes what stands around the client.</summary>
    public Func<IServiceProvider, ICallPipeline>? Pipeline { get; set; }

    /// <summary>Makes what answers the calls that are rejected; null where nothing does.</summary>
    public Func<IServiceProvider, object>? Fallback { get; set; }

    /// <summary>Changes to the settings of the circuits, in the order in which they were asked for.</summary>
    public List<Func<CircuitBreakerOptions, CircuitBreakerOptions>> Circuits { get; } = [];

    /// <summary>Changes to the settings of the channel.</summary>
    public List<Func<ThriftChannelOptions, ThriftChannelOptions>> Channel { get; } = [];
}
