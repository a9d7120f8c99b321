namespace ThriftBreaker;

/// <summary>The end of a span of time.</summary>
/// <param name="From">The timestamp at which the span begins.</param>
/// <param name="At">The first timestamp after it.</param>
internal readonly record struct Deadline(long From, long At)
{
    /// <summary>
    /// Whether it is still to come. A clock that has gone back extends it only a little: if the clock is a whole span
    /// before the beginning, the deadline counts as past.
    /// </summary>
    public bool IsAhead(long now) => now < At && (now >= From || (ulong)(From - now) <= (ulong)(At - From));
}
