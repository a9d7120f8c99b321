using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// What the author of a type warns its users of: it is obsolete, or an experiment. The user of the client should be told as the user of the
/// interface is, and code with the same warning may use what has it.
/// </summary>
internal static class UserWarnings
{
    private const string Obsolete = "System.ObsoleteAttribute";
    private const string Experimental = "System.Diagnostics.CodeAnalysis.ExperimentalAttribute";

    /// <summary>The first warning of each kind on these types, as an attribute to repeat.</summary>
    public static IEnumerable<string> Of(IReadOnlyCollection<INamedTypeSymbol> types)
        => new[] { Obsolete, Experimental }
            .Select(kind => types.Select(type => Find(type, kind)).FirstOrDefault(static attribute => attribute is not null))
            .OfType<AttributeData>()
            .Select(AttributeText.Of)
            .OfType<string>()
            .Select(static text => $"[{text}]");

    public static bool AreOn(ISymbol symbol) => IsObsolete(symbol) || Find(symbol, Experimental) is not null;

    public static bool IsObsolete(ISymbol symbol) => Find(symbol, Obsolete) is not null;

    private static AttributeData? Find(ISymbol symbol, string kind) => symbol.GetAttributes().FirstOrDefault(attribute => TypeText.Is(attribute.AttributeClass, kind));
}
