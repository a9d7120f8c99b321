namespace ThriftBreaker.Generator.Diagnostics;

/// <summary>What somebody may have meant who wrote a name that does not exist.</summary>
internal static class NameSuggestion
{
    /// <summary>The names that are nearest to the one that was written, if they are near at all.</summary>
    public static string[] Of(string written, IReadOnlyCollection<string> names)
    {
        var distances = names.ToDictionary(static name => name, name => Distance(Fold(written), Fold(name)), StringComparer.Ordinal);
        var nearest = distances.Values.DefaultIfEmpty(int.MaxValue).Min();

        // A third of the letters wrong is another word.
        return nearest > written.Length / 3 ? [] : [.. names.Where(name => distances[name] == nearest)];
    }

    private static string Fold(string name) => name.ToUpperInvariant();

    /// <summary>Levenshtein's distance: how many letters must be changed, added or left out.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[to.Length];
    }
}
