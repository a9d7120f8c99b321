using System.Globalization;

namespace ThriftBreaker.Hosting.Configuration;

/// <summary>Parses the values of the configuration, in the invariant culture.</summary>
internal static class SettingText
{
    public static int ParseInteger(string text)
        => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException("must be a whole number");

    public static double ParseReal(string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException("must be a number, as 0.5");

    public static TimeSpan ParseTime(string text)
        => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && text.Contains(':', StringComparison.Ordinal)
            ? time
            : throw new FormatException("must be a time: hours, minutes and seconds, as 00:00:10 or 00:00:00.5");

    public static bool ParseBoolean(string text)
        => bool.TryParse(text, out var flag) ? flag : throw new FormatException("must be true or false");

    /// <summary>Parses the name of an enum member, in any case; a number is not a name.</summary>
    public static T ParseEnum<T>(string text)
        where T : struct, Enum
        => Enum.GetNames<T>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<T>(name)
            : throw new FormatException($"must be one of {string.Join(", ", Enum.GetNames<T>())}");

    /// <summary>Gets whether a text is a value that can be out of range, and no secret.</summary>
    public static bool IsNumberOrTime(string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) || TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _);

    /// <summary>
    /// Gets the message of an options class without the name of its parameter, which is the name of the key.
    /// </summary>
    public static string GetSentence(ArgumentException error)
    {
        var end = error.Message.IndexOf(" (Parameter", StringComparison.Ordinal);
        return end < 0 ? error.Message : error.Message[..end];
    }
}
