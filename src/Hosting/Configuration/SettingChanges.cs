using System.Globalization;

namespace ThriftBreaker.Hosting.Configuration;

/// <summary>
/// Describes changes of circuit breaker settings, for the log. Settings that are functions have no text and are left
/// out.
/// </summary>
internal static class SettingChanges
{
    private static readonly (string Name, Func<CircuitBreakerOptions, object?> Get)[] Settings =
    [
        (nameof(CircuitBreakerOptions.Mode), static options => options.Mode),
        (nameof(CircuitBreakerOptions.FailMax), static options => options.FailMax),
        (nameof(CircuitBreakerOptions.ResetTimeout), static options => options.ResetTimeout),
        (nameof(CircuitBreakerOptions.SuccessThreshold), static options => options.SuccessThreshold),
        (nameof(CircuitBreakerOptions.MaxProbes), static options => options.MaxProbes),
        (nameof(CircuitBreakerOptions.ProbeTimeout), static options => options.ProbeTimeout),
        (nameof(CircuitBreakerOptions.ThrowOnTrip), static options => options.ThrowOnTrip),
        (nameof(CircuitBreakerOptions.FailureRatio), static options => options.FailureRatio),
        (nameof(CircuitBreakerOptions.SlowCallDuration), static options => options.SlowCallDuration),
        (nameof(CircuitBreakerOptions.SlowCallRatio), static options => options.SlowCallRatio),
        (nameof(CircuitBreakerOptions.SamplingDuration), static options => options.SamplingDuration),
        (nameof(CircuitBreakerOptions.MinimumThroughput), static options => options.MinimumThroughput),
        (nameof(CircuitBreakerOptions.SamplingCalls), static options => options.SamplingCalls),
        (nameof(CircuitBreakerOptions.BackoffMultiplier), static options => options.BackoffMultiplier),
        (nameof(CircuitBreakerOptions.MaxResetTimeout), static options => options.MaxResetTimeout),
        (nameof(CircuitBreakerOptions.Jitter), static options => options.Jitter),
        (nameof(CircuitBreakerOptions.CancelledCountsAsFailureAfter), static options => options.CancelledCountsAsFailureAfter),
        (nameof(CircuitBreakerOptions.Exclude), static options => GetNames(options.Exclude)),
        (nameof(CircuitBreakerOptions.Ignore), static options => GetNames(options.Ignore)),
        (nameof(CircuitBreakerOptions.FailOn), static options => GetNames(options.FailOn)),
    ];

    /// <summary>Gets each changed setting with its values: <c>FailMax 3 → 8</c>; null without a change.</summary>
    public static string? Describe(CircuitBreakerOptions before, CircuitBreakerOptions after)
    {
        var changes = string.Join(", ", Settings
            .Select(setting => (setting.Name, Before: GetText(setting.Get(before)), After: GetText(setting.Get(after))))
            .Where(static setting => setting.Before != setting.After)
            .Select(static setting => $"{setting.Name} {setting.Before} → {setting.After}"));
        return changes.Length > 0 ? changes : null;
    }

    private static string GetText(object? value) => value switch
    {
        null or "" => "none",
        IFormattable formattable => formattable.ToString(format: null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string GetNames(IReadOnlyList<Type> types) => string.Join(" and ", types.Select(static type => type.Name));
}
