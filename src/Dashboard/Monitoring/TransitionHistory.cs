namespace ThriftBreaker.Dashboard.Monitoring;

/// <summary>
/// Keeps the transitions of the last hour, within limits for each circuit breaker and for all together. Consecutive
/// failed probes are one transition. The opening of a circuit that is not closed is always kept. Thread-safe.
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
    /// The most transitions of all together: 250 circuit breakers that flap permanently, in about 25 MB. The page has
    /// the same limit in <c>maxTransitions</c>.
    /// </summary>
    private const int MaxOfAll = 250 * MaxOfOne;

    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    private readonly object _lock = new();
    private readonly LinkedList<CircuitHistory.Entry> _transitions = new();
    private long _lastNumber;
    private long _lastPinned;

    /// <summary>Gets the number of the last transition; 0 if none was recorded.</summary>
    public long LastNumber => Interlocked.Read(ref _lastNumber);

    public void Add(CircuitHistory circuit, CircuitStateChangedEventArgs change)
    {
        lock (_lock)
        {
            RemoveExpired();
            var (number, now) = (_lastNumber + 1, clock.GetUtcNow());
            var next = new Transition(
                number,
                number,
                now,
                now,
                circuit.CircuitBreakerId,
                change.CircuitBreakerName,
                CircuitNames.GetDisplayName(change.From),
                CircuitNames.GetDisplayName(change.To),
                CircuitNames.GetDisplayName(change.Reason),
                change.Exception?.GetType().Name,
                FailedProbes: 0,
                change.Generation);
            if (circuit.Last is { } last && ProbeFolding.Fold(last.Value.Transition.Value, change, next) is { } folded)
            {
                _transitions.Remove(last);
                last.Value = new(circuit, new(folded, number));
                _transitions.AddLast(last);
            }
            else
            {
                circuit.Add(_transitions.AddLast(new CircuitHistory.Entry(circuit, new(next, number))), change);
                if (circuit.Count > MaxOfOne)
                {
                    RemoveFirst(circuit, isExpired: false);
                }
                else if (_transitions.Count > MaxOfAll)
                {
                    RemoveFirst(_transitions.First!.Value.Circuit, isExpired: false);
                }
            }

            Interlocked.Exchange(ref _lastNumber, number);
        }
    }

    /// <summary>Returns the transitions after the one with this number, oldest first.</summary>
    /// <param name="number">The number of the last transition that is left out.</param>
    /// <param name="circuits">The histories of the circuit breakers that exist.</param>
    public IReadOnlyList<Published<Transition>> GetAfter(long number, IEnumerable<CircuitHistory> circuits)
    {
        lock (_lock)
        {
            RemoveExpired();
            var after = new List<Published<Transition>>();
            for (var node = _transitions.Last; node?.Value.Transition.Number > number; node = node.Previous)
            {
                after.Add(node.Value.Transition);
            }

            after.Reverse();

            // Seldom: the list has removed an opening that is asked for.
            return number < _lastPinned
                ? [.. GetOpenings(circuits, FirstNumber).Where(opening => opening.Number > number), .. after]
                : after;
        }
    }

    /// <summary>
    /// Returns the most recent transitions. An opening is among them, however old, if the circuit is not closed and has
    /// a recent transition.
    /// </summary>
    /// <param name="limit">The most transitions, apart from such openings.</param>
    /// <param name="circuits">The histories of the circuit breakers that exist.</param>
    public RecentTransitions GetRecent(int limit, IEnumerable<CircuitHistory> circuits)
    {
        lock (_lock)
        {
            RemoveExpired();
            var (recent, shown) = (new List<Published<Transition>>(), new HashSet<CircuitHistory>());
            for (var node = _transitions.Last; node is not null && recent.Count < limit; node = node.Previous)
            {
                recent.Add(node.Value.Transition);
                _ = shown.Add(node.Value.Circuit);
            }

            recent.Reverse();
            var before = recent is [var first, ..] ? first.Number : _lastNumber + 1;
            var isComplete = recent.Count == _transitions.Count;
            var openings = GetOpenings(isComplete ? circuits : shown, before);
            var all = _transitions.Count + GetOpenings(circuits, FirstNumber).Count;
            return new RecentTransitions([.. openings, .. recent], before, all - recent.Count - openings.Count);
        }
    }

    /// <summary>Returns the transitions before the one with this number, oldest first.</summary>
    public IReadOnlyList<Published<Transition>> GetBefore(long number, IEnumerable<CircuitHistory> circuits)
    {
        lock (_lock)
        {
            RemoveExpired();
            return
            [
                .. GetOpenings(circuits, Math.Min(number, FirstNumber)),
                .. _transitions.Select(static entry => entry.Transition).TakeWhile(transition => transition.Number < number),
            ];
        }
    }

    /// <summary>Gets the number of the first transition of the list.</summary>
    private long FirstNumber => _transitions.First?.Value.Transition.Number ?? _lastNumber + 1;

    /// <summary>Returns the openings before the transition with this number, oldest first.</summary>
    private static List<Published<Transition>> GetOpenings(IEnumerable<CircuitHistory> circuits, long before)
        =>
        [
            .. circuits.Select(static circuit => circuit.Opening)
                .OfType<Published<Transition>>()
                .Where(opening => opening.Number < before)
                .OrderBy(static opening => opening.Number),
        ];

    private void RemoveExpired()
    {
        var oldest = clock.GetUtcNow() - MaxAge;
        while (_transitions.First is { } first && first.Value.Transition.Value.At < oldest)
        {
            RemoveFirst(first.Value.Circuit, isExpired: true);
        }
    }

    private void RemoveFirst(CircuitHistory circuit, bool isExpired)
    {
        var removed = circuit.RemoveFirst(isExpired);
        _transitions.Remove(removed);
        if (removed.Value.Transition == circuit.Opening)
        {
            _lastPinned = Math.Max(_lastPinned, circuit.Opening.Number);
        }
    }
}
