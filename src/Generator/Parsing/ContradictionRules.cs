namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// Settings that contradict each other: those that the runtime rejects when it creates a circuit breaker, and those of
/// a bypassed method.
/// </summary>
internal static class ContradictionRules
{
    private const string Bypass = "Bypass";

    /// <summary>Finds the contradictions among the settings in force for one circuit breaker.</summary>
    public static IEnumerable<Contradiction> Find(IReadOnlyDictionary<string, object> settings)
        => CircuitBreakerSettingRules.FindContradictions(new AttributeValues(settings))
            .Select(static found => new Contradiction(found.Message, [.. found.Settings]));

    /// <summary>Finds the first setting that has no effect on a method without a circuit breaker.</summary>
    public static IEnumerable<Contradiction> FindForBypass(IEnumerable<string> settings)
        => settings.Where(static setting => setting != Bypass && !CallSettings.IsOne(setting)).Take(1).Select(static setting =>
            new Contradiction($"Bypass leaves the method without a circuit breaker, so {setting} has no effect; leave one of them out", Bypass));

    private sealed class AttributeValues(IReadOnlyDictionary<string, object> settings) : SettingValues
    {
        public override bool IsSet(string setting)
            => Find(setting) is { } value &&
               (value is not double ratio || CircuitBreakerSettingRules.Numbers.FirstOrDefault(rule => rule.Name == setting)?.Contains(ratio) != false);

        public override long? FindTicks(string setting) => Find(setting) is double seconds ? TimeRule.ToTicks(seconds) : null;

        public override string GetText(string setting)
            => SettingRules.Show(Find(setting) ?? CircuitBreakerSettingRules.Times.First(rule => rule.Name == setting).DefaultSeconds!);

        public override string GetName(SettingRule setting) => setting.AttributeName;

        private object? Find(string setting)
            => settings.TryGetValue(setting, out var value) || settings.TryGetValue(setting + "Seconds", out value) ? value : null;
    }
}

/// <summary>One contradiction.</summary>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Settings">The settings to point at; the one to correct first.</param>
internal sealed record Contradiction(string Message, params string[] Settings);
