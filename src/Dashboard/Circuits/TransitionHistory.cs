namespace ThriftBreaker.Dashboard.Circuits;

/// <summary>The changes of the last hour, so many of them as memory is to be spent on. Thread-safe.</summary>
internal sealed class TransitionHistory(TimeProvider time)
{
    /// <summary>A circuit that flaps once a second for an hour.</summary>
    private const int Most = 3_600;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly object _lock = new();
    private readonly Queue<Transition> _transitions = new();
    private long _last;

    /// <summary>The number of the last one; 0 where there was none.</summary>
    public long Last => Interlocked.Read(ref _last);

    public void Add(string circuit, CircuitStateChange change)
    {
        lock (_lock)
        {
            Forget();
            if (_transitions.Count == Most)
            {
                _ = _transitions.Dequeue();
            }

            var number = _last + 1;
            _transitions.Enqueue(new Transition(
                number,
                time.GetUtcNow(),
                circuit,
                change.BreakerName,
                Words.Of(change.From),
                Words.Of(change.To),
                Words.Of(change.Reason),
                change.Failure?.GetType().Name,
                change.Generation));
            Interlocked.Exchange(ref _last, number);
        }
    }

    /// <summary>Those that came after the one with this number, oldest first.</summary>
    public IReadOnlyList<Transition> After(long number)
    {
        lock (_lock)
        {
            Forget();
            return [.. _transitions.SkipWhile(transition => transition.Number <= number)];
        }
    }

    private void Forget()
    {
        var oldest = time.GetUtcNow() - Kept;
        while (_transitions.TryPeek(out var transition) && transition.At < oldest)
        {
            _ = _transitions.Dequeue();
        }
    }
}
