using System.Text;
using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Emission;

/// <summary>
/// The names of generated files, <c>Circuit.Example.MyService.CircuitBreaker.g.cs</c>: legal on every file system. The
/// compiler compares them without case and drops all output if two are equal, so names that are not unique by
/// themselves get a hash.
/// </summary>
internal static class HintName
{
    private const int MaxReadableLength = 80;
    private const string Extension = ".CircuitBreaker.g.cs";

    /// <summary>
    /// Gets the readable names that several services share: they differ in case, nesting, type parameters or letters
    /// beyond ASCII.
    /// </summary>
    public static EquatableArray<string> FindAmbiguous(IEnumerable<string> identities)
        => identities.GroupBy(ToReadable, StringComparer.OrdinalIgnoreCase)
            .Where(static namesakes => namesakes.Skip(1).Any())
            .Select(static namesakes => namesakes.Key)
            .ToEquatableArray();

    /// <summary>Gets the name of a service's file.</summary>
    /// <param name="identity">The service, unique in the project: <c>Shop.Contracts+IStore`1</c>.</param>
    /// <param name="ambiguous">The readable names that several services share.</param>
    public static string Get(string identity, EquatableArray<string> ambiguous)
    {
        var name = ToReadable(identity);

        // No identifier starts with a digit: a hash is never the name of a nested type.
        return identity.Length > MaxReadableLength || ambiguous.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? $"{name}.0{Hash(identity):x16}{Extension}"
            : name + Extension;
    }

    private static string ToReadable(string identity)
    {
        var name = new StringBuilder();
        foreach (var character in identity.Substring(Math.Max(0, identity.Length - MaxReadableLength)))
        {
            name.Append(character < 128 && (char.IsLetterOrDigit(character) || character is '.' or '_') ? character : character == '+' ? '.' : '_');
        }

        return name.ToString();
    }

    /// <summary>FNV-1a with 64 bits: stable across machines and processes, unlike <c>string.GetHashCode</c>.</summary>
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037;
        foreach (var character in text)
        {
            hash = unchecked((hash ^ character) * 1099511628211);
        }

        return hash;
    }
}
