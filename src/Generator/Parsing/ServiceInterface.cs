using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// The interface of a service: nested in the service class of the Thrift compiler, or an interface by itself.
/// </summary>
internal static class ServiceInterface
{
    /// <summary>The names of the interface inside a service class, in order of preference.</summary>
    private static readonly string[] InterfaceNames = ["Iface", "IAsync", "ISync"];

    /// <summary>Whether an interface inside a service class has a name that the Thrift compiler gives.</summary>
    public static bool HasThriftName(INamedTypeSymbol type) => type.Arity == 0 && InterfaceNames.Contains(type.Name, StringComparer.Ordinal);

    public static INamedTypeSymbol? FindIn(INamedTypeSymbol serviceClass)
        => InterfaceNames
            .SelectMany(name => serviceClass.GetTypeMembers(name, arity: 0))
            .FirstOrDefault(static type => type.TypeKind == TypeKind.Interface);

    /// <summary>
    /// Gets the only interface that an interface without own members derives from; otherwise the interface itself.
    /// </summary>
    public static INamedTypeSymbol GetInner(INamedTypeSymbol service, ExternAliases aliases)
        => service.GetMembers().IsEmpty && GetNearestBases(service) is { Length: 1 } bases && aliases.Obstacle(bases) is null ? bases[0] : service;

    /// <summary>A compiled interface lists the bases of its bases, too; those are left out.</summary>
    private static INamedTypeSymbol[] GetNearestBases(INamedTypeSymbol type)
        => [.. type.Interfaces.Where(each => !type.Interfaces.Any(other => other.AllInterfaces.Contains(each, SymbolEqualityComparer.Default)))];
}
