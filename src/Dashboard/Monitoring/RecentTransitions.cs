namespace ThriftBreaker.Dashboard.Monitoring;

/// <summary>Represents the most recent part of the history.</summary>
/// <param name="Transitions">The most recent transitions and the openings of their circuits, oldest first.</param>
/// <param name="Before">The number of the first recent transition: the older ones have lower numbers.</param>
/// <param name="OlderCount">The number of the transitions that are left out.</param>
internal sealed record RecentTransitions(IReadOnlyList<Published<Transition>> Transitions, long Before, int OlderCount);
