using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// The type parameters of a client: those of the service, and of its containing types if the client is outside of them.
/// </summary>
internal static class TypeParameterReader
{
    /// <summary>
    /// Gets the type parameters. None for a service with type arguments: <c>typeof(IStore&lt;Order&gt;)</c>.
    /// </summary>
    public static IReadOnlyList<ITypeParameterSymbol> Get(INamedTypeSymbol service, INamedTypeSymbol? container)
    {
        if (!SymbolEqualityComparer.Default.Equals(service, service.OriginalDefinition) || SymbolEqualityComparer.Default.Equals(service, container))
        {
            return [];
        }

        return (container is null ? InScope(service) : service.TypeParameters).ToArray();
    }

    /// <summary>
    /// Gets the list after the client's name: <c>&lt;TKey, TValue&gt;</c>; empty without type parameters.
    /// </summary>
    public static string List(IReadOnlyList<ITypeParameterSymbol> parameters)
        => parameters.Count == 0 ? "" : $"<{string.Join(", ", parameters.Select(static parameter => Identifier.Escape(parameter.Name)))}>";

    /// <summary>Gets the constraint clauses at the end of the client's declaration.</summary>
    public static string Constraints(IReadOnlyList<ITypeParameterSymbol> parameters)
        => string.Concat(parameters.Select(static parameter => (parameter.Name, List: string.Join(", ", ConstraintsOf(parameter))))
            .Where(static parameter => parameter.List.Length > 0)
            .Select(static parameter => $" where {Identifier.Escape(parameter.Name)} : {parameter.List}"));

    /// <summary>Gets why the client cannot have the type parameters, and what to do; null if it can.</summary>
    public static string? Obstacle(ServiceDeclaration service)
    {
        string[] names = [.. InScope(service.Type).Select(static parameter => parameter.Name)];
        return names.FirstOrDefault(PublicNames.IsOfTheClasses) is { } taken
            ? $"its type parameter '{taken}' is called like a member of the client; rename it"
            : names.FirstOrDefault(name => name == ClientNames.Guarded(service)) is { } client
            ? $"its type parameter '{client}' is called like the client itself; rename it"
            : names.GroupBy(static name => name, StringComparer.Ordinal).FirstOrDefault(static group => group.Count() > 1) is { } twice
                ? $"two type parameters around it are called '{twice.Key}'; rename one of them"
                : null;
    }

    /// <summary>
    /// Gets all type parameters that members of the client can name, including those of containing types.
    /// </summary>
    public static IEnumerable<ITypeParameterSymbol> InScope(INamedTypeSymbol type)
        => TypeWalk.WithContaining(type).SelectMany(static each => each.TypeParameters);

    /// <summary>
    /// Gets the constraints in the order that C# requires, without <c>allows ref struct</c>, which a client can leave
    /// out.
    /// </summary>
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
