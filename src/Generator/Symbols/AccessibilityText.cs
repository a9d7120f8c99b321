using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>The accessibility modifiers that a class can have which implements an interface.</summary>
internal static class AccessibilityText
{
    /// <summary>Gets the modifiers of a class in the same type as the interface.</summary>
    public static string Inside(INamedTypeSymbol type) => type.DeclaredAccessibility switch
    {
        Accessibility.Public => "public",
        Accessibility.Protected => "protected",
        Accessibility.ProtectedOrInternal => "protected internal",
        Accessibility.ProtectedAndInternal => "private protected",
        Accessibility.Private => "private",
        _ => "internal",
    };

    /// <summary>
    /// Gets the modifier of a class outside of all types: the least accessible of the interface, its containing types
    /// and its type arguments. Null when the interface is not accessible there.
    /// </summary>
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
