namespace ThriftBreaker.Dashboard.Monitoring;

/// <summary>
/// Keeps the transitions of the last hour, within limits for each circuit breaker and for all together. Thread-safe.
/// </summary>
/// <remarks>
/// One list holds all transitions by number, so that a viewer reads only those that are new to it. A queue for each
/// circuit breaker refers to the same entries, so that a circuit breaker that flaps removes its own transitions only.
/// </remarks>
internal sealed class TransitionHistory(TimeProvider clock)
{
    /// <summary>The most transitions of one circuit breaker: the number of lines on the page.</summary>
    private const int MaxOfOne = 200;

    /// <summary>
    /// The most transitions of all together: 250 circuit breakers that flap permanently, in about 8 MB. The page has
    /// the same limit in <c>maxTransitions</c>.
    /// </summary>
    private const int MaxOfAll = 250 * MaxOfOne;

    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    private readonly object _lock = new();
    private readonly LinkedList<Transition> _transitions = new();
    private readonly Dictionary<string, Queue<LinkedListNode<Transition>>> _byCircuitBreaker = [];
    private long _lastNumber;

    /// <summary>Gets the number of the last transition; 0 if none was recorded.</summary>
    public long LastNumber => Interlocked.Read(ref _lastNumber);

    public void Add(string circuitBreakerId, CircuitStateChangedEventArgs change)
    {
        lock (_lock)
        {
            RemoveExpired();
            if (!_byCircuitBreaker.TryGetValue(circuitBreakerId, out var nodes))
            {
                _byCircuitBreaker.Add(circuitBreakerId, nodes = new());
            }

            var number = _lastNumber + 1;
            nodes.Enqueue(_transitions.AddLast(new Transition(
                number,
                clock.GetUtcNow(),
                circuitBreakerId,
                change.CircuitBreakerName,
                CircuitNames.GetDisplayName(change.From),
                CircuitNames.GetDisplayName(change.To),
                CircuitNames.GetDisplayName(change.Reason),
                change.Exception?.GetType().Name,
                change.Generation)));
            if (nodes.Count > MaxOfOne)
            {
                _transitions.Remove(nodes.Dequeue());
            }
            else if (_transitions.Count > MaxOfAll)
            {
                RemoveFirst();
            }

            Interlocked.Exchange(ref _lastNumber, number);
        }
    }

    /// <summary>Returns the transitions after the one with this number, oldest first.</summary>
    public IReadOnlyList<Transition> GetAfter(long number)
    {
        lock (_lock)
        {
            RemoveExpired();
            var after = new List<Transition>();
            for (var node = _transitions.Last; node is not null && node.Value.Number > number; node = node.Previous)
            {
                after.Add(node.Value);
            }

            after.Reverse();
            return after;
        }
    }

    private void RemoveExpired()
    {
        var oldest = clock.GetUtcNow() - MaxAge;
        while (_transitions.First is { } first && first.Value.At < oldest)
        {
            RemoveFirst();
        }
    }

    /// <summary>Removes the first of all, which is also the first of its circuit breaker.</summary>
    private void RemoveFirst()
    {
        var id = _transitions.First!.Value.CircuitBreakerId;
        _transitions.RemoveFirst();
        var nodes = _byCircuitBreaker[id];
        _ = nodes.Dequeue();
        if (nodes.Count == 0)
        {
            _ = _byCircuitBreaker.Remove(id);
        }
    }
}
