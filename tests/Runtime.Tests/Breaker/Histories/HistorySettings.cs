using CsCheck;

namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>The window of the ratios.</summary>
internal enum HistoryRatio
{
    Off,
    LastCalls,
    ShortTime,
    LongTime,
}

/// <summary>
/// The settings that histories vary. Times are nearly the same in all of them, so that histories are readable.
/// </summary>
/// <param name="FailMax">As in the options.</param>
/// <param name="SuccessThreshold">As in the options.</param>
/// <param name="MaxProbes">As in the options.</param>
/// <param name="Ratio">The window of the ratios.</param>
/// <param name="SlowCalls">Whether slow calls are detected.</param>
/// <param name="Backoff">Whether each attempt doubles the reset timeout.</param>
/// <param name="HasLongReset">Whether the first reset timeout is twice as long.</param>
/// <param name="CallbacksThrow">Whether the classifier and the reset timeout generator throw.</param>
internal sealed record HistorySettings(
    int FailMax, int SuccessThreshold, int MaxProbes, HistoryRatio Ratio, bool SlowCalls, bool Backoff, bool HasLongReset, bool CallbacksThrow)
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

    /// <summary>The first reset timeout.</summary>
    public TimeSpan FirstReset => HasLongReset ? 2 * ResetTimeout : ResetTimeout;

    private static TimeSpan MaxResetTimeout => 3 * ResetTimeout;

    /// <summary>The reset timeout of an attempt, in ticks.</summary>
    public long GetOpenTicks(int attempt)
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
        ResetTimeoutGenerator = CallbacksThrow ? static (_, _) => throw new NotSupportedException("a broken generator") : null,
        OutcomeClassifier = CallbacksThrow ? static _ => throw new NotSupportedException("a broken classifier") : null,
        TimeProvider = clock,
    };
}
