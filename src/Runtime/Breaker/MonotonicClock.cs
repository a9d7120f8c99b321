namespace ThriftBreaker;

/// <summary>Arithmetic on the monotonic timestamps of a <see cref="TimeProvider"/> that saturates instead of overflowing.</summary>
internal readonly struct MonotonicClock(TimeProvider provider)
{
    /// <summary>How much the coarse clock of the system may be behind, with something to spare: two of its longest ticks.</summary>
    private const long TickMilliseconds = 32;

    /// <summary>How much faster or slower one clock of the system may run than the other, with something to spare.</summary>
    private const long Drift = 1024;

    private readonly bool _isSystem = provider == TimeProvider.System;

    public long Now => provider.GetTimestamp();

    /// <summary>The first timestamp at which this much time has passed; never, for spans beyond the clock's range.</summary>
    public long After(long timestamp, TimeSpan span)
    {
        var (whole, rest) = Int128.DivRem((Int128)span.Ticks * provider.TimestampFrequency, TimeSpan.TicksPerSecond);
        var sum = timestamp + whole + (rest > 0 ? 1 : 0);
        return sum < long.MaxValue ? (long)sum : long.MaxValue;
    }

    /// <summary>This moment to come, with a cheap way to see that it is still far off.</summary>
    public Deadline DeadlineAt(long timestamp)
    {
        if (!_isSystem)
        {
            return new Deadline(timestamp, FarUntil: long.MinValue);
        }

        // In this order: a thread that is held up between the two readings makes it near too early, not too late.
        var coarse = Environment.TickCount64;
        var wait = (long)Between(Now, timestamp).TotalMilliseconds;
        return new Deadline(timestamp, FarUntil: coarse + wait - (wait / Drift) - TickMilliseconds);
    }

    /// <summary>Whether that moment has not come, for certain: says so at a quarter of the price of a timestamp while it is still far off.</summary>
    public bool IsBefore(in Deadline deadline) => (_isSystem && Environment.TickCount64 < deadline.FarUntil) || Now < deadline.At;

    /// <summary>The time from one timestamp to another, rounded up; zero when they are the other way round.</summary>
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

/// <summary>A moment to come.</summary>
/// <param name="At">Its timestamp.</param>
/// <param name="FarUntil">The coarse tick count up to which it has certainly not come; for clocks other than the system's, never.</param>
internal readonly record struct Deadline(long At, long FarUntil);
