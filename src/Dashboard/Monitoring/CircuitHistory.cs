namespace ThriftBreaker.Dashboard.Monitoring;

/// <summary>
/// Holds what <see cref="TransitionHistory"/> keeps of one circuit breaker. It ends with the circuit breaker.
/// </summary>
/// <param name="circuitBreakerId">The id of the circuit breaker.</param>
/// <param name="knownSince">When the recording of its state changes began.</param>
internal sealed class CircuitHistory(string circuitBreakerId, DateTimeOffset knownSince)
{
    private readonly Queue<LinkedListNode<Entry>> _kept = [];
    private long _knownSince = knownSince.UtcTicks;

    public string CircuitBreakerId { get; } = circuitBreakerId;

    /// <summary>Gets the moment from which on no state change of the last hour is missing.</summary>
    public DateTimeOffset KnownSince => new(Interlocked.Read(ref _knownSince), TimeSpan.Zero);

    /// <summary>Gets the transition that ended the last closed state; null while the circuit is closed.</summary>
    public Published<Transition>? Opening { get; private set; }

    public int Count => _kept.Count;

    /// <summary>Gets the last transition; null if none is kept.</summary>
    public LinkedListNode<Entry>? Last { get; private set; }

    public void Add(LinkedListNode<Entry> node, CircuitStateChangedEventArgs change)
    {
        _kept.Enqueue(node);
        Last = node;
        Opening = change.From == CircuitState.Closed ? node.Value.Transition
            : change.To == CircuitState.Closed ? null
            : Opening;
    }

    /// <summary>Removes the first transition, because of its age or because of a limit.</summary>
    public LinkedListNode<Entry> RemoveFirst(bool isExpired)
    {
        var node = _kept.Dequeue();
        var removed = node.Value.Transition;
        Last = _kept.Count == 0 ? null : Last;
        if (removed != Opening && !isExpired)
        {
            Interlocked.Exchange(ref _knownSince, removed.Value.At.UtcTicks);
        }

        return node;
    }

    /// <summary>Represents a transition in the list of all transitions.</summary>
    public readonly record struct Entry(CircuitHistory Circuit, Published<Transition> Transition);
}
