namespace ThriftBreaker;

/// <summary>The end of a span of time.</summary>
/// <param name="From">The timestamp at which the span begins.</param>
/// <param name="At">The first timestamp after it.</param>
/// <param name="FarUntil">The coarse tick count up to which it has certainly not come; the least number where no coarse clock tells.</param>
internal readonly record struct Deadline(long From, long At, long FarUntil = long.MinValue)
{
    /// <summary>
    /// Whether it is still to come. A clock that has gone back does not stretch it for long: by a whole span before its beginning, it
    /// counts as past.
    /// </summary>
    public bool IsAhead(long now) => now < At && (now >= From || (ulong)(From - now) <= (ulong)(At - From));
}
