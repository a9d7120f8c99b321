using System.Globalization;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>The ranges of the settings in a mark: those that the runtime's options enforce, known at build time.</summary>
internal static class SettingRules
{
    /// <summary>What a setting must be; null when it is so, or when the setting has no range.</summary>
    public static string? Violation(string setting, object value) => (setting, value) switch
    {
        ("FailMax" or "MinimumThroughput", int count) when count is < 1 or > 1_000_000 => "between 1 and 1,000,000",
        ("SuccessThreshold" or "MaxProbes", int count) when count is < 1 or > 1_000 => "between 1 and 1,000",
        ("SamplingCalls", int count) when count is < 1 or > 64 => "between 1 and 64",
        ("FailureRatio" or "SlowCallRatio", double share) when share is not (> 0 and <= 1) => "greater than 0 and at most 1",
        ("BackoffMultiplier", double factor) when factor is not (>= 1 and <= 100) => "between 1 and 100",
        ("Jitter", double share) when share is not (>= 0 and <= 0.99) => "between 0 and 0.99",
        ("SamplingDurationSeconds", double seconds) when TicksOf(seconds) is not (>= TimeSpan.TicksPerSecond / 2 and <= TimeSpan.TicksPerDay)
            => "between 0.5 and 86,400, in seconds",
        ("ProbeTimeoutSeconds" or "CallTimeoutSeconds", double seconds) when TicksOf(seconds) is not (>= 1 and <= 24 * TimeSpan.TicksPerDay)
            => "greater than zero and at most 2,073,600, in seconds",
        ("Mode", int mode) when mode is < 0 or > 3 => "Auto, Isolated, Disabled or Shadow",
        ("Scope", int scope) when scope is < 0 or > 1 => "Service or Method",
        (_, double seconds) when setting.EndsWith("Seconds", StringComparison.Ordinal) && TicksOf(seconds) is null
            => "finite and greater than zero, in seconds",
        _ => null,
    };

    /// <summary>A value as the user wrote it, more or less.</summary>
    public static string Show(object value) => Convert.ToString(value, CultureInfo.InvariantCulture);

    /// <summary>A number of seconds as the <see cref="TimeSpan"/> that the runtime makes of it, if that is one tick or more.</summary>
    public static long? TicksOf(double seconds)
        => seconds * TimeSpan.TicksPerSecond is >= 1 and <= long.MaxValue and var ticks ? (long)ticks : null;
}
