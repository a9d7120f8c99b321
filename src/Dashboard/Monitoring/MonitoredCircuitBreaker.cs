namespace ThriftBreaker.Dashboard.Monitoring;

/// <summary>Holds what the page knows about one circuit breaker, without keeping the circuit breaker alive.</summary>
internal sealed class MonitoredCircuitBreaker
{
    private readonly WeakReference<CircuitBreaker> _circuitBreaker;
    private readonly EventHandler<CircuitStateChangedEventArgs> _onStateChanged;
    private readonly EventHandler<CallCompletedEventArgs> _onCallCompleted;
    private readonly EventHandler<CallRejectedEventArgs> _onCallRejected;
    private readonly RateCounter _calls = new();
    private readonly RateCounter _rejections = new();
    private Published<CircuitBreakerView>? _last;

    /// <param name="id">The id of the circuit breaker on the page.</param>
    /// <param name="circuitBreaker">The circuit breaker.</param>
    /// <param name="now">The time at which the recording of its state changes begins.</param>
    /// <param name="onStateChanged">Called on each state change.</param>
    public MonitoredCircuitBreaker(
        string id,
        CircuitBreaker circuitBreaker,
        DateTimeOffset now,
        Action<MonitoredCircuitBreaker, CircuitStateChangedEventArgs> onStateChanged)
    {
        Id = id;
        History = new CircuitHistory(id, now);
        Name = circuitBreaker.Name;
        _circuitBreaker = new WeakReference<CircuitBreaker>(circuitBreaker);
        _onStateChanged = (_, change) => onStateChanged(this, change);
        _onCallCompleted = (_, _) => _calls.Increment();
        _onCallRejected = (_, _) => _rejections.Increment();
        circuitBreaker.StateChanged += _onStateChanged;
    }

    public string Id { get; }

    public string Name { get; }

    public CircuitHistory History { get; }

    /// <summary>Gets the circuit breaker; null after it was garbage collected.</summary>
    public CircuitBreaker? CircuitBreaker => _circuitBreaker.TryGetTarget(out var circuitBreaker) ? circuitBreaker : null;

    /// <summary>
    /// Starts to count calls. The handlers add a small cost to every call, so calls are counted only while the page has
    /// a viewer.
    /// </summary>
    public void StartCounting()
    {
        if (CircuitBreaker is { } circuitBreaker)
        {
            circuitBreaker.CallCompleted += _onCallCompleted;
            circuitBreaker.CallRejected += _onCallRejected;
        }
    }

    public void StopCounting()
    {
        if (CircuitBreaker is { } circuitBreaker)
        {
            circuitBreaker.CallCompleted -= _onCallCompleted;
            circuitBreaker.CallRejected -= _onCallRejected;
        }

        _calls.Reset();
        _rejections.Reset();
    }

    /// <summary>Removes the handler of state changes.</summary>
    public void Unsubscribe()
    {
        if (CircuitBreaker is { } circuitBreaker)
        {
            circuitBreaker.StateChanged -= _onStateChanged;
        }
    }

    /// <summary>Computes the rates of the period that ends now, and starts the next period.</summary>
    /// <param name="elapsed">The length of the period.</param>
    public void UpdateRates(TimeSpan elapsed)
    {
        _calls.UpdateRate(elapsed);
        _rejections.UpdateRate(elapsed);
    }

    /// <summary>
    /// Returns the current view of the circuit breaker; null after it was garbage collected. The same object is
    /// returned until the view changes: of a thousand circuit breakers only a few change between two snapshots.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="number">The number of the snapshot, which a changed view gets.</param>
    public Published<CircuitBreakerView>? GetView(DateTimeOffset now, long number)
    {
        if (CircuitBreaker is not { } circuitBreaker)
        {
            return null;
        }

        var state = circuitBreaker.State;
        var view = new CircuitBreakerView(
            Id,
            Name,
            CircuitNames.GetDisplayName(state),
            CircuitNames.GetDisplayName(circuitBreaker.Mode),
            circuitBreaker.FailureCount,
            circuitBreaker.Options.FailMax,
            state == CircuitState.Open && circuitBreaker.RetryAfter is { } wait && wait < DateTimeOffset.MaxValue - now ? (now + wait).ToUnixTimeMilliseconds() : null,
            _calls.PerSecond,
            _rejections.PerSecond,
            History.KnownSince.ToUnixTimeMilliseconds(),
            circuitBreaker.LastException?.GetType().Name);
        return _last is { } last && view.LooksLike(last.Value) ? last : _last = new(view, number);
    }

    /// <summary>Counts events and computes how many of them happen per second.</summary>
    private sealed class RateCounter
    {
        private long _count;
        private double _perSecond;

        public double PerSecond => Volatile.Read(ref _perSecond);

        public void Increment() => Interlocked.Increment(ref _count);

        public void UpdateRate(TimeSpan elapsed)
            => Volatile.Write(ref _perSecond, Math.Round(Interlocked.Exchange(ref _count, 0) / Math.Max(elapsed.TotalSeconds, 0.001), 1));

        public void Reset() => UpdateRate(TimeSpan.MaxValue);
    }
}
