using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// The attributes on an assembly, for services that cannot carry one: services of another assembly, or in code that is
/// not the user's. Attributes in several files can specify the same service, so they are grouped by it.
/// </summary>
internal static class AssemblyAttributes
{
    /// <summary>
    /// Gets the services with an attribute in this file. The compiler passes one file at a time: a service belongs to
    /// the file with its first attribute.
    /// </summary>
    public static IEnumerable<ServiceDeclaration> GetServices(SyntaxTree file, Compilation compilation, CancellationToken cancellationToken)
    {
        var attributes = ByService(ServiceAttribute.GetAll(compilation.Assembly, RuntimeNames.Attribute));
        var methodAttributes = ByService(ServiceAttribute.GetAll(compilation.Assembly, RuntimeNames.MethodAttribute));
        var claimed = new Dictionary<string, INamedTypeSymbol>(StringComparer.Ordinal);
        var services = attributes.Select(static each => each.Key)
            .Concat(methodAttributes.Select(static each => each.Key))
            .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        foreach (var service in services)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var client = ClientNames.GetIdentity(service);
            var other = claimed.TryGetValue(client, out var first) ? first : null;
            if (other is null && attributes[service].Any())
            {
                claimed.Add(client, service);
            }

            if (attributes[service].Concat(methodAttributes[service]).Any(attribute => attribute.File == file))
            {
                yield return ServiceDeclaration.FromAssembly(service, [.. attributes[service]], [.. methodAttributes[service]], other, compilation, cancellationToken);
            }
        }
    }

    private static ILookup<INamedTypeSymbol, ServiceAttribute> ByService(IReadOnlyList<ServiceAttribute> attributes)
        => attributes
            .Select(static attribute => (Attribute: attribute, Service: NamedService.Get(attribute)))
            .Where(static each => each.Service is not null)
            .ToLookup<(ServiceAttribute Attribute, INamedTypeSymbol? Service), INamedTypeSymbol, ServiceAttribute>(
                static each => each.Service!, static each => each.Attribute, SymbolEqualityComparer.Default);
}
