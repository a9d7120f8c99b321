using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// The references with an alias other than <c>global</c>: generated code names every type from the global root, where
/// theirs are missing.
/// </summary>
internal sealed class ExternAliases(Compilation compilation)
{
    /// <summary>Usually empty.</summary>
    private readonly MetadataReference[] _references =
        [.. compilation.References.Where(AmbiguousType.HasOnlyAnAlias)];

    public bool Any => _references.Length > 0;

    /// <summary>
    /// Gets why generated code cannot name one of these types, and what to do; null if it can name all.
    /// </summary>
    public string? Obstacle(IEnumerable<ITypeSymbol> types)
        => Any
            ? types.SelectMany(TypeText.NamedIn)
                .Select(type => _references.FirstOrDefault(reference => SymbolEqualityComparer.Default.Equals(compilation.GetAssemblyOrModuleSymbol(reference), type.ContainingAssembly)) is { } reference
                    ? $"the assembly of '{type.Name}' is referred to by the alias '{reference.Properties.Aliases[0]}' only; let the reference be global as well"
                    : null)
                .FirstOrDefault(static obstacle => obstacle is not null)
            : null;
}
