using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>A type and everything that it is made of: elements, type arguments, and those of the types around it.</summary>
internal static class TypeWalk
{
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
