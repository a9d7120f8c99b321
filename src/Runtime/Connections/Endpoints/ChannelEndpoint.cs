namespace ThriftBreaker;

/// <summary>One of the servers over which a <see cref="ThriftChannel"/> spreads its calls. Thread-safe.</summary>
public sealed class ChannelEndpoint
{
    private readonly EndpointSet _set;
    private readonly SlowStartWindow _warmUp;
    private int _calls;
    private volatile bool _isExempt;
    private volatile bool _isRetired;

    /// <exception cref="ArgumentException">Two settings contradict each other, or one the endpoint.</exception>
    internal ChannelEndpoint(ThriftEndpoint endpoint, ThriftChannelOptions options, EndpointSet set)
    {
        Endpoint = endpoint;
        Connections = new EndpointConnections(endpoint, options);
        CircuitBreaker = ChannelCircuitBreakers.Configure(options, new CircuitBreaker(CircuitOf(endpoint, options)));
        _set = set;
        _warmUp = new SlowStartWindow(options);
        CircuitBreaker.StateChanged += OnStateChanged;
    }

    /// <summary>The server.</summary>
    public ThriftEndpoint Endpoint { get; }

    /// <summary>
    /// The circuit of this server. Steered by hand, it takes the server out (<see cref="CircuitBreaker.SetMode"/>) and puts it back
    /// (<see cref="CircuitBreaker.SetMode"/>).
    /// </summary>
    public CircuitBreaker CircuitBreaker { get; }

    /// <summary>Calls to this server that are under way, those included that wait for a connection.</summary>
    public int ActiveCalls => Volatile.Read(ref _calls);

    internal EndpointConnections Connections { get; }

    /// <summary>When its circuit opened, as a number that grows; 0 while it is closed. Under the lock of the set.</summary>
    internal long Ejection { get; set; }

    /// <summary>Whether it gets calls although its circuit is open, because more are open than may be passed over.</summary>
    internal bool IsExempt
    {
        get => _isExempt;
        set => _isExempt = value;
    }

    /// <summary>Whether a call may go to it, or may find out that a probe has had its time.</summary>
    internal bool Admits => !CircuitBreaker.IsRejecting || IsPassedAllTheSame;

    private bool IsPassedAllTheSame => _isExempt && CircuitBreaker.Mode == CircuitMode.Auto;

    /// <summary>The settings of the circuit of this endpoint.</summary>
    internal static CircuitBreakerOptions CircuitOf(ThriftEndpoint endpoint, ThriftChannelOptions options)
        => options.EndpointCircuitBreaker with { Name = $"{options.EndpointCircuitBreaker.Name} {endpoint}", TimeProvider = options.TimeProvider };

    /// <summary>Whether it lets another one go first, because it has come back or been added just now.</summary>
    internal bool StandsAside(Random random) => _warmUp.StandsAside(random);

    /// <summary>It takes part in few draws at first, and in more and more.</summary>
    internal void BeginWarmUp() => _warmUp.Begin();

    /// <summary>Takes the right to make a call. False when its circuit has moved on since it was looked at, or the endpoint is in the list no more.</summary>
    internal bool TryTakeTurn(TimeSpan? callTimeout, out EndpointCall turn)
    {
        turn = default;
        if (!TryCount())
        {
            return false;
        }

        if (callTimeout is { } timeout)
        {
            // A method may take longer than the channel's calls; which it is, is known when it is called.
            ChannelCircuitBreakers.AllowProbes(_set.Options, CircuitBreaker, timeout);
        }

        CallTicket ticket = default;
        if ((IsPassedAllTheSame && CircuitBreaker.IsRejecting) || CircuitBreaker.TryEnter(out ticket))
        {
            turn = new EndpointCall(this, ticket);
            return true;
        }

        End();
        return false;
    }

    /// <summary>Takes the right to make a call that no circuit admits or counts. False when the endpoint is in the list no more.</summary>
    internal bool TryTakeTurnUnasked(out EndpointCall turn)
    {
        turn = new EndpointCall(this, ticket: default);
        return TryCount();
    }

    /// <summary>A call has ended.</summary>
    internal void End()
    {
        if (Interlocked.Decrement(ref _calls) == 0 && _isRetired)
        {
            Leave();
        }
    }

    /// <summary>It is in the list no more: it gets no further call, and when those that it has have ended its connections are closed.</summary>
    internal void Retire()
    {
        // Either a call that is counted at this moment sees it, or is seen here.
        _isRetired = true;
        Interlocked.MemoryBarrier();
        if (ActiveCalls == 0)
        {
            Leave();
        }
    }

    private bool TryCount()
    {
        Interlocked.Increment(ref _calls);
        if (!_isRetired)
        {
            return true;
        }

        End();
        return false;
    }

    private void Leave()
    {
        Connections.Close();
        _set.Forget(this);
    }

    private void OnStateChanged(object? sender, CircuitStateChangedEventArgs change)
    {
        if (change.To == CircuitState.Closed)
        {
            BeginWarmUp();
        }

        _set.LimitEjections();
    }
}
