namespace ThriftBreaker;

/// <summary>Arithmetic on the monotonic timestamps of a <see cref="TimeProvider"/> that saturates instead of overflowing.</summary>
internal readonly struct MonotonicClock(TimeProvider provider)
{
    /// <summary>How much the coarse clock of the system may be behind, with something to spare: two of its longest ticks.</summary>
    private const long TickMilliseconds = 32;

    /// <summary>How much faster or slower one clock of the system may run than the other, with something to spare.</summary>
    private const long Drift = 1024;

    /// <summary>Not where the two clocks need not agree about the time that the machine has slept.</summary>
    private readonly bool _hasCoarseClock = provider == TimeProvider.System && !OperatingSystem.IsWindows();

    public long Now => provider.GetTimestamp();

    /// <summary>The first timestamp at which this much time has passed; never, for spans beyond the clock's range.</summary>
    public long After(long timestamp, TimeSpan span)
    {
        var (whole, rest) = Int128.DivRem((Int128)span.Ticks * provider.TimestampFrequency, TimeSpan.TicksPerSecond);
        var sum = timestamp + whole + (rest > 0 ? 1 : 0);
        return sum < long.MaxValue ? (long)sum : long.MaxValue;
    }

    /// <summary>The end of a span from this timestamp on, with a cheap way to see that it is still far off.</summary>
    public Deadline DeadlineAfter(long from, TimeSpan span)
    {
        var at = After(from, span);
        if (!_hasCoarseClock)
        {
            return new Deadline(from, at);
        }

        // In this order: a thread that is held up between the two readings makes it near too early, not too late.
        var coarse = Environment.TickCount64;
        var wait = (long)Between(Now, at).TotalMilliseconds;
        return new Deadline(from, at, FarUntil: coarse + wait - (wait / Drift) - TickMilliseconds);
    }

    /// <summary>Whether it is still to come; answered at a quarter of the price of a timestamp while it is far off.</summary>
    public bool IsAhead(in Deadline deadline) => (_hasCoarseClock && Environment.TickCount64 < deadline.FarUntil) || deadline.IsAhead(Now);

    /// <summary>The time to it, never longer than its span; zero when it has come.</summary>
    public TimeSpan Until(in Deadline deadline)
    {
        var now = Now;
        return deadline.IsAhead(now) ? Between(Math.Max(now, deadline.From), deadline.At) : TimeSpan.Zero;
    }

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
