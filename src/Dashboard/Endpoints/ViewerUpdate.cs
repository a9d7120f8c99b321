using ThriftBreaker.Dashboard.Monitoring;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>Represents one message to the page: what changed since the message before.</summary>
/// <param name="Now">The server's Unix time in milliseconds.</param>
/// <param name="Uptime">
/// The time since the page was mapped, in milliseconds. The page computes the deadlines of operations from it.
/// </param>
/// <param name="IsFull">
/// Whether the message holds everything, and the page discards what it knew: the first message to a new viewer.
/// </param>
/// <param name="CircuitBreakers">The circuit breakers that are new or changed.</param>
/// <param name="Removed">The ids of the circuit breakers that no longer exist.</param>
/// <param name="Transitions">The transitions since the last message, oldest first.</param>
/// <param name="Before">The number before which transitions are left out, if <paramref name="OlderCount"/> is not 0.</param>
/// <param name="OlderCount">The number of transitions that are left out; they can be requested.</param>
internal sealed record ViewerUpdate(
    long Now,
    long Uptime,
    bool IsFull,
    IReadOnlyList<Published<CircuitBreakerView>> CircuitBreakers,
    IReadOnlyList<Published<string>> Removed,
    IReadOnlyList<Published<Transition>> Transitions,
    long Before = 0,
    int OlderCount = 0)
{
    /// <summary>The most transitions of a full message, about 300 KB. Older ones are sent on demand.</summary>
    private const int MaxRecent = 1_000;

    public bool IsEmpty => CircuitBreakers is [] && Removed is [] && Transitions is [];

    /// <summary>Returns the message that brings a viewer to this snapshot.</summary>
    /// <param name="monitor">The monitor.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="seen">What the viewer has seen; null for a new viewer.</param>
    public static ViewerUpdate Create(CircuitBreakerMonitor monitor, Snapshot snapshot, ViewerPosition? seen)
        => (seen is { } position ? CreateDifference(monitor, snapshot, position) : null) ?? CreateFull(monitor, snapshot);

    /// <summary>Returns the message that brings a new viewer to this snapshot.</summary>
    public static ViewerUpdate CreateFull(CircuitBreakerMonitor monitor, Snapshot snapshot)
    {
        var recent = monitor.GetRecentTransitions(MaxRecent);
        return new ViewerUpdate(
            snapshot.Now,
            snapshot.Uptime,
            IsFull: true,
            snapshot.CircuitBreakers,
            [],
            recent.Transitions,
            recent.Before,
            recent.OlderCount);
    }

    /// <summary>
    /// Returns the message that brings a viewer to this snapshot, from what it has seen; null if that is unknown.
    /// </summary>
    public static ViewerUpdate? CreateDifference(CircuitBreakerMonitor monitor, Snapshot snapshot, ViewerPosition seen)
        => seen.ProcessId != monitor.ProcessId ||
           seen.Snapshot < snapshot.RemovedSince ||
           seen.Snapshot > snapshot.Number
            ? null
            : new ViewerUpdate(
                snapshot.Now,
                snapshot.Uptime,
                IsFull: false,
                [.. snapshot.CircuitBreakers.Where(view => view.Number > seen.Snapshot)],
                [.. snapshot.Removed.Where(id => id.Number > seen.Snapshot)],
                monitor.GetTransitionsAfter(seen.Transition));

    /// <summary>Returns what the viewer has seen after this message.</summary>
    public ViewerPosition GetPosition(CircuitBreakerMonitor monitor, Snapshot snapshot, ViewerPosition? seenBefore)
        => new(
            monitor.ProcessId,
            snapshot.Number,
            Transitions is [.., var last] ? last.Number : IsFull ? 0 : seenBefore?.Transition ?? 0);
}
