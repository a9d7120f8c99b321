using System.Globalization;

namespace ThriftBreaker.Hosting.Settings;

/// <summary>Values as configuration writes them: text, the same in every culture.</summary>
internal static class SettingText
{
    public static int Number(string text)
        => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException("must be a whole number");

    public static double Real(string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException("must be a number, as 0.5");

    public static TimeSpan Time(string text)
        => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && text.Contains(':', StringComparison.Ordinal)
            ? time
            : throw new FormatException("must be a time: hours, minutes and seconds, as 00:00:10 or 00:00:00.5");

    public static bool Flag(string text)
        => bool.TryParse(text, out var flag) ? flag : throw new FormatException("must be true or false");

    /// <summary>A value of an enum by its name; numbers are not names.</summary>
    public static T Choice<T>(string text)
        where T : struct, Enum
        => Enum.GetNames<T>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<T>(name)
            : throw new FormatException($"must be one of {string.Join(", ", Enum.GetNames<T>())}");

    /// <summary>What an options record says of a value, without the name of its parameter, which the key already is.</summary>
    public static string Sentence(ArgumentException error)
    {
        var end = error.Message.IndexOf(" (Parameter", StringComparison.Ordinal);
        return end < 0 ? error.Message : error.Message[..end];
    }
}
