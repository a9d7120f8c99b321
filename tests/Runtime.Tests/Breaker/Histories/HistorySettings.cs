using CsCheck;

namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>Over what the ratios are judged.</summary>
internal enum HistoryRatio
{
    Off,
    LastCalls,
    ShortTime,
    LongTime,
}

/// <summary>The settings that histories vary. Times are nearly the same in all of them, so that a step of a history is readable.</summary>
/// <param name="FailMax">As in the options.</param>
/// <param name="SuccessThreshold">As in the options.</param>
/// <param name="MaxProbes">As in the options.</param>
/// <param name="Ratio">Over what the ratios are judged.</param>
/// <param name="SlowCalls">Whether slow calls are told from others.</param>
/// <param name="Backoff">Whether each attempt doubles the time to wait.</param>
/// <param name="IsPatient">Whether the time to wait is twice as long from the beginning.</param>
/// <param name="IsHostile">Whether classifier and provider throw.</param>
internal sealed record HistorySettings(
    int FailMax, int SuccessThreshold, int MaxProbes, HistoryRatio Ratio, bool SlowCalls, bool Backoff, bool IsPatient, bool IsHostile)
{
    public const int SamplingCalls = 3;
    public const int MinimumThroughput = 3;
    public const double FailureRatio = 0.6;
    public const double SlowCallRatio = 0.5;

    public static readonly TimeSpan ResetTimeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(4);
    public static readonly TimeSpan SlowCallDuration = TimeSpan.FromSeconds(2);

    public static Gen<HistorySettings> Any { get; } =
        Gen.Select(
            Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[1, 3], Gen.Enum<HistoryRatio>(), Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool),
            static (failMax, successThreshold, maxProbes, ratio, flags)
                => new HistorySettings(failMax, successThreshold, maxProbes, ratio, flags.Item1, flags.Item2, flags.Item3, flags.Item4));

    /// <summary>The length of a window of time; null without one.</summary>
    public long? WindowTicks => Ratio switch
    {
        HistoryRatio.ShortTime => 16 * TimeSpan.TicksPerSecond,
        HistoryRatio.LongTime => 160 * TimeSpan.TicksPerSecond,
        _ => null,
    };

    /// <summary>How long an open circuit stays so the first time.</summary>
    public TimeSpan FirstReset => IsPatient ? 2 * ResetTimeout : ResetTimeout;

    private static TimeSpan MaxResetTimeout => 3 * ResetTimeout;

    /// <summary>How long an open circuit stays so.</summary>
    public long OpenFor(int attempt)
        => Backoff ? Math.Min(FirstReset.Ticks << Math.Min(attempt, 8), MaxResetTimeout.Ticks) : FirstReset.Ticks;

    public CircuitBreakerOptions ToOptions(TimeProvider clock) => new()
    {
        Name = History.Name,
        FailMax = FailMax,
        SuccessThreshold = SuccessThreshold,
        MaxProbes = MaxProbes,
        ResetTimeout = FirstReset,
        ProbeTimeout = ProbeTimeout,
        FailureRatio = Ratio == HistoryRatio.Off ? null : FailureRatio,
        SlowCallDuration = SlowCalls ? SlowCallDuration : null,
        SlowCallRatio = SlowCalls && Ratio != HistoryRatio.Off ? SlowCallRatio : null,
        SamplingCalls = Ratio == HistoryRatio.LastCalls ? SamplingCalls : null,
        SamplingDuration = WindowTicks is { } window ? new TimeSpan(window) : TimeSpan.FromSeconds(30),
        MinimumThroughput = WindowTicks is null ? null : MinimumThroughput,
        BackoffMultiplier = Backoff ? 2 : 1,
        MaxResetTimeout = Backoff ? MaxResetTimeout : null,
        ResetTimeoutGenerator = IsHostile ? static (_, _) => throw new NotSupportedException("a hostile provider") : null,
        OutcomeClassifier = IsHostile ? static _ => throw new NotSupportedException("a hostile classifier") : null,
        TimeProvider = clock,
    };
}
