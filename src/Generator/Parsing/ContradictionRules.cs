namespace ThriftBreaker.Generator.Parsing;

/// <summary>Settings that do not go together: those that the runtime refuses when it makes a circuit of them, known at build time.</summary>
internal static class ContradictionRules
{
    private const double DefaultResetTimeoutSeconds = 60;
    private const string Bypass = "Bypass";

    private static readonly string[] Ratios = ["FailureRatio", "SlowCallRatio"];

    /// <summary>The contradictions among the settings in force for one circuit.</summary>
    public static IEnumerable<Contradiction> Of(IReadOnlyDictionary<string, object> settings)
    {
        if (settings.TryGetValue("MaxResetTimeoutSeconds", out var most) && most is double longest)
        {
            var first = settings.TryGetValue("ResetTimeoutSeconds", out var least) && least is double written ? written : DefaultResetTimeoutSeconds;
            if (SettingRules.TicksOf(longest) < SettingRules.TicksOf(first))
            {
                yield return new(
                    $"MaxResetTimeoutSeconds is {SettingRules.Show(longest)}, but must be at least ResetTimeoutSeconds, which is {SettingRules.Show(first)}",
                    "MaxResetTimeoutSeconds", "ResetTimeoutSeconds");
            }
        }

        if (IsJudged("SlowCallRatio") && !settings.ContainsKey("SlowCallDurationSeconds"))
        {
            yield return new("SlowCallRatio wants a SlowCallDurationSeconds, from which on a call is slow", "SlowCallRatio");
        }

        var ratio = Ratios.FirstOrDefault(IsJudged);
        if (ratio is not null && !settings.ContainsKey("SamplingCalls") && !settings.ContainsKey("MinimumThroughput"))
        {
            yield return new($"{ratio} wants a MinimumThroughput, or SamplingCalls to judge it over the latest calls instead of over time", ratio);
        }

        if (settings.ContainsKey("SamplingCalls") && settings.ContainsKey("MinimumThroughput"))
        {
            yield return new(
                "MinimumThroughput goes with a window of time, and SamplingCalls already says how many calls are judged; leave one of them out",
                "MinimumThroughput", "SamplingCalls");
        }

        if (settings.TryGetValue("CallTimeoutSeconds", out var call) && call is double allowed &&
            settings.TryGetValue("ProbeTimeoutSeconds", out var probe) && probe is double given && SettingRules.TicksOf(given) < SettingRules.TicksOf(allowed))
        {
            yield return new(
                $"ProbeTimeoutSeconds is {SettingRules.Show(given)}, but must be at least CallTimeoutSeconds, which is {SettingRules.Show(allowed)}, or a probe is given up before its call is",
                "ProbeTimeoutSeconds", "CallTimeoutSeconds");
        }

        // One that is out of range is one mistake, and not two.
        bool IsJudged(string ratio) => settings.TryGetValue(ratio, out var share) && SettingRules.Violation(ratio, share) is null;
    }

    /// <summary>A method without a circuit has no use for settings.</summary>
    public static IEnumerable<Contradiction> OfBypass(IEnumerable<string> settings)
        => settings.Where(static setting => setting != Bypass && !CallSettings.IsOne(setting)).Take(1).Select(static setting =>
            new Contradiction($"Bypass leaves the method without a circuit, so {setting} has no effect; leave one of them out", Bypass));
}

/// <summary>One contradiction.</summary>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Settings">The settings to point at, the most guilty first.</param>
internal sealed record Contradiction(string Message, params string[] Settings);
