using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>The constraints on the type parameters of a method, as the method that implements it must state them.</summary>
internal static class ConstraintText
{
    private const string Where = " where ";

    /// <summary>The compiler's own words, so that a newer one's <c>allows ref struct</c> is in them, which this one has no name for.</summary>
    private static readonly SymbolDisplayFormat Format = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Included,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers | SymbolDisplayMiscellaneousOptions.UseSpecialTypes |
            SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>
    /// Whether a public method may state them. The type arguments of an interface may have made of a constraint what nobody can
    /// write, <c>where U : string</c>; an explicit implementation has it without a word.
    /// </summary>
    public static bool CanBeWritten(IMethodSymbol method)
        => SymbolEqualityComparer.Default.Equals(method, method.OriginalDefinition) || method.TypeParameters.All(static parameter => parameter.ConstraintTypes.IsEmpty);

    public static string Of(IMethodSymbol method, bool isExplicit)
    {
        if (method.TypeParameters.IsEmpty)
        {
            return "";
        }

        if (isExplicit)
        {
            return string.Concat(method.TypeParameters.Where(parameter => NeedsAWord(parameter, method)).Select(static parameter =>
                $"{Where}{Identifier.Escape(parameter.Name)} : {(parameter.IsReferenceType ? "class" : "default")}"));
        }

        var text = TypeText.Escaped(method, Format);
        return text.IndexOf(Where, StringComparison.Ordinal) is >= 0 and var start ? text.Substring(start) : "";
    }

    /// <summary>Whether a span and its like may stand for a type parameter of a method.</summary>
    public static bool AllowsRefLike(ITypeSymbol type)
        => type is ITypeParameterSymbol { DeclaringMethod: { } method } parameter &&
            Of(method, isExplicit: false).Split([Where], StringSplitOptions.None).Any(clause =>
                clause.StartsWith(Identifier.Escape(parameter.Name) + " :", StringComparison.Ordinal) && clause.EndsWith("allows ref struct", StringComparison.Ordinal));

    /// <summary>An explicit implementation has all constraints without a word, but reads <c>T?</c> as a <see cref="Nullable{T}"/> where nothing says otherwise.</summary>
    private static bool NeedsAWord(ITypeParameterSymbol parameter, IMethodSymbol method)
        => !parameter.IsValueType && SignatureTypes.Of(method).Any(type => TypeWalk.Any(type, part =>
            part.NullableAnnotation == NullableAnnotation.Annotated && SymbolEqualityComparer.Default.Equals(part, parameter)));
}
