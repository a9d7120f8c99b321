namespace ThriftBreaker.Hosting;

/// <summary>
/// Represents the settings of one Thrift client. They are named options; their name is the name of the client:
/// <c>services.Configure&lt;ThriftClientOptions>("orders", options => options.CircuitBreaker.FailMax = 5)</c>.
/// </summary>
/// <remarks>
/// <para>
/// The values come from these sources, and a later source overrides an earlier one: the attribute of the service; the
/// configuration section <c>ThriftBreaker:orders</c>; <c>Configure</c>, in the order of registration;
/// <c>PostConfigure</c>.
/// </para>
/// <para>
/// The host validates the options when it starts. A change of the configuration creates them again, and the circuit
/// breakers use the new values for the next call. The connections keep the values that the client was created with.
/// </para>
/// <para>Not thread-safe. The client does not see changes of the instance that it was created from.</para>
/// </remarks>
public sealed class ThriftClientOptions
{
    /// <summary>An endpoint for which every transport, protocol, service name and TLS setting is valid.</summary>
    private static readonly ThriftEndpoint AnyEndpoint = new("localhost", 9090);

    /// <summary>Initializes the options with the default values, without a service attribute.</summary>
    public ThriftClientOptions()
        : this(new CircuitBreakerOptions(), new ThriftChannelOptions())
    {
    }

    internal ThriftClientOptions(CircuitBreakerOptions circuitBreaker, ThriftChannelOptions channel)
    {
        CircuitBreaker = new ThriftClientCircuitBreakerOptions(circuitBreaker);
        Methods = new ThriftClientMethodsOptions(CircuitBreaker);
        Channel = new ThriftClientChannelOptions(channel);
        EndpointCircuitBreaker = new ThriftClientCircuitBreakerOptions(channel.EndpointCircuitBreaker);
    }

    /// <summary>
    /// Gets the servers. The configuration adds those of its section unless code passes endpoints to
    /// <c>AddThriftClient</c>. The list is not used where <c>UseEndpoints</c> or <c>UseServiceDiscovery</c> provides
    /// the servers.
    /// </summary>
    public IList<ThriftEndpoint> Endpoints { get; } = [];

    /// <summary>Gets or sets the transport of all endpoints; default null: each endpoint keeps its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enum.</exception>
    public ThriftTransport? Transport
    {
        get;
        set => field = value is { } transport ? (AnyEndpoint with { Transport = transport }).Transport : null;
    }

    /// <summary>Gets or sets the protocol of all endpoints; default null: each endpoint keeps its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enum.</exception>
    public ThriftProtocol? Protocol
    {
        get;
        set => field = value is { } protocol ? (AnyEndpoint with { Protocol = protocol }).Protocol : null;
    }

    /// <summary>
    /// Gets or sets the name of the service on a multiplexed server, for all endpoints; default null: each endpoint
    /// keeps its own.
    /// </summary>
    /// <exception cref="ArgumentException">The value is blank or contains a colon.</exception>
    public string? Service
    {
        get;
        set => field = (AnyEndpoint with { Service = value }).Service;
    }

    /// <summary>
    /// Gets or sets how the connections to all endpoints are encrypted; default null: each endpoint keeps its own
    /// setting. In the configuration, <c>Tls</c> is true or false.
    /// </summary>
    public ThriftTlsOptions? Tls { get; set; }

    /// <summary>Gets the settings of the connections.</summary>
    public ThriftClientChannelOptions Channel { get; }

    /// <summary>
    /// Gets the settings of the service's circuit breaker. An assignment also applies to the circuit breakers of single
    /// methods; a later assignment to <see cref="Methods"/> overrides it.
    /// </summary>
    public ThriftClientCircuitBreakerOptions CircuitBreaker { get; }

    /// <summary>
    /// Gets the settings of the methods that have their own circuit breaker, by the name of the method.
    /// </summary>
    public ThriftClientMethodsOptions Methods { get; }

    /// <summary>
    /// Gets the settings of the circuit breaker that each endpoint has where the client has several endpoints.
    /// </summary>
    public ThriftClientCircuitBreakerOptions EndpointCircuitBreaker { get; }

    /// <summary>Gets the settings for the constructor of the channel.</summary>
    internal ThriftChannelOptions GetChannelOptions() => Channel.Value with { EndpointCircuitBreaker = EndpointCircuitBreaker.Value };

    /// <summary>
    /// Gets the endpoint with the transport, protocol, service name and TLS setting of these options.
    /// </summary>
    /// <exception cref="ArgumentException">The endpoint does not support one of them.</exception>
    internal ThriftEndpoint ApplyEndpointDefaults(ThriftEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        endpoint = Transport is { } transport ? endpoint with { Transport = transport } : endpoint;
        endpoint = Protocol is { } protocol ? endpoint with { Protocol = protocol } : endpoint;
        endpoint = Service is { } service ? endpoint with { Service = service } : endpoint;
        return Tls is { } tls ? endpoint with { Tls = tls } : endpoint;
    }
}
