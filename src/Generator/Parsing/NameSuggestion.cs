namespace ThriftBreaker.Generator.Parsing;

/// <summary>Suggestions for a name that does not exist.</summary>
internal static class NameSuggestion
{
    /// <summary>Gets the names with the smallest edit distance; none if a third of the letters or more differ.</summary>
    public static string[] GetNearest(string misspelled, IReadOnlyCollection<string> names)
    {
        var distances = names.ToDictionary(static name => name, name => Distance(Fold(misspelled), Fold(name)), StringComparer.Ordinal);
        var nearest = distances.Values.DefaultIfEmpty(int.MaxValue).Min();

        return nearest > misspelled.Length / 3 ? [] : [.. names.Where(name => distances[name] == nearest)];
    }

    private static string Fold(string name) => name.ToUpperInvariant();

    /// <summary>The Levenshtein distance: the number of letters to change, add or remove.</summary>
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
