using Microsoft.Extensions.Configuration;

namespace ThriftBreaker.Hosting.Configuration;

/// <summary>
/// Assigns the settings of one options class by their configuration keys. It uses no reflection, so trimming and
/// NativeAOT keep it working.
/// </summary>
internal sealed class SettingTable<TOptions>(Dictionary<string, Action<TOptions, string>> settings)
{
    private readonly Dictionary<string, Action<TOptions, string>> _settings = new(settings, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<string> Keys => _settings.Keys;

    /// <summary>Assigns what a section sets, and ignores the keys of other tables.</summary>
    /// <exception cref="FormatException">
    /// A value cannot be parsed or is out of range; the message names the key.
    /// </exception>
    public void Apply(IConfigurationSection section, TOptions options)
    {
        foreach (var entry in section.GetChildren())
        {
            if (entry.Value is { } text && _settings.TryGetValue(entry.Key, out var assign))
            {
                Assign(entry.Path, text, options, assign);
            }
        }
    }

    /// <summary>
    /// A value that cannot be parsed is not repeated: it may be a password in the wrong place, and messages are logged.
    /// </summary>
    private static void Assign(string path, string text, TOptions options, Action<TOptions, string> assign)
    {
        try
        {
            assign(options, text);
        }
        catch (FormatException error)
        {
            throw new FormatException($"{path} {(text.Length == 0 ? "is empty, and " : "")}{error.Message}.", error);
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"{path}{(SettingText.IsNumberOrTime(text) ? $" is '{text}'" : "")}: {SettingText.GetSentence(error)}", error);
        }
    }
}
