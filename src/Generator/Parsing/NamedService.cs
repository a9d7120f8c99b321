using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>The service that an attribute on the assembly specifies: a service class or an interface.</summary>
internal static class NamedService
{
    /// <summary>
    /// Gets the service; null if the attribute specifies none, which <see cref="AssemblyAttributeValidator"/> explains.
    /// </summary>
    public static INamedTypeSymbol? Get(ServiceAttribute attribute)
        => GetSpecifiedType(attribute) is { } type ? GetInterface(attribute) is null ? type : type.ContainingType : null;

    /// <summary>
    /// Gets the interface if it is specified inside its service: <c>typeof(MyService.IAsync)</c> is the service
    /// <c>MyService</c>.
    /// </summary>
    public static INamedTypeSymbol? GetInterface(ServiceAttribute attribute)
        => GetSpecifiedType(attribute) is { TypeKind: TypeKind.Interface, ContainingType.TypeKind: TypeKind.Class } type && ServiceInterface.HasThriftName(type)
            ? type
            : null;

    /// <summary>An open generic type, <c>typeof(IStore&lt;&gt;)</c>, is its definition.</summary>
    private static INamedTypeSymbol? GetSpecifiedType(ServiceAttribute attribute)
        => attribute is { IsBroken: false, ServiceArgument: { Kind: TypedConstantKind.Type, Value: INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Interface } type } }
            ? type.IsUnboundGenericType ? type.OriginalDefinition : type
            : null;
}
