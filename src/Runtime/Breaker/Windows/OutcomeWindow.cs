namespace ThriftBreaker;

/// <summary>What the latest calls came to, for the rules that judge by a ratio. One window belongs to one stay in closed.</summary>
internal abstract class OutcomeWindow
{
    /// <summary>Whether no bad call is on record, so that a success would change nothing.</summary>
    public abstract bool IsClean { get; }

    /// <summary>Puts a call on record, credited to the time at which it started.</summary>
    public abstract void Record(uint startedIn, bool failed, bool slow);

    /// <summary>What the window holds now.</summary>
    public abstract WindowCounts Count(uint now);

    /// <summary>The window that these settings ask for; null where no rule needs one.</summary>
    public static OutcomeWindow? For(CircuitSettings settings) => settings switch
    {
        { JudgesRatios: false } => null,
        { Sampling: { } clock } => new TimeWindow(Environment.ProcessorCount, clock.Number),
        _ => new LastCallsWindow(settings.Options.SamplingCalls!.Value),
    };
}

/// <summary>Calls, and those of them that failed or were slow.</summary>
internal readonly record struct WindowCounts(long Calls, long Failures, long Slow)
{
    public static WindowCounts operator +(WindowCounts one, WindowCounts other) => new(one.Calls + other.Calls, one.Failures + other.Failures, one.Slow + other.Slow);
}
