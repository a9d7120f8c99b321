using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace ThriftBreaker.Hosting.Settings;

/// <summary>What configuration says of one client: the section <c>ThriftBreaker:MyService</c>. Read anew at each look.</summary>
internal sealed class ClientSection(IConfigurationSection section)
{
    public const string Root = "ThriftBreaker";

    private const string Endpoints = "Endpoints";
    private const string Methods = "Methods";
    private const string EndpointCircuitBreaker = nameof(ThriftChannelOptions.EndpointCircuitBreaker);

    /// <summary>The section's path, as messages name it.</summary>
    public string Path => section.Path;

    /// <summary>Tells once that the configuration has changed.</summary>
    public IChangeToken GetReloadToken() => section.GetReloadToken();

    /// <summary>
    /// What stands below a section; a key whose value is null says nothing. An empty one is a mistake, and no way to say nothing: a <c>Tls</c> out of a variable that
    /// nobody has set must not mean that the client speaks in the clear.
    /// </summary>
    public static IEnumerable<IConfigurationSection> Said(IConfiguration? section)
        => section?.GetChildren().Where(static entry => entry.Value is not null || entry.GetChildren().Any()) ?? [];

    /// <summary>The settings of the service's circuit, or of one that guards a single method.</summary>
    /// <param name="options">The settings of the mark.</param>
    /// <param name="method">The method; null for the service's circuit.</param>
    public CircuitBreakerOptions Circuit(CircuitBreakerOptions options, string? method)
    {
        options = SettingTables.Circuit.Apply(section, options);
        return method is null ? options : SettingTables.Circuit.Apply(section.GetSection(Methods).GetSection(method), options);
    }

    /// <summary>The settings of the channel.</summary>
    public ThriftChannelOptions Channel(ThriftChannelOptions options)
    {
        options = SettingTables.Channel.Apply(section, options);
        return options with { EndpointCircuitBreaker = SettingTables.Circuit.Apply(section.GetSection(EndpointCircuitBreaker), options.EndpointCircuitBreaker) };
    }

    /// <summary>The endpoints, in their order; none where the section names none.</summary>
    public IReadOnlyList<ThriftEndpoint> NamedEndpoints()
    {
        var list = section.GetSection(Endpoints);
        IEnumerable<IConfigurationSection> entries = string.IsNullOrEmpty(list.Value) ? Said(list) : [list];
        return [.. entries.Select(Endpoint)];
    }

    /// <summary>How endpoints are spoken to that are named elsewhere: gives one with the settings of the section.</summary>
    /// <exception cref="InvalidOperationException">A setting is none; what it gives throws an <see cref="ArgumentException"/> where an endpoint cannot be spoken to like this.</exception>
    public Func<ThriftEndpoint, ThriftEndpoint> Spoken() => SettingTables.EndpointDefaults.Apply(section, new EndpointDefaults()).Of;

    /// <summary>Refuses settings that would be for nothing: a client whose section wants TLS must not go on without.</summary>
    /// <param name="client">The client.</param>
    /// <param name="speaker">What says in code how the endpoints are spoken to.</param>
    /// <exception cref="InvalidOperationException">The section says it too.</exception>
    public void ThrowIfItSpeaksToo(string client, string speaker)
    {
        if (Said(section).FirstOrDefault(static entry => SettingTables.EndpointDefaults.Keys.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)) is { } idle)
        {
            throw new InvalidOperationException(
                $"{idle.Path} would not be read: {speaker} names the endpoints of the client '{client}', and says how they are spoken to. Say it there, or name the endpoints in {Path}:{Endpoints}.");
        }
    }

    /// <summary>What the section says of connections, by the paths of the keys: the settings of the channel, the endpoints and how they are spoken to.</summary>
    public IReadOnlyDictionary<string, string> OfConnections()
        => section.GetChildren()
            .Where(static entry => Connections.Contains(entry.Key, StringComparer.OrdinalIgnoreCase))
            .SelectMany(static entry => entry.AsEnumerable())
            .Where(static setting => setting.Value is not null)
            .ToDictionary(static setting => setting.Key, static setting => setting.Value!);

    /// <summary>Whether every key is one that somebody reads, and has a value or a section as it should.</summary>
    /// <param name="methods">The methods that have a circuit of their own.</param>
    /// <exception cref="InvalidOperationException">A key is not, or has not.</exception>
    public void Check(IReadOnlyCollection<string> methods)
    {
        CheckSection(section, [.. SettingTables.Circuit.Keys, .. SettingTables.Channel.Keys, .. SettingTables.EndpointDefaults.Keys], "a setting of a client", Endpoints, Methods, EndpointCircuitBreaker);
        CheckSection(section.GetSection(EndpointCircuitBreaker), SettingTables.Circuit.Keys, "a setting of a circuit");
        ThrowIfValue(section.GetSection(Methods), below: "doSomething:FailMax");
        foreach (var method in Said(section.GetSection(Methods)))
        {
            if (!methods.Contains(method.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException(
                    $"{method.Path} sets a circuit, but the client has none for a method '{method.Key}'.{NameSuggestion.GetQuestion(method.Key, methods)} A method gets one by [CircuitBreakerMethod(…)] or Scope = CircuitBreakerScope.Method on the service.");
            }

            CheckSection(method, SettingTables.Circuit.Keys, "a setting of a circuit");
        }
    }

    private static IEnumerable<string> Connections => [.. SettingTables.Channel.Keys, .. SettingTables.EndpointDefaults.Keys, Endpoints];

    private static void CheckSection(IConfigurationSection section, IReadOnlyCollection<string> values, string kind, params string[] sections)
    {
        ThrowIfValue(section, below: "FailMax");
        foreach (var entry in Said(section).Where(entry => !sections.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (!values.Contains(entry.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException($"{entry.Path} is not {kind}.{NameSuggestion.GetQuestion(entry.Key, [.. values, .. sections])} Correct the key, or take it out.");
            }

            if (Said(entry).FirstOrDefault() is { } stray)
            {
                throw new InvalidOperationException($"{stray.Path} is not {kind}: {entry.Key} has a value, and nothing below it. Take it out.");
            }
        }
    }

    private static void ThrowIfValue(IConfigurationSection section, string below)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            throw new InvalidOperationException($"{section.Path} is '{section.Value}', but must be a section with settings below it, as {section.Path}:{below}.");
        }
    }

    private ThriftEndpoint Endpoint(IConfigurationSection entry)
    {
        var text = entry.Value ?? throw new InvalidOperationException($"{entry.Path} must be a text: host:port, unix:/path or pipe:name.");
        try
        {
            return Spoken()(EndpointText.Parse(text));
        }
        catch (FormatException error)
        {
            throw new InvalidOperationException($"{entry.Path} is '{text}', but {error.Message}.", error);
        }
        catch (ArgumentException error)
        {
            throw new InvalidOperationException($"{entry.Path} is '{text}': {SettingText.Sentence(error)}", error);
        }
    }
}
