using System.Globalization;

namespace ThriftBreaker.Generator.Rules;

/// <summary>The ranges of the settings in a mark: those that the runtime's options enforce, known at build time.</summary>
internal static class SettingRules
{
    /// <summary>What a setting must be; null when it is so, or when the setting has no range.</summary>
    public static string? Violation(string setting, object value) => (setting, value) switch
    {
        ("FailMax", int failures) when failures is < 1 or > 1_000_000 => "between 1 and 1,000,000",
        ("SuccessThreshold", int successes) when successes is < 1 or > 1_000 => "between 1 and 1,000",
        ("ResetTimeoutSeconds", double seconds) when !IsTimeSpan(seconds) => "finite and greater than zero, in seconds",
        _ => null,
    };

    /// <summary>A value as the user wrote it, more or less.</summary>
    public static string Show(object value) => Convert.ToString(value, CultureInfo.InvariantCulture);

    /// <summary>Whether a number of seconds is a <see cref="TimeSpan"/> of one tick or more.</summary>
    private static bool IsTimeSpan(double seconds)
        => seconds * TimeSpan.TicksPerSecond is >= 1 and <= long.MaxValue;
}
