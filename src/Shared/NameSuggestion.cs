namespace ThriftBreaker;

/// <summary>
/// Suggests names for one that does not exist. Compiled into the generator and into the hosting package.
/// </summary>
internal static class NameSuggestion
{
    /// <summary>
    /// Gets the names that are nearest to a given one, ignoring case; none if more than a third of its letters differ.
    /// </summary>
    public static string[] GetNearest(string given, IEnumerable<string> names) => GetNearest(given, names, given.Length / 3);

    /// <summary>
    /// Gets a question to append to a message, with a space before it; empty if more than two letters differ.
    /// </summary>
    public static string GetQuestion(string given, IEnumerable<string> names)
        => GetNearest(given, names, maxDistance: 2) is { Length: > 0 } nearest ? $" Did you mean {Join(nearest)}?" : "";

    private static string[] GetNearest(string given, IEnumerable<string> names, int maxDistance)
    {
        var distances = names.Distinct(StringComparer.Ordinal)
            .Select(name => (Name: name, Distance: GetDistance(given.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(candidate => candidate.Distance <= maxDistance)
            .ToArray();
        var nearest = distances.Select(static candidate => candidate.Distance).DefaultIfEmpty().Min();
        return [.. distances.Where(candidate => candidate.Distance == nearest).Select(static candidate => candidate.Name)];
    }

    /// <summary>Joins names: <c>'a' or 'b'</c>.</summary>
    public static string Join(IEnumerable<string> names) => string.Join(" or ", names.Select(static name => $"'{name}'"));

    /// <summary>Levenshtein's distance: the number of letters to replace, insert or remove.</summary>
    private static int GetDistance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[to.Length];
    }
}
