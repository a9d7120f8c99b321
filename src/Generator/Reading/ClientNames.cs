using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Reading;

/// <summary>Two marked interfaces can ask for clients of one name: <c>IOrders</c> and <c>Orders</c>, or two that lie in types which cannot be reopened.</summary>
internal static class ClientNames
{
    /// <summary>The interface that gets the name instead; null when nobody else wants it, or this one comes first.</summary>
    public static INamedTypeSymbol? OtherClaimant(MarkedService service, CancellationToken cancellationToken)
        => service.IsClass
            ? null
            : new[] { service.Name, "I" + service.Name }
                .SelectMany(name => service.Compilation.GetSymbolsWithName(name, SymbolFilter.Type, cancellationToken))
                .OfType<INamedTypeSymbol>()
                .Where(other => Claims(other, service, cancellationToken))
                .OrderBy(TypeText.ReadableOf, StringComparer.Ordinal)
                .FirstOrDefault(other => string.CompareOrdinal(TypeText.ReadableOf(other), TypeText.ReadableOf(service.Marked)) < 0);

    private static bool Claims(INamedTypeSymbol other, MarkedService service, CancellationToken cancellationToken)
        => other is { TypeKind: TypeKind.Interface, Arity: 0 } &&
            MarkedService.NameOf(other) == service.Name &&
            SymbolEqualityComparer.Default.Equals(other.ContainingNamespace, service.Marked.ContainingNamespace) &&
            SymbolEqualityComparer.Default.Equals(MarkedService.ContainerOf(other, cancellationToken), service.Container) &&
            Mark.Of(other, RuntimeNames.Attribute).Count > 0;
}
