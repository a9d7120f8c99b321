using System.Globalization;
using System.Text;

namespace ThriftBreaker;

/// <summary>
/// Prepares names for the log. A name with a line break would otherwise look like log lines of its own. The runtime,
/// hosting and the dashboard compile this file.
/// </summary>
internal static class LogText
{
    /// <summary>Returns the text with control and format characters and line separators as <c>\uXXXX</c>.</summary>
    public static string Escape(string text)
    {
        if (!text.Any(IsEscaped))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            _ = IsEscaped(letter) ? escaped.Append("\\u").Append(((int)letter).ToString("X4", CultureInfo.InvariantCulture)) : escaped.Append(letter);
        }

        return escaped.ToString();
    }

    private static bool IsEscaped(char letter)
        => char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
