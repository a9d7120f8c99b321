using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// The members of a service interface: those that a client implements, and those that it forwards without the circuit
/// breaker.
/// </summary>
internal static class ServiceMember
{
    private const string Begin = "Begin_";
    private const string End = "End_";
    private const string NoCall = "only methods are calls to a server";

    /// <summary>Gets the members that a client implements, in declaration order, inherited members last.</summary>
    public static IEnumerable<ISymbol> GetAll(INamedTypeSymbol serviceInterface)
        => new[] { serviceInterface }
            .Concat(serviceInterface.AllInterfaces)
            .Where(static type => !TypeText.Is(type, "System.IDisposable") && !TypeText.Is(type, "System.IAsyncDisposable"))
            .SelectMany(static type => type.GetMembers())
            .Where(member => IsToImplement(member, serviceInterface));

    /// <summary>
    /// Whether a class can implement the member or accessor. One with a body counts: the inner object can override it.
    /// </summary>
    public static bool IsSlot(ISymbol member)
        => (member.IsAbstract || member.IsVirtual) && member.DeclaredAccessibility != Accessibility.Private;

    /// <summary>Gets why a member is forwarded without the circuit breaker; null if it is protected.</summary>
    public static string? GetReasonToForward(ISymbol member) => member switch
    {
        IPropertySymbol or IEventSymbol => NoCall,
        IMethodSymbol method when ResultReader.EndsLater(method)
            => "it returns before its call has ended, and only a Task, a ValueTask or an IAsyncEnumerable reports the outcome; return one of these",
        IMethodSymbol method when IsHalfOfACall(method) => "a Begin_ and its End_ are one call in two halves; the task or the synchronous method is guarded",
        _ => null,
    };

    /// <summary>Gets the name in messages.</summary>
    public static string GetName(ISymbol member) => $"{member.ContainingType.Name}.{member.Name}";

    private static bool IsToImplement(ISymbol member, INamedTypeSymbol serviceInterface) => member switch
    {
        INamedTypeSymbol or IMethodSymbol { AssociatedSymbol: not null } => false,

        // They fill a slot of a base interface, whose member is in the list.
        IMethodSymbol { MethodKind: MethodKind.ExplicitInterfaceImplementation } or
        IPropertySymbol { ExplicitInterfaceImplementations.IsEmpty: false } or
        IEventSymbol { ExplicitInterfaceImplementations.IsEmpty: false } => false,

        _ => IsSlot(member) && !(member.IsStatic && StaticMembers.HasBody(member, serviceInterface)),
    };

    /// <summary>
    /// Whether the method is a <c>Begin_</c> or an <c>End_</c> of old Thrift compilers, which belong together.
    /// </summary>
    private static bool IsHalfOfACall(IMethodSymbol method)
    {
        if (method.Name.StartsWith(Begin, StringComparison.Ordinal))
        {
            return IsBegin(method) && HasSibling(method, End + method.Name.Substring(Begin.Length), IsEnd);
        }

        return method.Name.StartsWith(End, StringComparison.Ordinal) &&
            IsEnd(method) && HasSibling(method, Begin + method.Name.Substring(End.Length), IsBegin);
    }

    private static bool IsBegin(IMethodSymbol method) => TypeText.Is(method.ReturnType, "System.IAsyncResult");

    private static bool IsEnd(IMethodSymbol method) => method.Parameters.Length == 1 && TypeText.Is(method.Parameters[0].Type, "System.IAsyncResult");

    private static bool HasSibling(IMethodSymbol method, string name, Func<IMethodSymbol, bool> fits)
        => method.ContainingType.GetMembers(name).OfType<IMethodSymbol>().Any(fits);
}
