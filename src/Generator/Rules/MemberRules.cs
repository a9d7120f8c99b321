using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Reading;

namespace ThriftBreaker.Generator.Rules;

/// <summary>Which members of a service interface can be guarded.</summary>
internal static class MemberRules
{
    /// <summary>Whether a class that implements the interface has to deal with the member at all.</summary>
    public static bool Concerns(ISymbol member) => member switch
    {
        INamedTypeSymbol => false,
        IMethodSymbol { AssociatedSymbol: not null } or IMethodSymbol { MethodKind: MethodKind.ExplicitInterfaceImplementation } => false,
        _ => (member.IsAbstract || member.IsVirtual) && member.DeclaredAccessibility != Accessibility.Private && !(member.IsStatic && !member.IsAbstract),
    };

    /// <summary>Why a member cannot be guarded, and what to do; null when it can.</summary>
    public static string? Obstacle(ISymbol member) => member switch
    {
        { IsStatic: true } => "a static member belongs to no object that could be wrapped; remove it from the interface",
        { DeclaredAccessibility: not (Accessibility.Public or Accessibility.Internal) } => "a wrapper cannot call a protected member; make it public",
        IMethodSymbol method => Obstacle(method),
        IPropertySymbol => "only methods are calls to a server; move the property out of the service interface",
        IEventSymbol => "only methods are calls to a server; move the event out of the service interface",
        _ => "only methods are calls to a server; move it out of the service interface",
    };

    private static string? Obstacle(IMethodSymbol method)
    {
        if (method.IsGenericMethod)
        {
            return "generic methods are not supported; declare one method for each type";
        }

        if (method.RefKind != RefKind.None || method.Parameters.Any(static parameter => parameter.RefKind != RefKind.None))
        {
            return "ref, in and out are not supported; pass values";
        }

        if (IsPointer(method.ReturnType) || method.Parameters.Any(static parameter => IsPointer(parameter.Type)))
        {
            return "pointers are not supported; pass values";
        }

        if (method.Parameters.Any(static parameter => parameter.Type.TypeKind == TypeKind.Dynamic))
        {
            return "a dynamic argument would be bound at run time; name its type";
        }

        if (TypeText.Is(method.ReturnType, "System.Collections.Generic.IAsyncEnumerable`1"))
        {
            return "the call would be over before the stream is read; return a task of a list";
        }

        return null;
    }

    private static bool IsPointer(ITypeSymbol type)
        => type is IArrayTypeSymbol array ? IsPointer(array.ElementType) : type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer;
}
