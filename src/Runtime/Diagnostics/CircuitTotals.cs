using System.Runtime.InteropServices;

namespace ThriftBreaker;

/// <summary>
/// Represents what the circuit breakers of one name have done since the first of them was created. Thread-safe. They
/// reference it, and it references none of them: it lives as long as the last of them, so no total ever decreases.
/// </summary>
internal sealed class CircuitTotals
{
    private static readonly Dictionary<string, WeakReference<CircuitTotals>> ByName = new(StringComparer.Ordinal);

    private readonly Dictionary<Transition, long> _transitions = [];
    private TimeSpan _openTime;

    private CircuitTotals()
    {
    }

    /// <summary>Gets the time that the circuits were open, up to the last end of an open state.</summary>
    public TimeSpan OpenTime
    {
        get
        {
            lock (_transitions)
            {
                return _openTime;
            }
        }
    }

    /// <summary>Adds what a circuit breaker does from now on.</summary>
    public static void Observe(CircuitBreaker circuitBreaker) => circuitBreaker.StateChanged += Get(circuitBreaker.Name).OnStateChanged;

    /// <summary>Gets the totals of a name, and forgets those of names that no circuit breaker has any more.</summary>
    public static CircuitTotals Get(string name)
    {
        lock (ByName)
        {
            if (ByName.TryGetValue(name, out var reference) && reference.TryGetTarget(out var known))
            {
                return known;
            }

            foreach (var (unused, _) in ByName.Where(static entry => !entry.Value.TryGetTarget(out _)).ToArray())
            {
                ByName.Remove(unused);
            }

            var totals = new CircuitTotals();
            ByName[name] = new WeakReference<CircuitTotals>(totals);
            return totals;
        }
    }

    /// <summary>Gets how often each transition has happened, with zero for the given ones that have not.</summary>
    public Dictionary<Transition, long> GetTransitions(IEnumerable<Transition> possible)
    {
        lock (_transitions)
        {
            var all = new Dictionary<Transition, long>(_transitions);
            foreach (var transition in possible)
            {
                all.TryAdd(transition, 0);
            }

            return all;
        }
    }

    private void OnStateChanged(object? sender, CircuitStateChangedEventArgs change)
    {
        lock (_transitions)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_transitions, new Transition(change.From, change.To, change.Reason), out _)++;
            if (change.From == CircuitState.Open)
            {
                _openTime += change.TimeInPreviousState;
            }
        }
    }

    /// <summary>Represents a kind of transition.</summary>
    internal readonly record struct Transition(CircuitState From, CircuitState To, CircuitStateChangeReason Reason);
}
