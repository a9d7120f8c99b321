using System.Globalization;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>The ranges of the settings in an attribute: those that the options enforce at run time.</summary>
internal static class SettingRules
{
    /// <summary>Gets what a setting must be; null if the value is within its range, or the setting has none.</summary>
    public static string? Violation(string setting, object value) => value switch
    {
        int mode when setting == "Mode" => mode is < 0 or > 3 ? CircuitBreakerSettingRules.Modes : null,
        int scope when setting == "Scope" => scope is < 0 or > 1 ? CircuitBreakerSettingRules.Scopes : null,
        int count => Violation(CircuitBreakerSettingRules.Numbers, setting, rule => rule.Contains(count)),
        double number => Violation(CircuitBreakerSettingRules.Numbers, setting, rule => rule.Contains(number)) ??
                         Violation(CircuitBreakerSettingRules.Times, setting, rule => rule.ContainsSeconds(number)),
        _ => null,
    };

    /// <summary>Gets a value approximately as the user wrote it.</summary>
    public static string Show(object value) => Convert.ToString(value, CultureInfo.InvariantCulture);

    private static string? Violation<TRule>(IEnumerable<TRule> rules, string setting, Func<TRule, bool> contains)
        where TRule : SettingRule
        => rules.FirstOrDefault(rule => rule.AttributeName == setting) is { } found && !contains(found) ? found.AttributeRequirement : null;
}
