using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>The references that have an alias and are not global as well: the client names every type from the root, and theirs are not there.</summary>
internal sealed class ExternAliases(Compilation compilation)
{
    /// <summary>Mostly empty.</summary>
    private readonly MetadataReference[] _references =
        [.. compilation.References.Where(static reference => reference.Properties.Aliases is { IsEmpty: false } aliases && !aliases.Contains("global"))];

    public bool Any => _references.Length > 0;

    /// <summary>Why one of these types cannot be named, and what to do; null when all can.</summary>
    public string? Obstacle(IEnumerable<ITypeSymbol> types)
        => Any
            ? types.SelectMany(TypeText.NamedIn)
                .Select(type => _references.FirstOrDefault(reference => SymbolEqualityComparer.Default.Equals(compilation.GetAssemblyOrModuleSymbol(reference), type.ContainingAssembly)) is { } reference
                    ? $"the assembly of '{type.Name}' is referred to by the alias '{reference.Properties.Aliases[0]}' only; let the reference be global as well"
                    : null)
                .FirstOrDefault(static obstacle => obstacle is not null)
            : null;
}
