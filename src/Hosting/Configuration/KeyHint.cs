using Microsoft.Extensions.Configuration;

namespace ThriftBreaker.Hosting.Configuration;

/// <summary>Suggests what an unknown key of the configuration was meant to be.</summary>
internal static class KeyHint
{
    private static readonly string[] Units = ["Seconds", "Milliseconds", "Minutes", "Hours", "Sec", "Secs", "Ms", "Millis"];

    private static readonly string[] OnlyInAttribute = ["Name", "Scope", "Idempotent", "CallTimeout", "CallTimeoutSeconds"];

    private static readonly string[] OnlyInCode =
    [
        nameof(CircuitBreakerOptions.Exclude), nameof(CircuitBreakerOptions.ExcludeWhen), nameof(CircuitBreakerOptions.Ignore),
        nameof(CircuitBreakerOptions.IgnoreWhen), nameof(CircuitBreakerOptions.FailOn), nameof(CircuitBreakerOptions.OutcomeClassifier),
        nameof(CircuitBreakerOptions.ResetTimeoutGenerator), nameof(CircuitBreakerOptions.TimeProvider), nameof(ThriftChannelOptions.OnConnected),
        nameof(ThriftChannelOptions.ConfigureSocket),
    ];

    /// <summary>The properties of the options whose settings are in the section of the client itself.</summary>
    private static readonly string[] WithoutSection = [nameof(ThriftClientOptions.CircuitBreaker), nameof(ThriftClientOptions.Channel)];

    /// <summary>Gets a sentence to append to a message, with a space before it; empty without a suggestion.</summary>
    /// <param name="entry">The unknown entry.</param>
    /// <param name="known">The keys that its section can have.</param>
    public static string Get(IConfigurationSection entry, IReadOnlyCollection<string> known)
    {
        var key = entry.Key;
        if (FindWithoutUnit(key, known) is { } name)
        {
            return $" Did you mean '{name}', with a time, as 00:00:10?";
        }

        return Contains(OnlyInCode, key) ? " It can be set in code only."
            : Contains(OnlyInAttribute, key) ? " It can be set in the attribute only."
            : Contains(WithoutSection, key) ? $" Its settings have no section of their own: they belong beside {key}."
            : NameSuggestion.GetQuestion(key, known);
    }

    /// <summary>
    /// Finds the key that another one without its unit is: <c>ResetTimeout</c> for <c>ResetTimeoutSeconds</c>, which is
    /// the name in the attribute.
    /// </summary>
    private static string? FindWithoutUnit(string key, IReadOnlyCollection<string> known)
        => Units.Where(unit => key.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            .Select(unit => known.FirstOrDefault(candidate => candidate.Equals(key[..^unit.Length], StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(static candidate => candidate is not null);

    private static bool Contains(string[] keys, string key) => keys.Contains(key, StringComparer.OrdinalIgnoreCase);
}
