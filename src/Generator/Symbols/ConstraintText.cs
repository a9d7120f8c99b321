using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>The constraints on the type parameters of a method, as its implementation must declare them.</summary>
internal static class ConstraintText
{
    private const string Where = " where ";

    /// <summary>
    /// The compiler's own display includes <c>allows ref struct</c> of newer compilers, which this version has no API
    /// for.
    /// </summary>
    private static readonly SymbolDisplayFormat Format = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Included,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers | SymbolDisplayMiscellaneousOptions.UseSpecialTypes |
            SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>
    /// Whether a public method can declare them. Type arguments of the interface can turn a constraint into one that C#
    /// does not allow, <c>where U : string</c>; an explicit implementation inherits it.
    /// </summary>
    public static bool CanBeWritten(IMethodSymbol method)
        => SymbolEqualityComparer.Default.Equals(method, method.OriginalDefinition) || method.TypeParameters.All(static parameter => parameter.ConstraintTypes.IsEmpty);

    public static string ToCode(IMethodSymbol method, bool isExplicit)
    {
        if (method.TypeParameters.IsEmpty)
        {
            return "";
        }

        if (isExplicit)
        {
            return string.Concat(method.TypeParameters.Where(parameter => NeedsConstraint(parameter, method)).Select(static parameter =>
                $"{Where}{Identifier.Escape(parameter.Name)} : {(parameter.IsReferenceType ? "class" : "default")}"));
        }

        var text = TypeText.Escaped(method, Format);
        return text.IndexOf(Where, StringComparison.Ordinal) is >= 0 and var start ? text.Substring(start) : "";
    }

    /// <summary>Whether a type parameter of a method allows ref structs.</summary>
    public static bool AllowsRefLike(ITypeSymbol type)
        => type is ITypeParameterSymbol { DeclaringMethod: { } method } parameter &&
            ToCode(method, isExplicit: false).Split([Where], StringSplitOptions.None).Any(clause =>
                clause.StartsWith(Identifier.Escape(parameter.Name) + " :", StringComparison.Ordinal) && clause.EndsWith("allows ref struct", StringComparison.Ordinal));

    /// <summary>
    /// An explicit implementation inherits all constraints, but reads <c>T?</c> as a <see cref="Nullable{T}"/> without
    /// a constraint that excludes it.
    /// </summary>
    private static bool NeedsConstraint(ITypeParameterSymbol parameter, IMethodSymbol method)
        => !parameter.IsValueType && SignatureTypes.Get(method).Any(type => TypeWalk.Any(type, part =>
            part.NullableAnnotation == NullableAnnotation.Annotated && SymbolEqualityComparer.Default.Equals(part, parameter)));
}
