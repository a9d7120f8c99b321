namespace ThriftBreaker.Hosting.Configuration;

/// <summary>Which name was meant, where one was mistyped.</summary>
internal static class NameSuggestion
{
    /// <summary>A question to end a message with; empty where nothing is near.</summary>
    public static string Of(string written, IEnumerable<string> names)
        => names.Select(name => (Name: name, Distance: Distance(written.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(static near => near.Distance <= 2)
            .OrderBy(static near => near.Distance)
            .Select(static near => $" Did you mean '{near.Name}'?")
            .FirstOrDefault("");

    /// <summary>How many letters must be written, left out or exchanged.</summary>
    private static int Distance(string one, string other)
    {
        var last = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var row = 1; row <= one.Length; row++)
        {
            var next = new int[last.Length];
            next[0] = row;
            for (var column = 1; column < last.Length; column++)
            {
                var exchange = last[column - 1] + (one[row - 1] == other[column - 1] ? 0 : 1);
                next[column] = Math.Min(exchange, Math.Min(last[column], next[column - 1]) + 1);
            }

            last = next;
        }

        return last[^1];
    }
}
