namespace ThriftBreaker;

/// <summary>
/// Represents pooled connections to one server, or to several servers of the same service. Thread-safe. Create one
/// channel and keep it for the lifetime of the application.
/// </summary>
/// <remarks>
/// <para>
/// A channel opens no connection before the first call. Opening a connection is part of the call, and its failure is a
/// failure of the call.
/// </para>
/// <para>
/// A connection is released to the pool only after the call has read a complete reply. After any other failure, a
/// timeout or a cancellation, the connection is discarded: the Thrift client does not check which request a reply
/// answers, so the next call would return the reply of the previous one.
/// </para>
/// <para>
/// With several endpoints, each endpoint has connections and a circuit breaker
/// (<see cref="ThriftChannelOptions.EndpointCircuitBreaker"/>). The channel draws two endpoints whose circuits are not
/// open at random and selects the one with fewer in-flight calls. Calls in flight at an endpoint that recently was more
/// than twice as slow as the other count as many times more. Each call is sent once: its exception reaches the caller.
/// </para>
/// </remarks>
public sealed class ThriftChannel : IAsyncDisposable, IDisposable
{
    private readonly ThriftChannelOptions _options;
    private readonly EndpointSourceReader? _sourceReader;

    /// <summary>Initializes a new channel to one server, with the default settings.</summary>
    /// <param name="endpoint">The server.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endpoint"/> is null.</exception>
    public ThriftChannel(ThriftEndpoint endpoint)
        : this(endpoint, new ThriftChannelOptions())
    {
    }

    /// <summary>Initializes a new channel to one server.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// Two settings contradict each other, or one contradicts the endpoint.
    /// </exception>
    public ThriftChannel(ThriftEndpoint endpoint, ThriftChannelOptions options)
        : this(options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        SingleEndpoint = new EndpointConnections(endpoint, options);
    }

    /// <summary>Initializes a new channel to several servers, with the default settings.</summary>
    /// <param name="endpoints">The servers. One that is given twice counts once.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="endpoints"/> is empty or contains null.</exception>
    public ThriftChannel(IEnumerable<ThriftEndpoint> endpoints)
        : this(endpoints, new ThriftChannelOptions())
    {
    }

    /// <summary>Initializes a new channel to several servers.</summary>
    /// <param name="endpoints">The servers. One that is given twice counts once.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="endpoints"/> is empty or contains null; or two settings contradict each other, or one
    /// contradicts an endpoint.
    /// </exception>
    public ThriftChannel(IEnumerable<ThriftEndpoint> endpoints, ThriftChannelOptions options)
        : this(options)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        LoadBalancer = new LoadBalancer(options);
        LoadBalancer.Update([.. endpoints]);
    }

    /// <summary>
    /// Initializes a new channel to servers that can change, with the default settings. The first call starts the
    /// source.
    /// </summary>
    /// <param name="source">Provides the servers.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public ThriftChannel(IEndpointSource source)
        : this(source, new ThriftChannelOptions())
    {
    }

    /// <summary>Initializes a new channel to servers that can change. The first call starts the source.</summary>
    /// <param name="source">Provides the servers.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">Two settings contradict each other.</exception>
    public ThriftChannel(IEndpointSource source, ThriftChannelOptions options)
        : this(options)
    {
        ArgumentNullException.ThrowIfNull(source);
        LoadBalancer.ThrowIfContradictory(options);
        LoadBalancer = new LoadBalancer(options);
        _sourceReader = new EndpointSourceReader(source, LoadBalancer, options);
    }

    private ThriftChannel(ThriftChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>
    /// Gets the server; null for a channel with several servers, which are in <see cref="Endpoints"/>.
    /// </summary>
    public ThriftEndpoint? Endpoint => SingleEndpoint?.Endpoint;

    /// <summary>
    /// Gets a snapshot of the servers between which the channel selects, each with its circuit breaker. Empty for a
    /// channel to one endpoint, and until the source has provided its first list.
    /// </summary>
    public IReadOnlyList<ChannelEndpoint> Endpoints => LoadBalancer?.Endpoints ?? [];

    /// <summary>
    /// Gets the last exception of the endpoint source; null while the source works, and for a channel without one.
    /// After a failure, the last list stays in use until the source provides another.
    /// </summary>
    public Exception? SourceException => _sourceReader?.Failure;

    /// <summary>Gets the settings.</summary>
    public ThriftChannelOptions Options => LoadBalancer?.Options ?? _options;

    /// <summary>Gets the connections of a channel to one endpoint; null for a channel with several.</summary>
    internal EndpointConnections? SingleEndpoint { get; }

    /// <summary>Gets the endpoints of a channel with several; null for a channel to one.</summary>
    internal LoadBalancer? LoadBalancer { get; }

    /// <summary>
    /// Changes the settings of the circuit breakers of all current and future endpoints, from the next call on.
    /// Existing circuit breakers keep their states and modes. Has no effect on a channel to one endpoint, which has no
    /// circuit breaker. Thread-safe.
    /// </summary>
    /// <param name="options">
    /// The new settings, best from <c>channel.Options.EndpointCircuitBreaker with { … }</c>.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Two settings contradict each other, the name differs from the current one, or the probe timeout is shorter than
    /// a call can take. No setting is changed.
    /// </exception>
    public void UpdateEndpointCircuitBreakerOptions(CircuitBreakerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        LoadBalancer?.UpdateCircuitBreakerOptions(options);
    }

    /// <summary>
    /// Throws what <see cref="UpdateEndpointCircuitBreakerOptions"/> would throw, and changes nothing. Thread-safe.
    /// </summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">As for <see cref="UpdateEndpointCircuitBreakerOptions"/>.</exception>
    public void ValidateEndpointCircuitBreakerOptions(CircuitBreakerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        LoadBalancer?.ValidateCircuitBreakerOptions(options);
    }

    /// <summary>
    /// Closes the idle connections. New calls, and calls that wait for a connection, fail with
    /// <see cref="ObjectDisposedException"/>. Does not wait: in-flight calls complete within
    /// <see cref="ThriftChannelOptions.CallTimeout"/>, and then their connections are closed.
    /// </summary>
    public void Dispose()
    {
        _sourceReader?.Stop();
        LoadBalancer?.Close();
        SingleEndpoint?.Close();
    }

    /// <summary>
    /// Disposes the channel as <see cref="Dispose"/> does, and waits up to
    /// <see cref="ThriftChannelOptions.DrainTimeout"/> for in-flight calls. Then it closes the connections of the
    /// remaining calls, which fail with <see cref="ObjectDisposedException"/>. When the task completes, no connection
    /// is open.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        _sourceReader?.Stop();
        return new ValueTask(LoadBalancer?.DrainAsync() ?? SingleEndpoint!.DrainAsync());
    }

    /// <summary>
    /// Selects an endpoint for a call, and begins the call there. For a channel with several endpoints.
    /// </summary>
    /// <exception cref="CircuitOpenException">The circuits of all endpoints are open.</exception>
    /// <exception cref="Thrift.Transport.TTransportException">The source has provided no endpoint.</exception>
    /// <exception cref="TimeoutException">
    /// The source has provided no list within <see cref="ThriftChannelOptions.ConnectTimeout"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The channel has been disposed.</exception>
    internal ValueTask<EndpointCall> BeginCallAsync(TimeSpan? callTimeout, CancellationToken cancellationToken)
        => _sourceReader is { HasEndpoints: false } ? BeginFirstCallAsync(_sourceReader, callTimeout, cancellationToken) : new(LoadBalancer!.BeginCall(callTimeout));

    /// <summary>Creates the exception of a call on a disposed channel.</summary>
    internal static ObjectDisposedException CreateDisposedException() => new(typeof(ThriftChannel).FullName);

    private async ValueTask<EndpointCall> BeginFirstCallAsync(EndpointSourceReader sourceReader, TimeSpan? callTimeout, CancellationToken cancellationToken)
    {
        await sourceReader.WaitForEndpointsAsync(cancellationToken).ConfigureAwait(false);
        return LoadBalancer!.BeginCall(callTimeout);
    }
}
