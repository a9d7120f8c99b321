namespace ThriftBreaker;

/// <summary>
/// Represents one of the servers of a <see cref="ThriftChannel"/> with several endpoints. Thread-safe.
/// </summary>
public sealed class ChannelEndpoint
{
    private readonly LoadBalancer _loadBalancer;
    private readonly SlowStart _slowStart;
    private int _activeCalls;
    private volatile bool _isEjectionExempt;
    private volatile bool _isRemoved;

    /// <exception cref="ArgumentException">
    /// Two settings contradict each other, or one contradicts the endpoint.
    /// </exception>
    internal ChannelEndpoint(ThriftEndpoint endpoint, ThriftChannelOptions options, LoadBalancer loadBalancer)
    {
        Endpoint = endpoint;
        Latency = new PeakLatency(options.TimeProvider);
        Connections = new EndpointConnections(endpoint, options, Latency);
        CircuitBreaker = ChannelCircuitBreakers.Configure(options, new CircuitBreaker(GetCircuitBreakerOptions(endpoint, options)));
        _loadBalancer = loadBalancer;
        _slowStart = new SlowStart(options);
        CircuitBreaker.StateChanged += OnStateChanged;

        // The circuit breaker of the service counts the calls.
        CallMetrics.AddMethods(CircuitBreaker, methods: [], circuitBreakerIndex: 0);
    }

    /// <summary>Gets the server.</summary>
    public ThriftEndpoint Endpoint { get; }

    /// <summary>
    /// Gets the circuit breaker of the server. <see cref="CircuitBreaker.SetMode"/> takes the server out of use
    /// (<see cref="CircuitMode.Isolated"/>) and back into use (<see cref="CircuitMode.Auto"/>).
    /// </summary>
    public CircuitBreaker CircuitBreaker { get; }

    /// <summary>
    /// Gets the number of in-flight calls to the server, which includes those that wait for a connection.
    /// </summary>
    public int ActiveCalls => Volatile.Read(ref _activeCalls);

    internal EndpointConnections Connections { get; }

    internal PeakLatency Latency { get; }

    /// <summary>
    /// Gets or sets the position in the order in which the circuits opened; 0 while the circuit is closed. Used under
    /// the lock of the load balancer.
    /// </summary>
    internal long EjectionOrder { get; set; }

    /// <summary>
    /// Gets or sets whether the endpoint gets calls although its circuit is open, because of
    /// <see cref="ThriftChannelOptions.MaxEjectionRatio"/>.
    /// </summary>
    internal bool IsEjectionExempt
    {
        get => _isEjectionExempt;
        set => _isEjectionExempt = value;
    }

    /// <summary>
    /// Gets whether the endpoint can get a call, which can be a probe or the call that detects the end of one.
    /// </summary>
    internal bool AcceptsCalls => !CircuitBreaker.IsRejecting || IgnoresOpenCircuit;

    private bool IgnoresOpenCircuit => _isEjectionExempt && CircuitBreaker.Mode == CircuitMode.Auto;

    /// <summary>Gets the settings of the circuit breaker of an endpoint.</summary>
    internal static CircuitBreakerOptions GetCircuitBreakerOptions(ThriftEndpoint endpoint, ThriftChannelOptions options)
        => options.EndpointCircuitBreaker with { Name = $"{options.EndpointCircuitBreaker.Name} {endpoint}", TimeProvider = options.TimeProvider };

    /// <summary>Draws whether this selection skips the endpoint because of its slow start.</summary>
    internal bool ShouldSkip(Random random) => _slowStart.ShouldSkip(random);

    /// <summary>Begins the slow start: the share of calls grows from a tenth to the full share.</summary>
    internal void BeginSlowStart() => _slowStart.Begin();

    /// <summary>
    /// Begins a call. Returns false if the circuit has changed since the selection, or the endpoint has been removed.
    /// </summary>
    internal bool TryBeginCall(TimeSpan? callTimeout, out EndpointCall call)
    {
        call = default;
        if (!TryAddCall())
        {
            return false;
        }

        if (callTimeout is { } timeout)
        {
            // The timeout of a method can exceed that of the channel, and is known only when the method is called.
            ChannelCircuitBreakers.AllowProbes(_loadBalancer.Options, CircuitBreaker, timeout);
        }

        CallTicket ticket = default;
        if ((IgnoresOpenCircuit && CircuitBreaker.IsRejecting) || CircuitBreaker.TryEnter(out ticket))
        {
            call = new EndpointCall(this, ticket);
            return true;
        }

        EndCall();
        return false;
    }

    /// <summary>
    /// Begins a call that the circuit breaker neither admits nor counts. Returns false if the endpoint has been
    /// removed.
    /// </summary>
    internal bool TryBeginUncountedCall(out EndpointCall call)
    {
        call = new EndpointCall(this, ticket: default);
        return TryAddCall();
    }

    /// <summary>Ends a call.</summary>
    internal void EndCall()
    {
        if (Interlocked.Decrement(ref _activeCalls) == 0 && _isRemoved)
        {
            CloseConnections();
        }
    }

    /// <summary>
    /// Removes the endpoint from use: it gets no further calls, and its connections are closed when the in-flight calls
    /// have ended.
    /// </summary>
    internal void Remove()
    {
        // The barrier ensures that a concurrent call sees the flag, or is counted here.
        _isRemoved = true;
        Interlocked.MemoryBarrier();
        if (ActiveCalls == 0)
        {
            CloseConnections();
        }
    }

    private bool TryAddCall()
    {
        Interlocked.Increment(ref _activeCalls);
        if (!_isRemoved)
        {
            return true;
        }

        EndCall();
        return false;
    }

    private void CloseConnections()
    {
        Connections.Close();
        _loadBalancer.OnDrained(this);
    }

    private void OnStateChanged(object? sender, CircuitStateChangedEventArgs change)
    {
        if (change.To == CircuitState.Closed)
        {
            Latency.Reset();
            BeginSlowStart();
        }

        _loadBalancer.LimitEjections();
    }
}
