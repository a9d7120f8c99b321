using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>
/// The warnings that a type's author attached to it: obsolete or experimental. Users of the client get the same
/// warnings as users of the interface, and code with the same warning can use the type without another.
/// </summary>
internal static class UserWarnings
{
    private const string Obsolete = "System.ObsoleteAttribute";
    private const string Experimental = "System.Diagnostics.CodeAnalysis.ExperimentalAttribute";

    /// <summary>Gets the first warning of each kind on these types, as an attribute to repeat.</summary>
    public static IEnumerable<string> GetAttributes(IReadOnlyCollection<INamedTypeSymbol> types)
        => new[] { Obsolete, Experimental }
            .Select(kind => types.Select(type => Find(type, kind)).FirstOrDefault(static attribute => attribute is not null))
            .OfType<AttributeData>()
            .Select(AttributeText.ToCode)
            .OfType<string>()
            .Select(static text => $"[{text}]");

    public static bool AreOn(ISymbol symbol) => IsObsolete(symbol) || Find(symbol, Experimental) is not null;

    public static bool IsObsolete(ISymbol symbol) => Find(symbol, Obsolete) is not null;

    private static AttributeData? Find(ISymbol symbol, string kind) => symbol.GetAttributes().FirstOrDefault(attribute => TypeText.Is(attribute.AttributeClass, kind));
}
