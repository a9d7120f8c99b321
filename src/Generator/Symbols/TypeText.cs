using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>Types as text, for each purpose.</summary>
internal static class TypeText
{
    /// <summary>
    /// For generated code: <c>global::System.Collections.Generic.List&lt;global::Acme.@event?&gt;</c>.
    /// </summary>
    private static readonly SymbolDisplayFormat InCode = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>For messages and names: <c>Acme.Orders.IAsync</c>.</summary>
    private static readonly SymbolDisplayFormat Readable = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    /// <summary>
    /// For messages, with type arguments and parameter types: <c>IStore&lt;string&gt;</c>, <c>Put(string)</c>.
    /// </summary>
    private static readonly SymbolDisplayFormat Short = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    public static string InCodeOf(ITypeSymbol type)
        => TypeWalk.Any(type, static part => part is ITypeParameterSymbol && Identifier.IsContextual(part.Name)) ? Escaped(type, InCode) : type.ToDisplayString(InCode);

    /// <summary>
    /// Adds an <c>@</c> before each type parameter that needs one: the compiler's own display does so for reserved
    /// words only.
    /// </summary>
    public static string Escaped(ISymbol symbol, SymbolDisplayFormat format)
        => string.Concat(symbol.ToDisplayParts(format).Select(static part =>
            part.Kind == SymbolDisplayPartKind.TypeParameterName ? Identifier.Escape(part.ToString().TrimStart('@')) : part.ToString()));

    public static string ReadableOf(INamespaceOrTypeSymbol symbol) => symbol.ToDisplayString(Readable);

    public static string ShortOf(ISymbol symbol) => symbol.ToDisplayString(Short);

    /// <summary>
    /// Gets a text that is unique for each type of a project: <c>Acme.Orders+IStore`1</c>,
    /// <c>Acme.Orders+IStore`1[System.String]</c>.
    /// </summary>
    public static string IdentityOf(INamedTypeSymbol type)
    {
        var levels = TypeWalk.WithContaining(type).ToArray();
        var prefix = type.ContainingNamespace.IsGlobalNamespace ? "" : ReadableOf(type.ContainingNamespace) + ".";
        var arguments = SymbolEqualityComparer.Default.Equals(type, type.OriginalDefinition)
            ? ""
            : $"[{string.Join(",", levels.SelectMany(static level => level.TypeArguments).Select(static argument => argument.ToDisplayString()))}]";
        return prefix + string.Join("+", levels.Select(static level => level.MetadataName)) + arguments;
    }

    /// <summary>
    /// Gets a documentation reference, with type parameters instead of type arguments: <c>global::Acme.IStore{T}</c>.
    /// </summary>
    public static string InDocumentationOf(INamedTypeSymbol type)
        => InCodeOf(type.OriginalDefinition).Replace('<', '{').Replace('>', '}');

    /// <summary>Gets every named type in the text of a type: its containing types and its type arguments.</summary>
    public static IEnumerable<INamedTypeSymbol> NamedIn(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol named => TypeWalk.WithContaining(named).SelectMany(static each => each.TypeArguments.SelectMany(NamedIn).Prepend(each)),
        IArrayTypeSymbol array => NamedIn(array.ElementType),
        IPointerTypeSymbol pointer => NamedIn(pointer.PointedAtType),
        _ => [],
    };

    /// <summary>Whether the type, or one of its type arguments, does not exist.</summary>
    public static bool HasErrors(ITypeSymbol type)
        => type.TypeKind == TypeKind.Error || (type is INamedTypeSymbol named && named.TypeArguments.Any(HasErrors) && !named.IsUnboundGenericType);

    /// <summary>
    /// Whether a type has this metadata name, with its namespace: <c>System.Threading.Tasks.Task</c>.
    /// </summary>
    /// <remarks>
    /// Called several times for every type in every signature: it compares in place and allocates no text.
    /// </remarks>
    public static bool Is(ITypeSymbol? type, string metadataName)
    {
        if (type is null || type.ContainingType is not null)
        {
            return false;
        }

        var rest = metadataName.Length;
        if (!EndsWith(type.MetadataName))
        {
            return false;
        }

        for (var space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            if (!EndsWith(".") || !EndsWith(space.Name))
            {
                return false;
            }
        }

        return rest == 0;

        bool EndsWith(string part)
        {
            rest -= part.Length;
            return rest >= 0 && string.CompareOrdinal(metadataName, rest, part, 0, part.Length) == 0;
        }
    }

    public static bool DerivesFrom(ITypeSymbol type, string metadataName)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (Is(ancestor, metadataName))
            {
                return true;
            }
        }

        return false;
    }
}
