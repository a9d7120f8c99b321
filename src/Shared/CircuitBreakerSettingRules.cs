using System.Globalization;

namespace ThriftBreaker;

/// <summary>
/// The ranges, defaults and contradictions of the settings of a circuit breaker, with their texts. Compiled into the
/// runtime, whose options enforce them, and into the generator, which reports them at build time. Tests compare the
/// tables of the documentation with them.
/// </summary>
internal static class CircuitBreakerSettingRules
{
    public const int DefaultFailMax = 5;
    public const double DefaultResetTimeoutSeconds = 60;
    public const int DefaultSuccessThreshold = 1;
    public const int DefaultMaxProbes = 1;
    public const double DefaultProbeTimeoutSeconds = 10;
    public const double DefaultSamplingDurationSeconds = 30;
    public const double DefaultBackoffMultiplier = 1;

    /// <summary>The names of the modes, as messages list them.</summary>
    public const string Modes = "Auto, Isolated, Disabled or ReportOnly";

    /// <summary>The names of the scopes, as messages list them.</summary>
    public const string Scopes = "Service or Method";

    public static readonly NumberRule FailMax = new("FailMax", 1, 1_000_000, DefaultFailMax);
    public static readonly NumberRule SuccessThreshold = new("SuccessThreshold", 1, 1_000, DefaultSuccessThreshold);
    public static readonly NumberRule MaxProbes = new("MaxProbes", 1, 1_000, DefaultMaxProbes);
    public static readonly NumberRule FailureRatio = new("FailureRatio", 0, 1, defaultValue: null, excludesMinimum: true);
    public static readonly NumberRule SlowCallRatio = new("SlowCallRatio", 0, 1, defaultValue: null, excludesMinimum: true);
    public static readonly NumberRule MinimumThroughput = new("MinimumThroughput", 1, 1_000_000, defaultValue: null);
    public static readonly NumberRule SamplingCalls = new("SamplingCalls", 1, 64, defaultValue: null);
    public static readonly NumberRule BackoffMultiplier = new("BackoffMultiplier", 1, 100, DefaultBackoffMultiplier);
    public static readonly NumberRule Jitter = new("Jitter", 0, 0.99, defaultValue: 0);

    public static readonly TimeRule ResetTimeout = new("ResetTimeout", DefaultResetTimeoutSeconds);
    public static readonly TimeRule ProbeTimeout = new("ProbeTimeout", DefaultProbeTimeoutSeconds) { MaximumSeconds = 24 * 86_400, MaximumText = "24 days" };
    public static readonly TimeRule SlowCallDuration = new("SlowCallDuration");
    public static readonly TimeRule SamplingDuration = new("SamplingDuration", DefaultSamplingDurationSeconds)
    {
        MinimumSeconds = 0.5,
        MaximumSeconds = 86_400,
        MaximumText = "1 day",
    };

    public static readonly TimeRule MaxResetTimeout = new("MaxResetTimeout");
    public static readonly TimeRule CancelledCountsAsFailureAfter = new("CancelledCountsAsFailureAfter");

    /// <summary>Of a method or service, in attributes only; the option of a channel has the same range.</summary>
    public static readonly TimeRule CallTimeout = new("CallTimeout") { MaximumSeconds = 24 * 86_400, MaximumText = "24 days" };

    public static IReadOnlyList<NumberRule> Numbers { get; } =
    [
        FailMax, SuccessThreshold, MaxProbes, FailureRatio, SlowCallRatio, MinimumThroughput, SamplingCalls, BackoffMultiplier, Jitter,
    ];

    public static IReadOnlyList<TimeRule> Times { get; } =
    [
        ResetTimeout, ProbeTimeout, SlowCallDuration, SamplingDuration, MaxResetTimeout, CancelledCountsAsFailureAfter, CallTimeout,
    ];

    /// <summary>Finds the contradictions among settings that are each within their range.</summary>
    public static IEnumerable<SettingContradiction> FindContradictions(SettingValues values)
    {
        if (values.FindTicks(MaxResetTimeout.Name) < (values.IsSet(ResetTimeout.Name) ? values.FindTicks(ResetTimeout.Name) : ResetTimeout.DefaultTicks))
        {
            yield return Create(
                $"{Name(MaxResetTimeout)} is {values.GetText(MaxResetTimeout.Name)}, but must be at least {Name(ResetTimeout)}, which is {values.GetText(ResetTimeout.Name)}",
                MaxResetTimeout,
                ResetTimeout);
        }

        if (values.IsSet(SlowCallRatio.Name) && !values.IsSet(SlowCallDuration.Name))
        {
            yield return Create(
                $"{Name(SlowCallRatio)} requires {Name(SlowCallDuration)}, the duration from which a call is slow", SlowCallRatio, SlowCallDuration);
        }

        var ratio = values.IsSet(FailureRatio.Name) ? FailureRatio : values.IsSet(SlowCallRatio.Name) ? SlowCallRatio : null;
        if (ratio is not null && !values.IsSet(SamplingCalls.Name) && !values.IsSet(MinimumThroughput.Name))
        {
            yield return Create(
                $"{Name(ratio)} requires {Name(MinimumThroughput)}, or {Name(SamplingCalls)} to measure it over the latest calls instead of over time",
                ratio,
                MinimumThroughput,
                SamplingCalls);
        }

        if (values.IsSet(SamplingCalls.Name) && values.IsSet(MinimumThroughput.Name))
        {
            yield return Create(
                $"{Name(MinimumThroughput)} applies to a window of time, and {Name(SamplingCalls)} already sets the number of calls; leave one of them out",
                MinimumThroughput,
                SamplingCalls);
        }

        if (values.FindTicks(ProbeTimeout.Name) < values.FindTicks(CallTimeout.Name))
        {
            yield return Create(
                $"{Name(ProbeTimeout)} is {values.GetText(ProbeTimeout.Name)}, but must be at least {Name(CallTimeout)}, which is {values.GetText(CallTimeout.Name)}, or a probe times out before its call does",
                ProbeTimeout,
                CallTimeout);
        }

        string Name(SettingRule setting) => values.GetName(setting);

        SettingContradiction Create(string message, params SettingRule[] settings) => new(message, [.. settings.Select(values.GetName)]);
    }
}

/// <summary>One setting: its name and the range of its values.</summary>
internal abstract class SettingRule(string name)
{
    /// <summary>The name of the option.</summary>
    public string Name { get; } = name;

    /// <summary>The name of the setting in an attribute: times are in seconds there.</summary>
    public abstract string AttributeName { get; }

    /// <summary>What a value must be, for the messages of options: "between 1 and 64".</summary>
    public abstract string Requirement { get; }

    /// <summary>What a value must be, for messages about attributes.</summary>
    public abstract string AttributeRequirement { get; }
}

/// <summary>A setting that is a count, a ratio or a factor.</summary>
internal sealed class NumberRule(string name, double minimum, double maximum, double? defaultValue, bool excludesMinimum = false) : SettingRule(name)
{
    public double Minimum => minimum;

    public double Maximum => maximum;

    /// <summary>The default; null if the setting is off by default.</summary>
    public double? Default => defaultValue;

    public override string AttributeName => Name;

    public override string Requirement { get; } = excludesMinimum
        ? $"greater than {Show(minimum)} and at most {Show(maximum)}"
        : $"between {Show(minimum)} and {Show(maximum)}";

    public override string AttributeRequirement => Requirement;

    public bool Contains(double value) => (excludesMinimum ? value > minimum : value >= minimum) && value <= maximum;

    private static string Show(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);
}

/// <summary>A setting that is a time.</summary>
internal sealed class TimeRule(string name, double? defaultSeconds = null) : SettingRule(name)
{
    /// <summary>The shortest time in seconds; null if every time greater than zero is within the range.</summary>
    public double? MinimumSeconds { get; set; }

    /// <summary>The longest time in seconds; null for no limit.</summary>
    public double? MaximumSeconds { get; set; }

    /// <summary>The longest time, as messages name it.</summary>
    public string? MaximumText { get; set; }

    /// <summary>The default in seconds; null if the setting is off by default.</summary>
    public double? DefaultSeconds => defaultSeconds;

    public long? DefaultTicks => defaultSeconds is { } seconds ? ToTicks(seconds) : null;

    public override string AttributeName => Name + "Seconds";

    public override string Requirement => (MinimumSeconds, MaximumText) switch
    {
        (null, null) => "greater than zero",
        (null, _) => $"greater than zero and at most {MaximumText}",
        _ => string.Format(CultureInfo.InvariantCulture, "between {0} seconds and {1}", MinimumSeconds, MaximumText),
    };

    public override string AttributeRequirement => (MinimumSeconds, MaximumSeconds) switch
    {
        (null, null) => "finite and greater than zero, in seconds",
        (null, _) => string.Format(CultureInfo.InvariantCulture, "greater than zero and at most {0:N0}, in seconds", MaximumSeconds),
        _ => string.Format(CultureInfo.InvariantCulture, "between {0} and {1:N0}, in seconds", MinimumSeconds, MaximumSeconds),
    };

    public bool Contains(long ticks)
        => ticks >= (MinimumSeconds is { } least ? least * TimeSpan.TicksPerSecond : 1) &&
           (MaximumSeconds is not { } most || ticks <= most * TimeSpan.TicksPerSecond);

    public bool ContainsSeconds(double seconds) => ToTicks(seconds) is { } ticks && Contains(ticks);

    /// <summary>
    /// Gets the ticks of a <see cref="TimeSpan"/> with this number of seconds; null if it is shorter than one tick or
    /// does not fit.
    /// </summary>
    public static long? ToTicks(double seconds)
        => seconds * TimeSpan.TicksPerSecond is >= 1 and <= long.MaxValue and var ticks ? (long)ticks : null;
}

/// <summary>
/// The settings of one circuit breaker: options at run time, the arguments of attributes at build time.
/// </summary>
internal abstract class SettingValues
{
    /// <summary>
    /// Whether a setting has a value. A ratio out of range counts as not set: it is one mistake, not two.
    /// </summary>
    /// <param name="setting">The name of the option.</param>
    public abstract bool IsSet(string setting);

    /// <summary>Gets a time in ticks; null if it is not set or out of range.</summary>
    /// <param name="setting">The name of the option.</param>
    public abstract long? FindTicks(string setting);

    /// <summary>Gets a time as messages show it; the default if it is not set.</summary>
    /// <param name="setting">The name of the option.</param>
    public abstract string GetText(string setting);

    /// <summary>Gets the name of a setting as messages show it.</summary>
    public abstract string GetName(SettingRule setting);
}

/// <summary>A contradiction between settings.</summary>
/// <param name="message">What is wrong and what to do, without a period.</param>
/// <param name="settings">The settings, as messages name them; the one to correct first.</param>
internal sealed class SettingContradiction(string message, IReadOnlyList<string> settings)
{
    public string Message => message;

    public IReadOnlyList<string> Settings => settings;
}
