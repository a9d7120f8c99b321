using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>A type and its parts: element types, type arguments, and containing types.</summary>
internal static class TypeWalk
{
    /// <summary>Gets the type and all that contain it, outermost first.</summary>
    public static IEnumerable<INamedTypeSymbol> WithContaining(INamedTypeSymbol type)
        => type.ContainingType is { } outer ? WithContaining(outer).Append(type) : [type];

    /// <summary>
    /// Gets the type and the types of what it contains, each before its own parts. A delegate contains nothing.
    /// </summary>
    public static IEnumerable<ITypeSymbol> GetParts(ITypeSymbol type) => (type switch
    {
        IArrayTypeSymbol array => GetParts(array.ElementType),
        IPointerTypeSymbol pointer => GetParts(pointer.PointedAtType),
        INamedTypeSymbol { TypeKind: not TypeKind.Delegate } named => named.TypeArguments.SelectMany(GetParts).Concat(named.ContainingType is { IsGenericType: true } outer ? GetParts(outer) : []),
        _ => [],
    }).Prepend(type);

    /// <summary>Whether a predicate holds for a type or any of its parts.</summary>
    public static bool Any(ITypeSymbol type, Func<ITypeSymbol, bool> holds)
    {
        if (holds(type))
        {
            return true;
        }

        switch (type)
        {
            case IArrayTypeSymbol array:
                return Any(array.ElementType, holds);

            case IPointerTypeSymbol pointer:
                return Any(pointer.PointedAtType, holds);

            case INamedTypeSymbol named:
                foreach (var argument in named.TypeArguments)
                {
                    if (Any(argument, holds))
                    {
                        return true;
                    }
                }

                return named.ContainingType is { IsGenericType: true } outer && Any(outer, holds);

            default:
                return false;
        }
    }
}
