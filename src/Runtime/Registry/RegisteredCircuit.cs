namespace ThriftBreaker;

/// <summary>A place in a registry: a circuit that is made once, and when it was last asked for.</summary>
internal sealed class RegisteredCircuit(Func<CircuitBreaker> make, long now)
{
    private const long Dropped = long.MinValue;

    private readonly Lazy<CircuitBreaker> _circuit = new(make, LazyThreadSafetyMode.ExecutionAndPublication);
    private long _askedForAt = now;

    /// <summary>The circuit; made by the first who asks, while others who ask wait for it.</summary>
    public CircuitBreaker Circuit => _circuit.Value;

    /// <summary>The circuit; null as long as it is being made.</summary>
    public CircuitBreaker? Made => _circuit.IsValueCreated ? _circuit.Value : null;

    /// <summary>Notes that somebody asked for it; false when it has been dropped meanwhile.</summary>
    public bool TryAskFor(long now)
    {
        while (true)
        {
            var seen = Volatile.Read(ref _askedForAt);
            if (seen == Dropped || seen >= now)
            {
                return seen != Dropped;
            }

            if (Interlocked.CompareExchange(ref _askedForAt, now, seen) == seen)
            {
                return true;
            }
        }
    }

    /// <summary>Drops it, if it is closed, nobody steers it by hand, and nobody has asked for it for so long. Whoever asks at this instant wins.</summary>
    public bool TryDrop(TimeSpan idleAfter, TimeProvider time)
    {
        var seen = Volatile.Read(ref _askedForAt);
        if (!MayGo || time.GetElapsedTime(seen) < idleAfter || Interlocked.CompareExchange(ref _askedForAt, Dropped, seen) != seen)
        {
            return false;
        }

        if (MayGo)
        {
            return true;
        }

        // It has opened since it was looked at, and whoever holds it knows of trouble that the next who asks must hear of.
        Volatile.Write(ref _askedForAt, seen);
        return false;
    }

    private bool MayGo => Made is { State: CircuitState.Closed, Mode: CircuitMode.Auto };
}
