using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace ThriftBreaker.Hosting.Configuration;

/// <summary>
/// Reads the configuration section of one client, <c>ThriftBreaker:MyService</c>. Each method reads the current values.
/// </summary>
internal sealed class ClientSection
{
    public const string Root = "ThriftBreaker";

    private const string Endpoints = nameof(ThriftClientOptions.Endpoints);
    private const string Methods = nameof(ThriftClientOptions.Methods);
    private const string EndpointCircuitBreaker = nameof(ThriftClientOptions.EndpointCircuitBreaker);

    private const string ClientSetting = "a setting of a client";
    private const string CircuitBreakerSetting = "a setting of a circuit breaker";

    private readonly IConfigurationSection _section;

    /// <param name="configuration">The configuration; null where the container has none.</param>
    /// <param name="client">The name of the client.</param>
    public ClientSection(IConfiguration? configuration, string client)
        => _section = (configuration ?? new ConfigurationManager()).GetSection(GetPath(client));

    /// <summary>Gets the section's path, which messages name.</summary>
    public static string GetPath(string client) => ConfigurationPath.Combine(Root, client);

    public IChangeToken GetReloadToken() => _section.GetReloadToken();

    /// <summary>
    /// Gets the entries of a section, without the keys whose value is null. An empty text is an entry, and mostly an
    /// error: <c>Tls</c> from a variable that is not set must not turn encryption off.
    /// </summary>
    public static IEnumerable<IConfigurationSection> GetEntries(IConfiguration? section)
        => section?.GetChildren().Where(static entry => entry.Value is not null || entry.GetChildren().Any()) ?? [];

    /// <summary>Assigns every setting of the section to the options.</summary>
    /// <exception cref="FormatException">A key or a value is wrong; the message names the key.</exception>
    public void ApplyTo(ThriftClientOptions options)
    {
        CheckKeys();
        SettingTables.EndpointDefaults.Apply(_section, options);
        SettingTables.Channel.Apply(_section, options.Channel);
        SettingTables.CircuitBreaker.Apply(_section, options.CircuitBreaker);
        SettingTables.CircuitBreaker.Apply(_section.GetSection(EndpointCircuitBreaker), options.EndpointCircuitBreaker);
        foreach (var method in GetEntries(_section.GetSection(Methods)))
        {
            SettingTables.CircuitBreaker.Apply(method, options.Methods[method.Key]);
        }

        foreach (var endpoint in GetEndpointEntries())
        {
            options.Endpoints.Add(ParseEndpoint(endpoint, options));
        }
    }

    /// <summary>
    /// Rejects a transport, protocol, service name or TLS setting that would be ignored: a client whose section sets
    /// TLS must not run without.
    /// </summary>
    /// <param name="client">The name of the client.</param>
    /// <param name="place">The method that names the endpoints in code, with their transport and protocol.</param>
    /// <exception cref="FormatException">The section has such a setting.</exception>
    public void ThrowIfSetsEndpointDefaults(string client, string place)
    {
        var keys = SettingTables.EndpointDefaults.Keys;
        if (GetEntries(_section).FirstOrDefault(entry => keys.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)) is { } ignored)
        {
            throw new FormatException(
                $"{ignored.Path} would be ignored: {place} names the endpoints of the client '{client}', with their transport and protocol. Set it there, or name the endpoints in {_section.Path}:{Endpoints}.");
        }
    }

    /// <summary>
    /// Gets the path of the section that sets the circuit breaker of a method; null where there is none.
    /// </summary>
    public string? FindMethodPath(string method)
        => GetEntries(_section.GetSection(Methods)).FirstOrDefault(entry => entry.Key.Equals(method, StringComparison.OrdinalIgnoreCase))?.Path;

    /// <summary>
    /// Gets the values that connections are created with, by the paths of their keys: channel, endpoints, transport and
    /// protocol.
    /// </summary>
    public IReadOnlyDictionary<string, string> GetConnectionSettings()
        => _section.GetChildren()
            .Where(static entry => ConnectionKeys.Contains(entry.Key, StringComparer.OrdinalIgnoreCase))
            .SelectMany(static entry => entry.AsEnumerable())
            .Where(static setting => setting.Value is not null)
            .ToDictionary(static setting => setting.Key, static setting => setting.Value!);

    private static IEnumerable<string> ConnectionKeys => [.. SettingTables.Channel.Keys, .. SettingTables.EndpointDefaults.Keys, Endpoints];

    private void CheckKeys()
    {
        CheckSection(
            _section,
            [.. SettingTables.CircuitBreaker.Keys, .. SettingTables.Channel.Keys, .. SettingTables.EndpointDefaults.Keys],
            ClientSetting,
            Endpoints,
            Methods,
            EndpointCircuitBreaker);
        CheckSection(_section.GetSection(EndpointCircuitBreaker), SettingTables.CircuitBreaker.Keys, CircuitBreakerSetting);
        ThrowIfValue(_section.GetSection(Methods), example: "doSomething:FailMax");
        foreach (var method in GetEntries(_section.GetSection(Methods)))
        {
            CheckSection(method, SettingTables.CircuitBreaker.Keys, CircuitBreakerSetting);
        }
    }

    private static void CheckSection(IConfigurationSection section, IReadOnlyCollection<string> values, string kind, params string[] sections)
    {
        ThrowIfValue(section, example: "FailMax");
        foreach (var entry in GetEntries(section).Where(entry => !sections.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (!values.Contains(entry.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw new FormatException($"{entry.Path} is not {kind}.{KeyHint.Get(entry, [.. values, .. sections])} Correct the key, or take it out.");
            }

            if (GetEntries(entry).FirstOrDefault() is { } child)
            {
                throw new FormatException($"{child.Path} is not {kind}: {entry.Key} has a value, and nothing below it. Take it out.");
            }
        }
    }

    private static void ThrowIfValue(IConfigurationSection section, string example)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            throw new FormatException($"{section.Path} must be a section with settings below it, as {section.Path}:{example}, and has a value.");
        }
    }

    private IEnumerable<IConfigurationSection> GetEndpointEntries()
    {
        var endpoints = _section.GetSection(Endpoints);
        return string.IsNullOrEmpty(endpoints.Value) ? GetEntries(endpoints) : [endpoints];
    }

    private static ThriftEndpoint ParseEndpoint(IConfigurationSection entry, ThriftClientOptions options)
    {
        var text = entry.Value ?? throw new FormatException($"{entry.Path} must be a text: host:port, unix:/path or pipe:name.");
        try
        {
            var endpoint = EndpointText.Parse(text);
            _ = options.ApplyEndpointDefaults(endpoint);
            return endpoint;
        }
        catch (FormatException error)
        {
            throw new FormatException($"{entry.Path} {error.Message}.", error);
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"{entry.Path}: {SettingText.GetSentence(error)}", error);
        }
    }
}
