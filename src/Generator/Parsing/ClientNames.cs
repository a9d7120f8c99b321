using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// The names of the generated classes, and whether they are free. Two interfaces can require clients of one name
/// (<c>IOrders</c> and <c>Orders</c>, or two inside types that are not partial), and a type of that name can exist
/// already.
/// </summary>
internal static class ClientNames
{
    public static string Guarded(ServiceDeclaration service) => Prefix(service) + "CircuitBreakerClient";

    /// <summary>Gets the service's name: <c>MyService</c>, or <c>Orders</c> for <c>IOrders</c>.</summary>
    public static string GetServiceName(INamedTypeSymbol service)
        => service is { TypeKind: TypeKind.Interface, Name: { Length: > 1 } name } && name[0] == 'I' && char.IsUpper(name[1])
            ? name.Substring(1)
            : service.Name;

    /// <summary>
    /// Gets namespace, name and arity of the client of a service that an attribute on the assembly specifies.
    /// </summary>
    public static string GetIdentity(INamedTypeSymbol service)
        => $"{TypeText.ReadableOf(service.ContainingNamespace)}:{GetServiceName(service)}`{TypeParameterReader.Get(service, container: null).Count}";

    /// <summary>Gets why the client cannot have its name, and what to do; null if it can.</summary>
    public static string? Obstacle(ServiceDeclaration service, CancellationToken cancellationToken)
    {
        var advice = service.IsOnAssembly ? "derive an interface of another name from it, and mark that" : "rename one of them";
        return (service.Namesake ?? FindClaimant(service, cancellationToken)) is { } other
            ? $"its client would be named '{Guarded(service)}', and so is that of '{TypeText.ReadableOf(other)}'; {advice}"
            : FindOwner(Guarded(service), service) is { } owner ? $"its client would be named '{Guarded(service)}', and so is {owner}; {advice}"
            : null;
    }

    private static string Prefix(ServiceDeclaration service) => service is { IsClass: true, IsOnAssembly: false } ? "" : service.Name;

    /// <summary>
    /// Gets another interface that takes the name; null without one. The first by name wins, and attributes on the
    /// assembly come last.
    /// </summary>
    private static INamedTypeSymbol? FindClaimant(ServiceDeclaration service, CancellationToken cancellationToken)
        => service is { IsClass: true, IsOnAssembly: false }
            ? null
            : TypesBeside(service)
                .Where(other => Claims(other, service, cancellationToken))
                .OrderBy(TypeText.ReadableOf, StringComparer.Ordinal)
                .FirstOrDefault(other => service.IsOnAssembly || string.CompareOrdinal(TypeText.ReadableOf(other), TypeText.ReadableOf(service.Type)) < 0);

    /// <summary>
    /// Gets the types whose clients can be in the same place: beside the service, or anywhere in the types of its
    /// namespace, since not all are partial. (The compiler's search by name visits the whole project each time.)
    /// </summary>
    private static IEnumerable<INamedTypeSymbol> TypesBeside(ServiceDeclaration service)
        => service.Container is { } container ? container.GetTypeMembers()
            : NamespaceHere(service.Type.ContainingNamespace, service.Compilation) is { } space ? space.GetTypeMembers().SelectMany(WithNested)
            : [];

    private static IEnumerable<INamedTypeSymbol> WithNested(INamedTypeSymbol type) => type.GetTypeMembers().SelectMany(WithNested).Prepend(type);

    /// <summary>Gets the part of a namespace that this project declares; null without one.</summary>
    private static INamespaceSymbol? NamespaceHere(INamespaceSymbol space, Compilation compilation)
        => space.IsGlobalNamespace
            ? compilation.Assembly.GlobalNamespace
            : NamespaceHere(space.ContainingNamespace, compilation)?.GetMembers(space.Name).OfType<INamespaceSymbol>().FirstOrDefault();

    private static bool Claims(INamedTypeSymbol other, ServiceDeclaration service, CancellationToken cancellationToken)
        => other is { TypeKind: TypeKind.Interface } &&
            GetServiceName(other) == service.Name &&
            ClientContainer.Find(other, cancellationToken) is var container &&
            SymbolEqualityComparer.Default.Equals(container, service.Container) &&
            TypeParameterReader.Get(other, container).Count == service.TypeParameters.Count &&
            ServiceAttribute.GetAll(other, RuntimeNames.Attribute).Count > 0;

    /// <summary>
    /// Gets what has this name already in the place of the client, other than generated clients; null if the name is
    /// free.
    /// </summary>
    private static string? FindOwner(string name, ServiceDeclaration service)
    {
        var place = service.Container ?? (INamespaceOrTypeSymbol?)service.Compilation.GetCompilationNamespace(service.Type.ContainingNamespace);
        return service.Container?.Name == name
            ? "the type that would contain it"
            : place?.GetMembers(name).Select(member => FindOwner(member, service)).FirstOrDefault(static owner => owner is not null);
    }

    private static string? FindOwner(ISymbol member, ServiceDeclaration service) => member switch
    {
        INamespaceSymbol space => space.Locations.Any(static location => location.IsInSource) ? $"the namespace '{space.ToDisplayString()}'" : null,
        INamedTypeSymbol type when type.Arity != service.TypeParameters.Count || GeneratedCodeTool.HasGenerated(type) => null,
        INamedTypeSymbol type when IsOfThisAssembly(type, service) => "a type of this project",
        INamedTypeSymbol type => service.Compilation.IsSymbolAccessibleWithin(type, service.Compilation.Assembly) ? $"a type of '{type.ContainingAssembly.Name}'" : null,
        _ => $"a member of '{member.ContainingType.Name}'",
    };

    private static bool IsOfThisAssembly(INamedTypeSymbol type, ServiceDeclaration service)
        => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, service.Compilation.Assembly);
}
