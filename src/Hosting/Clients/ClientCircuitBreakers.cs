using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ThriftBreaker.Hosting.Configuration;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Creates the circuit breakers of one client, and updates them with changed options.</summary>
/// <param name="client">The name of the client.</param>
/// <param name="attributeName">The name of the service's circuit breaker in its attribute.</param>
/// <param name="loggers">Where the circuit breakers log to.</param>
/// <param name="section">The configuration section of the client.</param>
/// <param name="endpoints">The circuit breakers of the client's endpoints.</param>
internal sealed class ClientCircuitBreakers(
    string client, string attributeName, ILoggerFactory loggers, ClientSection section, EndpointCircuitBreakers endpoints)
{
    private ClientCircuitBreaker[] _all = [];

    public IReadOnlyList<CircuitBreaker> All => [.. _all.Select(static circuitBreaker => circuitBreaker.CircuitBreaker)];

    /// <summary>Gets the circuit breaker of the service; null where each method has its own.</summary>
    public CircuitBreaker? ServiceCircuitBreaker => Array.Find(_all, static circuitBreaker => circuitBreaker.Method is null)?.CircuitBreaker;

    /// <exception cref="OptionsValidationException">Settings contradict each other.</exception>
    public CircuitBreaker Create(CircuitBreakerOptions attributeOptions, ThriftClientOptions options)
    {
        var method = attributeOptions.Name.StartsWith($"{attributeName}.", StringComparison.Ordinal)
            ? attributeOptions.Name[(attributeName.Length + 1)..]
            : null;
        var settings = GetSettings(attributeOptions, method, options);

        // Also checks that a probe has as much time as a call of the channel, which holds for every circuit breaker of
        // the client.
        ThrowIfContradictory(settings, (options.GetChannelOptions() with { EndpointCircuitBreaker = settings }).Validate);
        var circuitBreaker = new CircuitBreaker(settings);
        circuitBreaker.LogTo(loggers);
        _all = [.. _all, new ClientCircuitBreaker(circuitBreaker, attributeOptions, method, settings)];
        return circuitBreaker;
    }

    /// <summary>Validates options for the circuit breakers and connections that the client has.</summary>
    /// <exception cref="OptionsValidationException">
    /// Settings contradict each other, or a method without its own circuit breaker has some.
    /// </exception>
    public void Validate(ThriftClientOptions options)
    {
        ValidateMethods(options);
        endpoints.Validate(options.EndpointCircuitBreaker.Value);
        foreach (var circuitBreaker in _all)
        {
            var settings = GetSettings(circuitBreaker.AttributeOptions, circuitBreaker.Method, options);
            ThrowIfContradictory(settings, () => circuitBreaker.CircuitBreaker.Validate(settings));
        }
    }

    /// <exception cref="OptionsValidationException">A method without its own circuit breaker has settings.</exception>
    public void ValidateMethods(ThriftClientOptions options)
    {
        string[] methods = [.. _all.Select(static circuitBreaker => circuitBreaker.Method).OfType<string>()];
        if (options.Methods.Assigned.FirstOrDefault(method => !methods.Contains(method, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            var place = section.FindMethodPath(unknown) ?? $"Methods[\"{unknown}\"] of the client '{client}'";
            throw ClientOptionsErrors.Create(
                client,
                $"{place} sets a circuit breaker, but the client has none for a method '{unknown}'.{NameSuggestion.GetQuestion(unknown, methods)} A method gets one by [CircuitBreakerMethod(…)] or Scope = CircuitBreakerScope.Method on the service.");
        }
    }

    /// <summary>
    /// Puts valid options in force. A mode is set if the options change it: a circuit breaker that was isolated
    /// manually stays isolated when other settings change.
    /// </summary>
    /// <returns>The changes, for each circuit breaker that has one.</returns>
    public IReadOnlyList<string> Update(ThriftClientOptions options)
    {
        var changes = new List<string>();
        for (var index = 0; index < _all.Length; index++)
        {
            var before = _all[index];
            var after = before with { Options = GetSettings(before.AttributeOptions, before.Method, options) };
            var (circuitBreaker, inForce) = (after.CircuitBreaker, GetSettingsInForce(before, after));
            circuitBreaker.Update(after.Options);
            UpdateMode(circuitBreaker, before.Options.Mode, after.Options.Mode);
            _all[index] = after;
            Add($"'{circuitBreaker.Name}'", SettingChanges.Describe(inForce, after.Options));
        }

        Add("endpoints", endpoints.Update(options.EndpointCircuitBreaker.Value));
        return changes;

        void Add(string subject, string? change)
        {
            if (change is not null)
            {
                changes.Add($"{subject}: {change}");
            }
        }
    }

    public static void UpdateMode(CircuitBreaker circuitBreaker, CircuitMode before, CircuitMode after)
    {
        if (before != after)
        {
            circuitBreaker.SetMode(after);
        }
    }

    /// <summary>
    /// Gets the settings that the circuit breaker has now. The mode is the current one only if the options change it:
    /// otherwise it stays, whatever it is.
    /// </summary>
    private static CircuitBreakerOptions GetSettingsInForce(ClientCircuitBreaker before, ClientCircuitBreaker after)
        => before.CircuitBreaker.Options with
        {
            Mode = before.Options.Mode == after.Options.Mode ? after.Options.Mode : before.CircuitBreaker.Mode,
        };

    private CircuitBreakerOptions GetSettings(CircuitBreakerOptions attributeOptions, string? method, ThriftClientOptions options)
    {
        try
        {
            return method is null ? options.CircuitBreaker.Value : options.Methods[method].ApplyTo(attributeOptions with { Name = $"{client}.{method}" });
        }
        catch (ArgumentException error)
        {
            throw ClientOptionsErrors.CreateForAction(client, error);
        }
    }

    private void ThrowIfContradictory(CircuitBreakerOptions settings, Action validate)
    {
        try
        {
            validate();
        }
        catch (ArgumentException error)
        {
            throw ClientOptionsErrors.CreateForContradiction(client, settings.Name, error);
        }
    }
}
