using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>How visible a client may be: as visible as the interface that it offers.</summary>
internal static class AccessibilityText
{
    /// <summary>For a client in the same type as its interface.</summary>
    public static string Inside(INamedTypeSymbol type) => type.DeclaredAccessibility switch
    {
        Accessibility.Public => "public",
        Accessibility.Protected => "protected",
        Accessibility.ProtectedOrInternal => "protected internal",
        Accessibility.ProtectedAndInternal => "private protected",
        Accessibility.Private => "private",
        _ => "internal",
    };

    /// <summary>For a client outside of all types: the least of the interface, what contains it, and its type arguments. Null when it cannot be seen there.</summary>
    public static string? Outside(INamedTypeSymbol type)
    {
        var least = "public";
        foreach (var each in TypeText.NamedIn(type))
        {
            switch (each.DeclaredAccessibility)
            {
                case Accessibility.Public:
                    break;
                case Accessibility.Internal or Accessibility.ProtectedOrInternal:
                    least = "internal";
                    break;
                default:
                    return null;
            }
        }

        return least;
    }
}
