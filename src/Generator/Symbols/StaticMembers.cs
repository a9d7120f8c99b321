using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>Static members that an interface requires of its implementations.</summary>
internal static class StaticMembers
{
    /// <summary>
    /// Whether a class need not implement the member: it has a body, or the most derived interface that fills its slot
    /// gives it one. Without a single most derived interface, the body is ambiguous and the member counts as missing.
    /// </summary>
    public static bool HasBody(ISymbol member, INamedTypeSymbol implemented)
    {
        ISymbol[] fillings = [.. implemented.AllInterfaces.Add(implemented).SelectMany(static each => each.GetMembers()).Where(each => Fills(each, member))];
        return fillings.Length == 0
            ? !member.IsAbstract
            : fillings.FirstOrDefault(each => fillings.All(other => IsThatOrDerived(each.ContainingType, other.ContainingType))) is { IsAbstract: false };
    }

    /// <summary>
    /// Whether an interface has a static member without a body: C# does not allow it as a type argument then.
    /// </summary>
    public static bool AreMissing(INamedTypeSymbol type)
        => type.AllInterfaces.Add(type).SelectMany(static each => each.GetMembers()).Any(member => member is { IsStatic: true, IsAbstract: true } && !IsFilling(member) && !HasBody(member, type));

    private static bool IsFilling(ISymbol member) => member switch
    {
        IMethodSymbol method => !method.ExplicitInterfaceImplementations.IsEmpty,
        IPropertySymbol property => !property.ExplicitInterfaceImplementations.IsEmpty,
        IEventSymbol @event => !@event.ExplicitInterfaceImplementations.IsEmpty,
        _ => false,
    };

    private static bool Fills(ISymbol filling, ISymbol member) => filling switch
    {
        IMethodSymbol method => method.ExplicitInterfaceImplementations.Contains(member, SymbolEqualityComparer.Default),
        IPropertySymbol property => property.ExplicitInterfaceImplementations.Contains(member, SymbolEqualityComparer.Default),
        IEventSymbol @event => @event.ExplicitInterfaceImplementations.Contains(member, SymbolEqualityComparer.Default),
        _ => false,
    };

    private static bool IsThatOrDerived(INamedTypeSymbol type, INamedTypeSymbol other)
        => SymbolEqualityComparer.Default.Equals(type, other) || type.AllInterfaces.Contains(other, SymbolEqualityComparer.Default);
}
