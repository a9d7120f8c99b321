using Microsoft.Extensions.Configuration;

namespace ThriftBreaker.Hosting.Settings;

/// <summary>The settings of one options record by the keys that configuration has for them. By hand: it must work without reflection.</summary>
internal sealed class SettingTable<TOptions>(Dictionary<string, Func<TOptions, string, TOptions>> settings)
{
    private readonly Dictionary<string, Func<TOptions, string, TOptions>> _settings = new(settings, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<string> Keys => _settings.Keys;

    /// <summary>The options with what a section says; keys that are none of the table's are left to others.</summary>
    /// <exception cref="InvalidOperationException">A value is none, or out of range; the message names the key.</exception>
    public TOptions Apply(IConfigurationSection section, TOptions options)
    {
        foreach (var entry in section.GetChildren())
        {
            if (entry.Value is { } text && _settings.TryGetValue(entry.Key, out var set))
            {
                options = Set(entry.Path, text, options, set);
            }
        }

        return options;
    }

    private static TOptions Set(string path, string text, TOptions options, Func<TOptions, string, TOptions> set)
    {
        try
        {
            return set(options, text);
        }
        catch (FormatException error)
        {
            throw new InvalidOperationException($"{path} is '{text}', but {error.Message}.", error);
        }
        catch (ArgumentException error)
        {
            throw new InvalidOperationException($"{path} is '{text}': {SettingText.Sentence(error)}", error);
        }
    }
}
