namespace ThriftBreaker;

/// <summary>An entry of a registry: a circuit breaker that is created once, and the time of its last request.</summary>
internal sealed class RegisteredCircuitBreaker
{
    /// <summary>Stands for a dropped entry. No timestamp of a request is as low.</summary>
    private const long Dropped = long.MinValue;

    private readonly MonotonicClock _clock;
    private readonly TimeSpan _idleAfter;
    private readonly Lazy<CircuitBreaker> _breaker;

    /// <summary>
    /// All threads that request one name would write the same field. So a request is recorded only if the last record
    /// is older than a fraction of the idle time.
    /// </summary>
    private readonly TimeSpan _recordedFor;

    private CircuitMode _createdIn;
    private long _requestedAt;

    public RegisteredCircuitBreaker(Func<CircuitBreaker> create, CircuitBreakerRegistryOptions options)
    {
        _clock = new MonotonicClock(options.TimeProvider);
        _idleAfter = options.IdleAfter;
        _recordedFor = options.IdleAfter / 16;
        _requestedAt = Now;
        _breaker = new(
            () =>
            {
                var created = create();
                _createdIn = created.Mode;
                return created;
            },
            LazyThreadSafetyMode.ExecutionAndPublication);
    }

    /// <summary>Gets the circuit breaker. The first request creates it, and others wait for it.</summary>
    public CircuitBreaker CircuitBreaker => _breaker.Value;

    /// <summary>Gets the circuit breaker; null until it has been created.</summary>
    public CircuitBreaker? Created => _breaker.IsValueCreated ? _breaker.Value : null;

    private long Now => Math.Max(_clock.Now, Dropped + 1);

    /// <summary>Records a request; false if the entry has been dropped.</summary>
    public bool TryRequest()
    {
        var now = Now;
        while (true)
        {
            var seen = Volatile.Read(ref _requestedAt);
            if (seen == Dropped || _clock.Between(seen, now) < _recordedFor)
            {
                return seen != Dropped;
            }

            if (Interlocked.CompareExchange(ref _requestedAt, now, seen) == seen)
            {
                return true;
            }
        }
    }

    /// <summary>Drops the entry if it is idle and may be dropped. A request at the same moment wins.</summary>
    /// <param name="includeOpen">
    /// Whether it may be dropped although it is open or half-open, if the next call would probe.
    /// </param>
    public bool TryDrop(bool includeOpen)
    {
        var seen = Volatile.Read(ref _requestedAt);
        if (Created is not { } breaker || _clock.Between(seen, Now) < _idleAfter)
        {
            return false;
        }

        var generation = breaker.Generation;
        if (!MayDrop(breaker, includeOpen) || Interlocked.CompareExchange(ref _requestedAt, Dropped, seen) != seen)
        {
            return false;
        }

        if (breaker.Generation == generation)
        {
            return true;
        }

        // Its state has changed since it was checked: the next request must get this circuit breaker, not a new one.
        Volatile.Write(ref _requestedAt, seen);
        return false;
    }

    /// <summary>
    /// Not if its mode was changed manually: the next request would get a circuit breaker in the old mode.
    /// </summary>
    private bool MayDrop(CircuitBreaker breaker, bool includeOpen)
        => breaker.Mode == _createdIn &&
           (breaker.State == CircuitState.Closed || (includeOpen && breaker.RetryAfter == TimeSpan.Zero && !breaker.IsRejecting));
}
