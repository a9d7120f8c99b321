namespace ThriftBreaker;

/// <summary>
/// Keeps connections to one server, or to several that give the same service, and lends each to one call at a time. Thread-safe; made to live
/// as long as the application.
/// </summary>
/// <remarks>
/// <para>Nothing is connected before the first call: opening the connection is part of the call, and its failure a failed call.</para>
/// <para>
/// A connection is used again only after its reply was read whole. After a call that failed in any other way, timed out or
/// was cancelled it is closed: the Thrift client does not check which request a reply belongs to, so the next caller would
/// get the previous caller's answer.
/// </para>
/// <para>
/// Of several endpoints each has connections and a circuit of its own (<see cref="ThriftChannelOptions.EndpointCircuitBreaker"/>). A call goes to the one
/// with fewer calls under way of two that are drawn at random, and past those whose circuits are open. It is made once: what it throws reaches
/// its caller.
/// </para>
/// </remarks>
public sealed class ThriftChannel : IAsyncDisposable, IDisposable
{
    private readonly ThriftChannelOptions _options;

    /// <summary>Creates a channel with the default settings; connects to nothing yet.</summary>
    /// <param name="endpoint">The server.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endpoint"/> is null.</exception>
    public ThriftChannel(ThriftEndpoint endpoint)
        : this(endpoint, new ThriftChannelOptions())
    {
    }

    /// <summary>Creates a channel; connects to nothing yet.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">Two settings contradict each other, or one the endpoint.</exception>
    public ThriftChannel(ThriftEndpoint endpoint, ThriftChannelOptions options)
        : this(options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        Only = new EndpointConnections(endpoint, options);
    }

    /// <summary>Creates a channel to several servers with the default settings; connects to nothing yet.</summary>
    /// <param name="endpoints">The servers; one that is named twice counts once.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="endpoints"/> is empty or has a null in it.</exception>
    public ThriftChannel(IEnumerable<ThriftEndpoint> endpoints)
        : this(endpoints, new ThriftChannelOptions())
    {
    }

    /// <summary>Creates a channel to several servers; connects to nothing yet.</summary>
    /// <param name="endpoints">The servers; one that is named twice counts once.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="endpoints"/> is empty or has a null in it; or two settings contradict each other, or one an endpoint.
    /// </exception>
    public ThriftChannel(IEnumerable<ThriftEndpoint> endpoints, ThriftChannelOptions options)
        : this(options)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        Several = new EndpointSet(options);
        Several.Update([.. endpoints]);
    }

    /// <summary>Creates a channel to servers that may change, with the default settings; asks for them when the first call is made.</summary>
    /// <param name="source">Names the servers.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public ThriftChannel(IEndpointSource source)
        : this(source, new ThriftChannelOptions())
    {
    }

    /// <summary>Creates a channel to servers that may change; asks for them when the first call is made.</summary>
    /// <param name="source">Names the servers.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">Two settings contradict each other.</exception>
    public ThriftChannel(IEndpointSource source, ThriftChannelOptions options)
        : this(options)
    {
        ArgumentNullException.ThrowIfNull(source);
        EndpointSet.ThrowIfContradictory(options);
        Several = new EndpointSet(options);
        Watch = new EndpointWatch(source, Several, options);
    }

    private ThriftChannel(ThriftChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>The server; null where the channel has several, which <see cref="Endpoints"/> names.</summary>
    public ThriftEndpoint? Endpoint => Only?.Endpoint;

    /// <summary>
    /// The servers over which calls are spread, each with its circuit, as they are at this moment. Empty where the channel was made for one
    /// endpoint, and until its source has named some.
    /// </summary>
    public IReadOnlyList<ChannelEndpoint> Endpoints => Several?.Endpoints ?? [];

    /// <summary>
    /// Why the source of the endpoints failed, when it was last asked; null while it works, and where there is none. The last list that it gave
    /// is in force until it gives another one.
    /// </summary>
    public Exception? SourceFailure => Watch?.Failure;

    /// <summary>The settings.</summary>
    public ThriftChannelOptions Options => Several?.Options ?? _options;

    /// <summary>The one server of a channel that has no choice.</summary>
    internal EndpointConnections? Only { get; }

    /// <summary>The servers of a channel that has; null where <see cref="Only"/> is not.</summary>
    internal EndpointSet? Several { get; }

    private EndpointWatch? Watch { get; }

    /// <summary>
    /// Puts other settings in force for the circuits of the endpoints, at the next call: of those that there are, which keep their states and modes, and of those that
    /// come later. Nothing happens where the channel was made for one endpoint, which has no circuit of its own. Thread-safe.
    /// </summary>
    /// <param name="circuit">The settings: best <c>channel.Options.EndpointCircuitBreaker with { … }</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="circuit"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Two settings contradict each other, or the name is another one, or a probe would be allowed less time than a call. Everything stays as it was.
    /// </exception>
    public void UpdateEndpointCircuitBreakerOptions(CircuitBreakerOptions circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        Several?.UpdateCircuits(circuit);
    }

    /// <summary>
    /// Lends nothing any more and closes the connections that are free: later calls, and those that wait for a connection, fail with
    /// <see cref="ObjectDisposedException"/>. Waits for nothing: calls under way go on to their end, within
    /// <see cref="ThriftChannelOptions.CallTimeout"/>, and then close their connections.
    /// </summary>
    public void Dispose()
    {
        Watch?.Stop();
        Several?.Close();
        Only?.Close();
    }

    /// <summary>
    /// As <see cref="Dispose"/>, and waits for the calls under way: for <see cref="ThriftChannelOptions.DrainTimeout"/> at most, after which
    /// it closes their connections and they fail with <see cref="ObjectDisposedException"/>. When it is over, no connection is open.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        Watch?.Stop();
        return new ValueTask(Several?.DrainAsync() ?? Only!.DrainAsync());
    }

    /// <summary>Decides who gets a call, of several servers.</summary>
    /// <exception cref="CircuitOpenException">Every circuit is open.</exception>
    /// <exception cref="Thrift.Transport.TTransportException">The source has named no server.</exception>
    /// <exception cref="TimeoutException">The source has not answered within <see cref="ThriftChannelOptions.ConnectTimeout"/>.</exception>
    /// <exception cref="ObjectDisposedException">The channel has been disposed.</exception>
    internal ValueTask<EndpointCall> TakeTurnAsync(TimeSpan? callTimeout, CancellationToken cancellationToken)
        => Watch is { HasNamed: false } ? TakeFirstTurnAsync(callTimeout, cancellationToken) : new(Several!.TakeTurn(callTimeout));

    /// <summary>What a call gets that comes when the channel has ended.</summary>
    internal static ObjectDisposedException Disposed() => new(typeof(ThriftChannel).FullName);

    private async ValueTask<EndpointCall> TakeFirstTurnAsync(TimeSpan? callTimeout, CancellationToken cancellationToken)
    {
        await Watch!.NamedAsync(cancellationToken).ConfigureAwait(false);
        return Several!.TakeTurn(callTimeout);
    }
}
