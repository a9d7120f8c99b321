using System.Text;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Reading;

/// <summary>
/// The name of a written file: readable, short, legal on every file system, and unique without looking at any other. The
/// compiler compares these names without case and drops all output when two are equal; the hash keeps apart what differs only
/// in case, in characters that no file may have, or in types: <c>IStore</c>, <c>IStore&lt;T&gt;</c> and <c>IStore&lt;Order&gt;</c>.
/// </summary>
internal static class HintName
{
    private const int LongestReadablePart = 80;

    public static string Of(INamedTypeSymbol type)
    {
        var readable = TypeText.ReadableOf(type);
        var start = Math.Max(0, readable.Length - LongestReadablePart);
        var name = new StringBuilder();
        foreach (var character in readable.Substring(start))
        {
            name.Append(character < 128 && (char.IsLetterOrDigit(character) || character is '.' or '_') ? character : '_');
        }

        return $"{name}.{Hash(TypeText.IdentityOf(type)):x8}.CircuitBreaker.g.cs";
    }

    /// <summary>FNV-1a, the same on every machine and in every process; string.GetHashCode is neither.</summary>
    private static uint Hash(string text)
    {
        var hash = 2166136261;
        foreach (var character in text)
        {
            hash = unchecked((hash ^ character) * 16777619);
        }

        return hash;
    }
}
