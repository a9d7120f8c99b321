using Microsoft.Extensions.Configuration;

namespace ThriftBreaker.Hosting.Configuration;

/// <summary>
/// Remembers which sources of the configuration have the section of a client, to notice that one loses it: a file that
/// is missing while it is replaced, or a section that is renamed, must not silently undo settings. Not thread-safe.
/// </summary>
internal sealed class SectionSources
{
    private readonly IConfiguration? _configuration;
    private readonly string _client;
    private IConfigurationProvider[] _sources = [];
    private bool _isPresent;
    private Dictionary<string, string?> _values = [];

    public SectionSources(IConfiguration? configuration, string client)
    {
        (_configuration, _client) = (configuration, client);
        Remember();
    }

    /// <summary>Remembers the sources and values of this moment.</summary>
    public void Remember()
        => (_sources, _isPresent, _values) = ([.. Providers.Where(HasSection)], IsPresent, GetValues());

    /// <summary>
    /// Finds a source that had the section and has it no more, although the values of the section have changed with
    /// that. A source that has an empty section has it.
    /// </summary>
    /// <returns>A sentence that names the section and the source; null without one.</returns>
    public string? FindLoss()
    {
        var providers = Providers.ToArray();
        var lost = Array.Find(_sources, source => providers.Contains(source) && !HasSection(source));
        if ((lost is null && (!_isPresent || IsPresent)) || HasSameValues())
        {
            return null;
        }

        var path = ClientSection.GetPath(_client);
        return $"{path} has disappeared from {lost?.ToString() ?? "the configuration"}. Restore the section; to remove its settings, leave it empty, as \"{_client}\": {{}}, or start the app again.";
    }

    private IEnumerable<IConfigurationProvider> Providers => (_configuration as IConfigurationRoot)?.Providers ?? [];

    private bool IsPresent
        => _configuration?.GetSection(ClientSection.Root).GetChildren().Any(entry => entry.Key.Equals(_client, StringComparison.OrdinalIgnoreCase)) == true;

    private bool HasSection(IConfigurationProvider source)
        => source.GetChildKeys([], ClientSection.Root).Contains(_client, StringComparer.OrdinalIgnoreCase);

    private bool HasSameValues()
    {
        var values = GetValues();
        return values.Count == _values.Count && values.All(value => _values.TryGetValue(value.Key, out var before) && before == value.Value);
    }

    private Dictionary<string, string?> GetValues()
        => new((_configuration?.GetSection(ClientSection.GetPath(_client)).AsEnumerable() ?? []).Where(static value => value.Value is not null), StringComparer.OrdinalIgnoreCase);
}
