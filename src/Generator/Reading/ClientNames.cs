using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Reading;

/// <summary>
/// What the written classes are called, and whether they can be: two marked interfaces may ask for clients of one name (<c>IOrders</c> and
/// <c>Orders</c>, or two that lie in types which cannot be reopened), and there may be a type of that name already.
/// </summary>
internal static class ClientNames
{
    public static string Guarded(MarkedService service) => Prefix(service) + "CircuitBreakerClient";

    public static string Channel(MarkedService service) => Prefix(service) + "ChannelClient";

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
            : Existing(service) is { } type
                ? $"its client would be named '{type.Name}', and so is a type {OwnerOf(type, service)}; {advice}"
                : null;
    }

    private static string Prefix(MarkedService service) => service is { IsClass: true, IsOnAssembly: false } ? "" : service.Name;

    /// <summary>The interface that gets the name instead; null when nobody else wants it, or this one comes first. A mark on an assembly comes last.</summary>
    private static INamedTypeSymbol? OtherClaimant(MarkedService service, CancellationToken cancellationToken)
        => service is { IsClass: true, IsOnAssembly: false }
            ? null
            : new[] { service.Name, "I" + service.Name }
                .SelectMany(name => service.Compilation.GetSymbolsWithName(name, SymbolFilter.Type, cancellationToken))
                .OfType<INamedTypeSymbol>()
                .Where(other => Claims(other, service, cancellationToken))
                .OrderBy(TypeText.ReadableOf, StringComparer.Ordinal)
                .FirstOrDefault(other => service.IsOnAssembly || string.CompareOrdinal(TypeText.ReadableOf(other), TypeText.ReadableOf(service.Marked)) < 0);

    private static bool Claims(INamedTypeSymbol other, MarkedService service, CancellationToken cancellationToken)
        => other is { TypeKind: TypeKind.Interface } &&
            Of(other) == service.Name &&
            TypeText.ReadableOf(other.ContainingNamespace) == TypeText.ReadableOf(service.Marked.ContainingNamespace) &&
            MarkedService.ContainerOf(other, cancellationToken) is var container &&
            SymbolEqualityComparer.Default.Equals(container, service.Container) &&
            TypeParameterReader.Of(other, container).Count == service.TypeParameters.Count &&
            Mark.Of(other, RuntimeNames.Attribute).Count > 0;

    /// <summary>A type that has the name of one of the classes to write, and was not written by us.</summary>
    private static INamedTypeSymbol? Existing(MarkedService service)
    {
        var place = service.Container ?? (INamespaceOrTypeSymbol?)service.Compilation.GetCompilationNamespace(service.Marked.ContainingNamespace);
        string[] names = service.ThriftClient is null ? [Guarded(service)] : [Guarded(service), Channel(service)];
        return names
            .SelectMany(name => place?.GetTypeMembers(name, service.TypeParameters.Count).AsEnumerable() ?? [])
            .FirstOrDefault(type => IsOfThisAssembly(type, service) ? !IsWritten(type) : service.Compilation.IsSymbolAccessibleWithin(type, service.Compilation.Assembly));
    }

    /// <summary>The analyzer sees what the generator has written.</summary>
    private static bool IsWritten(INamedTypeSymbol type)
        => type.GetAttributes().Any(static attribute =>
            TypeText.Is(attribute.AttributeClass, "System.CodeDom.Compiler.GeneratedCodeAttribute") &&
            attribute.ConstructorArguments.FirstOrDefault().Value is "ThriftBreaker");

    private static string OwnerOf(INamedTypeSymbol type, MarkedService service)
        => IsOfThisAssembly(type, service) ? "of yours" : $"of '{type.ContainingAssembly.Name}'";

    private static bool IsOfThisAssembly(INamedTypeSymbol type, MarkedService service)
        => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, service.Compilation.Assembly);
}
