using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// What the written classes are called, and whether they can be: two marked interfaces may ask for clients of one name (<c>IOrders</c> and
/// <c>Orders</c>, or two that lie in types which cannot be reopened), and there may be a type of that name already.
/// </summary>
internal static class ClientNames
{
    public static string Guarded(MarkedService service) => Prefix(service) + "CircuitBreakerClient";

    /// <summary>The service's own name: <c>MyService</c>, or <c>Orders</c> for <c>IOrders</c>.</summary>
    public static string Of(INamedTypeSymbol service)
        => service is { TypeKind: TypeKind.Interface, Name: { Length: > 1 } name } && name[0] == 'I' && char.IsUpper(name[1])
            ? name.Substring(1)
            : service.Name;

    /// <summary>Where the client of a service goes that the assembly's mark names, as text to compare.</summary>
    public static string PlaceOf(INamedTypeSymbol service)
        => $"{TypeText.ReadableOf(service.ContainingNamespace)}:{Of(service)}`{TypeParameterReader.Of(service, container: null).Count}";

    /// <summary>Why the client cannot have its name, and what to do; null when it can.</summary>
    /// <param name="service">The service.</param>
    /// <param name="earlier">The service that an earlier mark of the assembly names, and that has the client of this name.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static string? Obstacle(MarkedService service, INamedTypeSymbol? earlier, CancellationToken cancellationToken)
    {
        var advice = service.IsOnAssembly ? "derive an interface of another name from it, and mark that" : "rename one of them";
        return (earlier ?? OtherClaimant(service, cancellationToken)) is { } other
            ? $"its client would be named '{Guarded(service)}', and so is that of '{TypeText.ReadableOf(other)}'; {advice}"
            : OwnerOf(Guarded(service), service) is { } owner ? $"its client would be named '{Guarded(service)}', and so is {owner}; {advice}"
            : null;
    }

    private static string Prefix(MarkedService service) => service is { IsClass: true, IsOnAssembly: false } ? "" : service.Name;

    /// <summary>The interface that gets the name instead; null when nobody else wants it, or this one comes first. A mark on an assembly comes last.</summary>
    private static INamedTypeSymbol? OtherClaimant(MarkedService service, CancellationToken cancellationToken)
        => service is { IsClass: true, IsOnAssembly: false }
            ? null
            : TypesBeside(service)
                .Where(other => Claims(other, service, cancellationToken))
                .OrderBy(TypeText.ReadableOf, StringComparer.Ordinal)
                .FirstOrDefault(other => service.IsOnAssembly || string.CompareOrdinal(TypeText.ReadableOf(other), TypeText.ReadableOf(service.Marked)) < 0);

    /// <summary>
    /// The types whose clients may lie where the service's does: beside it, or anywhere in the types of its namespace, since not all can be
    /// reopened. (The compiler has a search for names, which walks through the whole project for each.)
    /// </summary>
    private static IEnumerable<INamedTypeSymbol> TypesBeside(MarkedService service)
        => service.Container is { } container ? container.GetTypeMembers()
            : NamespaceHere(service.Marked.ContainingNamespace, service.Compilation) is { } space ? space.GetTypeMembers().SelectMany(WithNested)
            : [];

    private static IEnumerable<INamedTypeSymbol> WithNested(INamedTypeSymbol type) => type.GetTypeMembers().SelectMany(WithNested).Prepend(type);

    /// <summary>The part of a namespace that this project declares; null where it declares nothing in it.</summary>
    private static INamespaceSymbol? NamespaceHere(INamespaceSymbol space, Compilation compilation)
        => space.IsGlobalNamespace
            ? compilation.Assembly.GlobalNamespace
            : NamespaceHere(space.ContainingNamespace, compilation)?.GetMembers(space.Name).OfType<INamespaceSymbol>().FirstOrDefault();

    private static bool Claims(INamedTypeSymbol other, MarkedService service, CancellationToken cancellationToken)
        => other is { TypeKind: TypeKind.Interface } &&
            Of(other) == service.Name &&
            MarkedService.ContainerOf(other, cancellationToken) is var container &&
            SymbolEqualityComparer.Default.Equals(container, service.Container) &&
            TypeParameterReader.Of(other, container).Count == service.TypeParameters.Count &&
            Mark.Of(other, RuntimeNames.Attribute).Count > 0;

    /// <summary>Who has this name already, where the client would lie, and was not written by us; null for nobody.</summary>
    private static string? OwnerOf(string name, MarkedService service)
    {
        var place = service.Container ?? (INamespaceOrTypeSymbol?)service.Compilation.GetCompilationNamespace(service.Marked.ContainingNamespace);
        return service.Container?.Name == name
            ? "the type that it would lie in"
            : place?.GetMembers(name).Select(member => OwnerOf(member, service)).FirstOrDefault(static owner => owner is not null);
    }

    private static string? OwnerOf(ISymbol member, MarkedService service) => member switch
    {
        INamespaceSymbol space => space.Locations.Any(static location => location.IsInSource) ? $"the namespace '{space.ToDisplayString()}'" : null,
        INamedTypeSymbol type when type.Arity != service.TypeParameters.Count || WrittenByUs.Is(type) => null,
        INamedTypeSymbol type when IsOfThisAssembly(type, service) => "a type of yours",
        INamedTypeSymbol type => service.Compilation.IsSymbolAccessibleWithin(type, service.Compilation.Assembly) ? $"a type of '{type.ContainingAssembly.Name}'" : null,
        _ => $"a member of '{member.ContainingType.Name}'",
    };

    private static bool IsOfThisAssembly(INamedTypeSymbol type, MarkedService service)
        => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, service.Compilation.Assembly);
}
