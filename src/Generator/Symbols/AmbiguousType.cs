using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>
/// A type that two references declare, so that the compiler accepts neither. Libraries bring types of the framework to
/// frameworks that do not have them.
/// </summary>
internal static class AmbiguousType
{
    /// <summary>
    /// Whether the type with this metadata name is ambiguous in the global root. The compiler prefers a type of the
    /// project itself.
    /// </summary>
    public static bool Is(string metadataName, Compilation compilation)
    {
        var found = compilation.GetTypesByMetadataName(metadataName);
        return found.Length > 1 &&
            !found.Any(type => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly)) &&
            found.Count(type => compilation.IsSymbolAccessibleWithin(type, compilation.Assembly) && !HasOnlyAnAlias(compilation.GetMetadataReference(type.ContainingAssembly))) > 1;
    }

    /// <summary>Whether the types of a reference are missing in the global root.</summary>
    public static bool HasOnlyAnAlias(MetadataReference? reference)
        => reference?.Properties.Aliases is { IsEmpty: false } aliases && !aliases.Contains("global");
}
