namespace ThriftBreaker.Dashboard.Circuits;

/// <summary>The changes of the last hour, so many of them as memory is to be spent on. Thread-safe.</summary>
/// <remarks>
/// All are in one list, by number, so that who knows some need look at the others only; each circuit has its places in it besides, so that one that flaps
/// pushes out its own and nobody else's.
/// </remarks>
internal sealed class TransitionHistory(TimeProvider time)
{
    /// <summary>Of one circuit: as many as the page has lines for.</summary>
    private const int MostOfACircuit = 200;

    /// <summary>Of all together: two hundred and fifty circuits that flap all the time, in some 8 MB. The page knows this number.</summary>
    private const int Most = 250 * MostOfACircuit;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly object _lock = new();
    private readonly LinkedList<Transition> _transitions = new();
    private readonly Dictionary<string, Queue<LinkedListNode<Transition>>> _byCircuit = [];
    private long _last;

    /// <summary>The number of the last one; 0 where there was none.</summary>
    public long Last => Interlocked.Read(ref _last);

    public void Add(string circuit, CircuitStateChangedEventArgs change)
    {
        lock (_lock)
        {
            ForgetOld();
            if (!_byCircuit.TryGetValue(circuit, out var own))
            {
                _byCircuit.Add(circuit, own = new());
            }

            var number = _last + 1;
            own.Enqueue(_transitions.AddLast(new Transition(
                number,
                time.GetUtcNow(),
                circuit,
                change.CircuitBreakerName,
                DisplayNames.Of(change.From),
                DisplayNames.Of(change.To),
                DisplayNames.Of(change.Reason),
                change.Failure?.GetType().Name,
                change.Generation)));
            if (own.Count > MostOfACircuit)
            {
                _transitions.Remove(own.Dequeue());
            }
            else if (_transitions.Count > Most)
            {
                ForgetFirst();
            }

            Interlocked.Exchange(ref _last, number);
        }
    }

    /// <summary>Those that came after the one with this number, oldest first.</summary>
    public IReadOnlyList<Transition> After(long number)
    {
        lock (_lock)
        {
            ForgetOld();
            var after = new List<Transition>();
            for (var node = _transitions.Last; node is not null && node.Value.Number > number; node = node.Previous)
            {
                after.Add(node.Value);
            }

            after.Reverse();
            return after;
        }
    }

    private void ForgetOld()
    {
        var oldest = time.GetUtcNow() - Kept;
        while (_transitions.First is { } first && first.Value.At < oldest)
        {
            ForgetFirst();
        }
    }

    /// <summary>The first of all is the first of its circuit too.</summary>
    private void ForgetFirst()
    {
        var circuit = _transitions.First!.Value.Circuit;
        _transitions.RemoveFirst();
        var own = _byCircuit[circuit];
        _ = own.Dequeue();
        if (own.Count == 0)
        {
            _ = _byCircuit.Remove(circuit);
        }
    }
}
