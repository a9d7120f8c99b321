namespace ThriftBreaker;

/// <summary>A place in a registry: a circuit that is made once, and when it was last asked for.</summary>
internal sealed class RegisteredCircuitBreaker
{
    private const long Dropped = long.MinValue;

    private readonly CircuitBreakerRegistryOptions _options;
    private readonly Lazy<CircuitBreaker> _circuit;

    /// <summary>
    /// All who ask for one name would write the same word at each use; so an asking is noted only where the last note is older than a part of the
    /// time that makes a circuit idle.
    /// </summary>
    private readonly TimeSpan _notedFor;

    private CircuitMode _madeIn;
    private long _askedForAt;

    public RegisteredCircuitBreaker(Func<CircuitBreaker> make, CircuitBreakerRegistryOptions options)
    {
        _options = options;
        _notedFor = options.IdleAfter / 16;
        _askedForAt = options.TimeProvider.GetTimestamp();
        _circuit = new(
            () =>
            {
                var made = make();
                _madeIn = made.Mode;
                return made;
            },
            LazyThreadSafetyMode.ExecutionAndPublication);
    }

    /// <summary>The circuit; made by the first who asks, while others who ask wait for it.</summary>
    public CircuitBreaker Circuit => _circuit.Value;

    /// <summary>The circuit; null as long as it is being made.</summary>
    public CircuitBreaker? Made => _circuit.IsValueCreated ? _circuit.Value : null;

    /// <summary>Notes that somebody asked for it; false when it has been dropped meanwhile.</summary>
    public bool TryAskFor()
    {
        var now = _options.TimeProvider.GetTimestamp();
        while (true)
        {
            var seen = Volatile.Read(ref _askedForAt);
            if (seen == Dropped || _options.TimeProvider.GetElapsedTime(seen, now) < _notedFor)
            {
                return seen != Dropped;
            }

            if (Interlocked.CompareExchange(ref _askedForAt, now, seen) == seen)
            {
                return true;
            }
        }
    }

    /// <summary>Drops it, if it may go and nobody has asked for it for so long. Whoever asks at this instant wins.</summary>
    /// <param name="evenOpen">Whether it may go although it is open or half-open, if it only waits for a call to probe.</param>
    public bool TryDrop(bool evenOpen)
    {
        var seen = Volatile.Read(ref _askedForAt);
        if (Made is not { } circuit || _options.TimeProvider.GetElapsedTime(seen) < _options.IdleAfter)
        {
            return false;
        }

        var generation = circuit.Generation;
        if (!MayGo(circuit, evenOpen) || Interlocked.CompareExchange(ref _askedForAt, Dropped, seen) != seen)
        {
            return false;
        }

        if (circuit.Generation == generation)
        {
            return true;
        }

        // Its state has changed since it was looked at, and whoever holds it knows of trouble that the next who asks must hear of.
        Volatile.Write(ref _askedForAt, seen);
        return false;
    }

    /// <summary>Not in another mode than it was made in, which somebody has set by hand: the next who asks would get a circuit that knows nothing of it.</summary>
    private bool MayGo(CircuitBreaker circuit, bool evenOpen)
        => circuit.Mode == _madeIn &&
           (circuit.State == CircuitState.Closed || (evenOpen && circuit.RetryAfter == TimeSpan.Zero && !circuit.IsRejecting));
}
