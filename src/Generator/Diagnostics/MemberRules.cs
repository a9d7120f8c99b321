using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Diagnostics;

/// <summary>Which members of a service interface can be guarded, which are forwarded as they are, and which are neither.</summary>
internal static class MemberRules
{
    private const string Begin = "Begin_";
    private const string End = "End_";
    private const string NoCall = "only methods are calls to a server";

    /// <summary>A type or member as messages tell it from its namesakes: <c>IStore&lt;string&gt;</c>, <c>Put(string)</c>.</summary>
    private static readonly SymbolDisplayFormat Short = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>Whether a class that implements the interface has to deal with the member at all.</summary>
    public static bool Concerns(ISymbol member, INamedTypeSymbol serviceInterface) => member switch
    {
        INamedTypeSymbol or IMethodSymbol { AssociatedSymbol: not null } => false,

        // They fill a slot of a base interface, which is dealt with there.
        IMethodSymbol { MethodKind: MethodKind.ExplicitInterfaceImplementation } or
        IPropertySymbol { ExplicitInterfaceImplementations.IsEmpty: false } or
        IEventSymbol { ExplicitInterfaceImplementations.IsEmpty: false } => false,

        _ => IsSlot(member) && !(member.IsStatic && StaticMembers.HasBody(member, serviceInterface)),
    };

    /// <summary>Whether a class can implement the member or accessor, and an inner object may have. With a body it is one too.</summary>
    public static bool IsSlot(ISymbol member)
        => (member.IsAbstract || member.IsVirtual) && member.DeclaredAccessibility != Accessibility.Private;

    /// <summary>Why a member can neither be guarded nor forwarded, and what to do; null when it can.</summary>
    public static string? Obstacle(ISymbol member, MarkedService service) => member switch
    {
        { IsStatic: true } => "a static member belongs to no object that could be wrapped; remove it from the interface",
        IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator or MethodKind.Conversion } => "an operator is no call that could be wrapped; make it a method",
        _ when OfAccess(member, service.Compilation) is { } obstacle => obstacle,
        _ when PriorityOf(member) is var priority && member.ContainingType.GetMembers(member.Name).Any(other => PriorityOf(other) > priority)
            => "an overload of a higher [OverloadResolutionPriority] would be called in its place; give both the same, or another name",
        _ when service.Aliases.Any && service.Aliases.Obstacle(NamedBy(member, service)) is { } obstacle => obstacle,
        _ when HasTwinBefore(member) => $"with these type arguments '{member.ContainingType.ToDisplayString(Short)}' has two members '{member.ToDisplayString(Short)}', and no class can tell them apart; rename one of them",
        _ when SignatureTypes.Of(member).Any(static type => TypeWalk.Any(type, IsPointer)) => "pointers are not supported; pass values",
        IMethodSymbol method => OfTypeParameters(method, service) ?? OfMethod(method),
        IPropertySymbol property => OfProperty(property, service.Compilation),
        _ => null,
    };

    /// <summary>Why a member goes to the inner object without a guard; null when it is guarded.</summary>
    public static string? ReasonToForward(ISymbol member) => member switch
    {
        IPropertySymbol or IEventSymbol => NoCall,
        IMethodSymbol method when ResultReader.EndsLater(method)
            => "it returns before its call has ended, and only a Task, a ValueTask or an IAsyncEnumerable tells how that went; return one of these",
        IMethodSymbol method when IsHalfOfACall(method) => "a Begin_ and its End_ are one call in two halves; the task or the synchronous method is guarded",
        _ => null,
    };

    /// <summary>Whether the method is a <c>Begin_</c> or an <c>End_</c> of old Thrift compilers, which belong together.</summary>
    private static bool IsHalfOfACall(IMethodSymbol method)
    {
        if (method.Name.StartsWith(Begin, StringComparison.Ordinal))
        {
            return IsBegin(method) && HasSibling(method, End + method.Name.Substring(Begin.Length), IsEnd);
        }

        return method.Name.StartsWith(End, StringComparison.Ordinal) &&
            IsEnd(method) && HasSibling(method, Begin + method.Name.Substring(End.Length), IsBegin);
    }

    /// <summary>The member as messages call it.</summary>
    public static string NameOf(ISymbol member) => $"{member.ContainingType.Name}.{member.Name}";

    private static string? OfAccess(ISymbol member, Compilation compilation) => member.DeclaredAccessibility switch
    {
        Accessibility.Public => null,
        Accessibility.Internal or Accessibility.ProtectedOrInternal => IsOurs(member.ContainingAssembly, compilation.Assembly)
            ? null
            : $"it is internal to '{member.ContainingAssembly.Name}'; make it public, or the internals visible to this project",
        _ => "a wrapper cannot call a protected member; make it public",
    };

    private static bool IsOurs(IAssemblySymbol assembly, IAssemblySymbol ours)
        => SymbolEqualityComparer.Default.Equals(assembly, ours) || assembly.GivesAccessTo(ours);

    /// <summary>In the method the name is that of its own one, and the service's cannot be named any more.</summary>
    private static string? OfTypeParameters(IMethodSymbol method, MarkedService service)
        => method.TypeParameters.FirstOrDefault(parameter => TypeParameterReader.InScope(service.Marked).Any(other => other.Name == parameter.Name)) is { } hiding
            ? $"its type parameter '{hiding.Name}' hides that of the service; rename one of them"
            : null;

    private static string? OfMethod(IMethodSymbol method)
    {
        if (method.IsVararg)
        {
            return "__arglist is not supported; pass an array";
        }

        if (OfDynamic(method.Parameters, method.RefKind) is { } obstacle)
        {
            return obstacle;
        }

        // The call is made when the stream is read, and its arguments wait until then.
        return ResultReader.Read(method).Shape == ReturnShape.Stream && method.Parameters.Any(CannotWait)
            ? "a stream is read after the call has returned, when references and spans are gone; pass values"
            : null;
    }

    /// <summary>A dynamic argument is passed as the object that it is, and that one has no reference to it.</summary>
    private static string? OfDynamic(IEnumerable<IParameterSymbol> parameters, RefKind result)
        => parameters.Any(parameter => parameter.Type.TypeKind == TypeKind.Dynamic && parameter.RefKind != RefKind.None && !(parameter.RefKind == RefKind.In && result == RefKind.None))
            ? "a dynamic argument by reference would be bound at run time; name its type"
            : null;

    private static bool CannotWait(IParameterSymbol parameter)
        => parameter.RefKind is RefKind.Ref or RefKind.Out || ParameterReader.KindOf(parameter.Type) == ParameterKind.RefLike;

    private static string? OfProperty(IPropertySymbol property, Compilation compilation)
    {
        if (property.SetMethod is { IsInitOnly: true } init && IsSlot(init))
        {
            return "a wrapper cannot set what may be set only while an object is made; make it 'set', or leave it out";
        }

        return new[] { property.GetMethod, property.SetMethod }
            .Where(static accessor => accessor is not null && IsSlot(accessor))
            .Select(accessor => OfAccess(accessor!, compilation))
            .FirstOrDefault(static obstacle => obstacle is not null) ?? OfDynamic(property.Parameters, property.RefKind);
    }

    /// <summary>All types that the client names for a member, and not for the service itself.</summary>
    private static IEnumerable<ITypeSymbol> NamedBy(ISymbol member, MarkedService service)
        => SignatureTypes.Of(member)
            .Concat(member is IMethodSymbol method ? ContractReader.ExceptionsOf(method) : [])
            .Append(member.ContainingType)
            .Where(type => !SymbolEqualityComparer.Default.Equals(type, service.Interface));

    /// <summary>Whether type arguments have made the member one with another: <c>Put(T)</c> and <c>Put(string)</c> of an <c>IStore&lt;string&gt;</c>.</summary>
    private static bool HasTwinBefore(ISymbol member)
        => !SymbolEqualityComparer.Default.Equals(member.ContainingType, member.ContainingType.OriginalDefinition) &&
            member.ContainingType.GetMembers(member.Name)
                .TakeWhile(other => !SymbolEqualityComparer.Default.Equals(other, member))
                .Any(other => SignatureText.AreSame(other, member));

    private static int PriorityOf(ISymbol member)
        => member.GetAttributes()
            .Where(static attribute => TypeText.Is(attribute.AttributeClass, "System.Runtime.CompilerServices.OverloadResolutionPriorityAttribute"))
            .Select(static attribute => attribute.ConstructorArguments.FirstOrDefault().Value as int? ?? 0)
            .FirstOrDefault();

    private static bool IsBegin(IMethodSymbol method) => TypeText.Is(method.ReturnType, "System.IAsyncResult");

    private static bool IsEnd(IMethodSymbol method) => method.Parameters.Length == 1 && TypeText.Is(method.Parameters[0].Type, "System.IAsyncResult");

    private static bool HasSibling(IMethodSymbol method, string name, Func<IMethodSymbol, bool> fits)
        => method.ContainingType.GetMembers(name).OfType<IMethodSymbol>().Any(fits);

    private static bool IsPointer(ITypeSymbol type) => type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer;
}
