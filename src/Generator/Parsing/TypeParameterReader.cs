using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>The type parameters of a client: those of the service, and of the types around it where the client stands outside of them.</summary>
internal static class TypeParameterReader
{
    /// <summary>The type parameters. None for a service whose type arguments are given: <c>typeof(IStore&lt;Order&gt;)</c>.</summary>
    public static IReadOnlyList<ITypeParameterSymbol> Of(INamedTypeSymbol marked, INamedTypeSymbol? container)
    {
        if (!SymbolEqualityComparer.Default.Equals(marked, marked.OriginalDefinition) || SymbolEqualityComparer.Default.Equals(marked, container))
        {
            return [];
        }

        return (container is null ? InScope(marked) : marked.TypeParameters).ToArray();
    }

    /// <summary>As they stand behind the client's name: <c>&lt;TKey, TValue&gt;</c>; nothing where there are none.</summary>
    public static string List(IReadOnlyList<ITypeParameterSymbol> parameters)
        => parameters.Count == 0 ? "" : $"<{string.Join(", ", parameters.Select(static parameter => Identifier.Escape(parameter.Name)))}>";

    /// <summary>Their constraints, as they stand at the end of the client's declaration.</summary>
    public static string Constraints(IReadOnlyList<ITypeParameterSymbol> parameters)
        => string.Concat(parameters.Select(static parameter => (parameter.Name, List: string.Join(", ", ConstraintsOf(parameter))))
            .Where(static parameter => parameter.List.Length > 0)
            .Select(static parameter => $" where {Identifier.Escape(parameter.Name)} : {parameter.List}"));

    /// <summary>Why the client cannot have them, and what to do; null when it can.</summary>
    public static string? Obstacle(MarkedService service)
    {
        string[] names = [.. InScope(service.Marked).Select(static parameter => parameter.Name)];
        return names.FirstOrDefault(PublicNames.IsOfTheClasses) is { } taken
            ? $"its type parameter '{taken}' is called like a member of the client; rename it"
            : names.FirstOrDefault(name => name == ClientNames.Guarded(service)) is { } client
            ? $"its type parameter '{client}' is called like the client itself; rename it"
            : names.GroupBy(static name => name, StringComparer.Ordinal).FirstOrDefault(static group => group.Count() > 1) is { } twice
                ? $"two type parameters around it are called '{twice.Key}'; rename one of them"
                : null;
    }

    /// <summary>All that a member of the client may name: also those of the types around it, where it lies inside of them.</summary>
    public static IEnumerable<ITypeParameterSymbol> InScope(INamedTypeSymbol type)
        => MarkedService.WithContaining(type).SelectMany(static each => each.TypeParameters);

    /// <summary>In the order that C# wants. (Without <c>allows ref struct</c>: a client may allow less.)</summary>
    private static IEnumerable<string> ConstraintsOf(ITypeParameterSymbol parameter)
    {
        if (parameter.HasReferenceTypeConstraint)
        {
            yield return parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated ? "class?" : "class";
        }
        else if (parameter.HasUnmanagedTypeConstraint)
        {
            yield return "unmanaged";
        }
        else if (parameter.HasValueTypeConstraint)
        {
            yield return "struct";
        }
        else if (parameter.HasNotNullConstraint)
        {
            yield return "notnull";
        }

        for (var index = 0; index < parameter.ConstraintTypes.Length; index++)
        {
            yield return TypeText.InCodeOf(parameter.ConstraintTypes[index].WithNullableAnnotation(parameter.ConstraintNullableAnnotations[index]));
        }

        if (parameter.HasConstructorConstraint)
        {
            yield return "new()";
        }
    }
}
