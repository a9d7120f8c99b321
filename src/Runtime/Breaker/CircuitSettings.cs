using System.Globalization;

namespace ThriftBreaker;

/// <summary>Options without contradictions, and what follows from them.</summary>
internal sealed class CircuitSettings
{
    /// <summary>The number of clocks that the circuit breaker has had, to number them.</summary>
    private readonly uint _clocks;

    /// <exception cref="ArgumentException">Two settings contradict each other.</exception>
    public CircuitSettings(CircuitBreakerOptions options, CircuitSettings? before = null)
    {
        if (CircuitBreakerSettingRules.FindContradictions(new OptionValues(options)).FirstOrDefault() is { } contradiction)
        {
            throw new ArgumentException(contradiction.Message + ".");
        }

        Options = options;
        HasRatio = options.FailureRatio is not null || options.SlowCallRatio is not null;
        MeasuresDuration = options.SlowCallDuration is not null || options.OutcomeClassifier is not null || options.CancelledCountsAsFailureAfter is not null;
        _clocks = before?._clocks ?? 0;
        if (HasRatio && options.SamplingCalls is null)
        {
            Sampling = before?.Sampling is { } clock && options.SamplingDuration == before.Options.SamplingDuration
                ? clock
                : new SamplingClock(options.TimeProvider, options.SamplingDuration, number: 1 + (_clocks++ % SamplingClock.Numbers));
        }
    }

    public CircuitBreakerOptions Options { get; }

    /// <summary>Whether a ratio is set, which requires a window.</summary>
    public bool HasRatio { get; }

    /// <summary>Whether a setting requires the duration of each call.</summary>
    public bool MeasuresDuration { get; }

    /// <summary>The clock of the window of time; null without one.</summary>
    public SamplingClock? Sampling { get; }

    /// <summary>Whether good calls on a healthy circuit are recorded too.</summary>
    public bool ObservesEveryCall => MeasuresDuration || Sampling is not null;

    /// <summary>
    /// Whether windows of the two settings have the same kind and size, so that one can continue under the other.
    /// </summary>
    public bool SamplesLike(CircuitSettings other)
        => HasRatio == other.HasRatio && Options.SamplingCalls == other.Options.SamplingCalls && Sampling == other.Sampling;

    private sealed class OptionValues(CircuitBreakerOptions options) : SettingValues
    {
        public override bool IsSet(string setting) => setting switch
        {
            nameof(options.FailureRatio) => options.FailureRatio is not null,
            nameof(options.SlowCallRatio) => options.SlowCallRatio is not null,
            nameof(options.MinimumThroughput) => options.MinimumThroughput is not null,
            nameof(options.SamplingCalls) => options.SamplingCalls is not null,
            _ => FindTicks(setting) is not null,
        };

        public override long? FindTicks(string setting) => setting switch
        {
            nameof(options.ResetTimeout) => options.ResetTimeout.Ticks,
            nameof(options.MaxResetTimeout) => options.MaxResetTimeout?.Ticks,
            nameof(options.ProbeTimeout) => options.ProbeTimeout?.Ticks,
            nameof(options.SlowCallDuration) => options.SlowCallDuration?.Ticks,
            _ => null,
        };

        public override string GetText(string setting) => TimeSpan.FromTicks(FindTicks(setting)!.Value).ToString("c", CultureInfo.InvariantCulture);

        public override string GetName(SettingRule setting) => setting.Name;
    }
}
