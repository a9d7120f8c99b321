namespace ThriftBreaker;

/// <summary>Options that have been found to fit together, and what follows from them.</summary>
internal sealed class CircuitSettings
{
    /// <summary>How many clocks the circuit has had, for their numbers.</summary>
    private readonly uint _clocks;

    /// <exception cref="ArgumentException">Two settings contradict each other.</exception>
    public CircuitSettings(CircuitBreakerOptions options, CircuitSettings? before = null)
    {
        Options = options;
        JudgesRatios = options.FailureRatio is not null || options.SlowCallRatio is not null;
        Require(options.MaxResetTimeout is not { } longest || longest >= options.ResetTimeout, "MaxResetTimeout must be at least ResetTimeout.");
        Require(options.SlowCallRatio is null || options.SlowCallDuration is not null, "SlowCallRatio wants a SlowCallDuration.");
        Require(
            !JudgesRatios || options.SamplingCalls is not null || options.MinimumThroughput is not null,
            "A ratio over time wants a MinimumThroughput, or SamplingCalls to judge it over the latest calls instead.");
        Require(
            options.SamplingCalls is null || options.MinimumThroughput is null,
            "MinimumThroughput goes with a window of time; SamplingCalls already says how many calls are judged.");

        ReadsClock = options.SlowCallDuration is not null || options.OutcomeClassifier is not null || options.CancelledCountsAsFailureAfter is not null;
        _clocks = before?._clocks ?? 0;
        if (JudgesRatios && options.SamplingCalls is null)
        {
            Sampling = before?.Sampling is { } clock && options.SamplingDuration == before.Options.SamplingDuration
                ? clock
                : new SamplingClock(options.TimeProvider, options.SamplingDuration, number: 1 + (_clocks++ % SamplingClock.Numbers));
        }
    }

    public CircuitBreakerOptions Options { get; }

    /// <summary>Whether a rule wants a window.</summary>
    public bool JudgesRatios { get; }

    /// <summary>Whether something wants to know how long each call takes.</summary>
    public bool ReadsClock { get; }

    /// <summary>The clock of the window of time; null where there is none.</summary>
    public SamplingClock? Sampling { get; }

    /// <summary>Whether good calls on a healthy circuit matter too.</summary>
    public bool WatchesEveryCall => ReadsClock || Sampling is not null;

    /// <summary>Whether two windows are of the same kind and size, so that one can go on in the place of the other.</summary>
    public bool SamplesLike(CircuitSettings other)
        => JudgesRatios == other.JudgesRatios && Options.SamplingCalls == other.Options.SamplingCalls && Sampling == other.Sampling;

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
