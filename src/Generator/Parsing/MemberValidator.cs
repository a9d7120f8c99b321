using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>Why a client cannot implement a member of a service interface.</summary>
internal static class MemberValidator
{
    /// <summary>Gets why a member can be neither protected nor forwarded, and what to do; null if it can.</summary>
    public static string? Obstacle(ISymbol member, ServiceDeclaration service) => member switch
    {
        { IsStatic: true } => "a static member has no object that could be wrapped; remove it from the interface",
        IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator or MethodKind.Conversion } => "an operator is not a call that could be wrapped; make it a method",
        _ when OfAccess(member, service.Compilation) is { } obstacle => obstacle,
        _ when PriorityOf(member) is var priority && member.ContainingType.GetMembers(member.Name).Any(other => PriorityOf(other) > priority)
            => "an overload of a higher [OverloadResolutionPriority] would be called in its place; give both the same, or another name",
        _ when service.Aliases.Any && service.Aliases.Obstacle(NamedBy(member, service)) is { } obstacle => obstacle,
        _ when HasTwinBefore(member) => $"with these type arguments '{TypeText.ShortOf(member.ContainingType)}' has two members '{TypeText.ShortOf(member)}', and no class can implement them separately; rename one of them",
        _ when SignatureTypes.Get(member).Any(static type => TypeWalk.Any(type, IsPointer)) => "pointers are not supported; pass values",
        IMethodSymbol method => OfTypeParameters(method, service) ?? OfMethod(method),
        IPropertySymbol property => OfProperty(property, service.Compilation),
        _ => null,
    };

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

    /// <summary>The method could not name the type parameter of the service.</summary>
    private static string? OfTypeParameters(IMethodSymbol method, ServiceDeclaration service)
        => method.TypeParameters.FirstOrDefault(parameter => TypeParameterReader.InScope(service.Type).Any(other => other.Name == parameter.Name)) is { } hiding
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

        // The call starts when the stream is read, and its arguments are kept until then.
        return ResultReader.Read(method).Shape == ReturnShape.Stream && method.Parameters.Any(CannotBeKept)
            ? "a stream is read after the call has returned, when references and spans are gone; pass values"
            : null;
    }

    /// <summary>A dynamic argument is passed as an object, which has no reference to the variable.</summary>
    private static string? OfDynamic(IEnumerable<IParameterSymbol> parameters, RefKind result)
        => parameters.Any(parameter => parameter.Type.TypeKind == TypeKind.Dynamic && parameter.RefKind != RefKind.None && !(parameter.RefKind == RefKind.In && result == RefKind.None))
            ? "a dynamic argument by reference would be bound at run time; name its type"
            : null;

    private static bool CannotBeKept(IParameterSymbol parameter)
        => parameter.RefKind is RefKind.Ref or RefKind.Out || ParameterReader.KindOf(parameter.Type) == ParameterKind.RefLike;

    private static string? OfProperty(IPropertySymbol property, Compilation compilation)
    {
        if (property.SetMethod is { IsInitOnly: true } init && ServiceMember.IsSlot(init))
        {
            return "a wrapper cannot set what may be set only while an object is made; make it 'set', or leave it out";
        }

        return new[] { property.GetMethod, property.SetMethod }
            .Where(static accessor => accessor is not null && ServiceMember.IsSlot(accessor))
            .Select(accessor => OfAccess(accessor!, compilation))
            .FirstOrDefault(static obstacle => obstacle is not null) ?? OfDynamic(property.Parameters, property.RefKind);
    }

    /// <summary>Gets all types that the client names for a member.</summary>
    private static IEnumerable<ITypeSymbol> NamedBy(ISymbol member, ServiceDeclaration service)
        => SignatureTypes.Get(member)
            .Concat(member is IMethodSymbol method ? ContractReader.GetExceptions(method) : [])
            .Append(member.ContainingType)
            .Where(type => !SymbolEqualityComparer.Default.Equals(type, service.Interface));

    /// <summary>
    /// Whether type arguments give two members one signature: <c>Put(T)</c> and <c>Put(string)</c> of an
    /// <c>IStore&lt;string&gt;</c>.
    /// </summary>
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

    private static bool IsPointer(ITypeSymbol type) => type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer;
}
