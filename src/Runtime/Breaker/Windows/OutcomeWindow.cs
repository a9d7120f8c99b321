namespace ThriftBreaker;

/// <summary>The outcomes of the latest calls, for the ratio rules. Each closed state has its own window.</summary>
internal abstract class OutcomeWindow
{
    /// <summary>Whether it holds no bad call, so that a success would change nothing.</summary>
    public abstract bool IsClean { get; }

    /// <summary>Records a call under the time at which it started.</summary>
    public abstract void Record(ulong startedIn, bool failed, bool slow);

    /// <summary>Counts the calls in the window.</summary>
    public abstract WindowCounts Count(ulong now);

    /// <summary>Creates the window that these settings require; null if no ratio is set.</summary>
    public static OutcomeWindow? Create(CircuitSettings settings) => settings switch
    {
        { HasRatio: false } => null,
        { Sampling: { } clock } => new TimeWindow(Environment.ProcessorCount, clock.Number),
        _ => new LastCallsWindow(settings.Options.SamplingCalls!.Value),
    };
}

/// <summary>The number of calls, and of those that failed or were slow.</summary>
internal readonly record struct WindowCounts(long Calls, long Failures, long Slow)
{
    public static WindowCounts operator +(WindowCounts one, WindowCounts other) => new(one.Calls + other.Calls, one.Failures + other.Failures, one.Slow + other.Slow);
}
