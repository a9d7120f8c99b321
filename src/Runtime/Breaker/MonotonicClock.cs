namespace ThriftBreaker;

/// <summary>
/// Arithmetic on the monotonic timestamps of a <see cref="TimeProvider"/> that saturates instead of overflowing.
/// </summary>
internal readonly struct MonotonicClock(TimeProvider provider)
{
    public long Now => provider.GetTimestamp();

    /// <summary>
    /// The first timestamp at which this much time has passed; never, for spans beyond the clock's range.
    /// </summary>
    public long After(long timestamp, TimeSpan span)
    {
        var (whole, rest) = Int128.DivRem((Int128)span.Ticks * provider.TimestampFrequency, TimeSpan.TicksPerSecond);
        var sum = timestamp + whole + (rest > 0 ? 1 : 0);
        return sum < long.MaxValue ? (long)sum : long.MaxValue;
    }

    /// <summary>The time until a deadline, never longer than its span; zero when it has come.</summary>
    public TimeSpan Until(in Deadline deadline)
    {
        var now = Now;
        return deadline.IsAhead(now) ? Between(Math.Max(now, deadline.From), deadline.At) : TimeSpan.Zero;
    }

    /// <summary>The time from one timestamp to another, rounded up; zero if the second is not later.</summary>
    public TimeSpan Between(long earlier, long later)
    {
        if (later <= earlier)
        {
            return TimeSpan.Zero;
        }

        var (whole, rest) = Int128.DivRem(((Int128)later - earlier) * TimeSpan.TicksPerSecond, provider.TimestampFrequency);
        var ticks = whole + (rest > 0 ? 1 : 0);
        return ticks < long.MaxValue ? new TimeSpan((long)ticks) : TimeSpan.MaxValue;
    }
}
