namespace ThriftBreaker;

/// <summary>A place in a registry: a circuit that is made once, and when it was last asked for.</summary>
internal sealed class RegisteredCircuit(Func<CircuitBreaker> make, CircuitBreakerRegistryOptions options)
{
    private const long Dropped = long.MinValue;

    /// <summary>All who ask for one name would write the same word at each use; so an asking is noted only where the last note is older than this part of the time.</summary>
    private const int NotesPerIdleTime = 16;

    private readonly Lazy<CircuitBreaker> _circuit = new(make, LazyThreadSafetyMode.ExecutionAndPublication);
    private long _askedForAt = options.TimeProvider.GetTimestamp();

    /// <summary>The circuit; made by the first who asks, while others who ask wait for it.</summary>
    public CircuitBreaker Circuit => _circuit.Value;

    /// <summary>The circuit; null as long as it is being made.</summary>
    public CircuitBreaker? Made => _circuit.IsValueCreated ? _circuit.Value : null;

    /// <summary>Notes that somebody asked for it; false when it has been dropped meanwhile.</summary>
    public bool TryAskFor()
    {
        var now = options.TimeProvider.GetTimestamp();
        while (true)
        {
            var seen = Volatile.Read(ref _askedForAt);
            if (seen == Dropped || options.TimeProvider.GetElapsedTime(seen, now) < options.IdleAfter / NotesPerIdleTime)
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
        if (Made is not { } circuit)
        {
            return false;
        }

        var state = circuit.State;
        if (!MayGo(circuit, evenOpen) ||
            options.TimeProvider.GetElapsedTime(seen) < options.IdleAfter ||
            Interlocked.CompareExchange(ref _askedForAt, Dropped, seen) != seen)
        {
            return false;
        }

        if (circuit.State == state && IsAsItWasMade(circuit))
        {
            return true;
        }

        // Its state has changed since it was looked at, and whoever holds it knows of trouble that the next who asks must hear of.
        Volatile.Write(ref _askedForAt, seen);
        return false;
    }

    private static bool MayGo(CircuitBreaker circuit, bool evenOpen)
        => IsAsItWasMade(circuit) && (circuit.State == CircuitState.Closed || (evenOpen && circuit.RetryAfter == TimeSpan.Zero));

    /// <summary>Whether nobody has set the mode by hand: the next who asks would get a circuit in another one.</summary>
    private static bool IsAsItWasMade(CircuitBreaker circuit) => circuit.Mode == circuit.Options.Mode;
}
