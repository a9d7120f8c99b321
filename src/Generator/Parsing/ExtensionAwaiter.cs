using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>Extension methods by which C# awaits an object.</summary>
internal static class ExtensionAwaiter
{
    private const string Name = "GetAwaiter";

    /// <summary>
    /// Whether such a method is in scope where the service is declared. Types of the framework's root are values:
    /// libraries make numbers and time spans awaitable.
    /// </summary>
    public static bool IsFor(INamedTypeSymbol type, IMethodSymbol method, ServiceDeclaration service)
        => type is { SpecialType: SpecialType.None, IsUnboundGenericType: false } && !IsOfRoot(type) && FindPlace(method, service) is { } place &&
            service.Compilation.GetSemanticModel(place.SourceTree!)
                .LookupSymbols(place.SourceSpan.Start, type, Name, includeReducedExtensionMethods: true)
                .Any(static found => found is IMethodSymbol { MethodKind: MethodKind.ReducedExtension, Parameters.IsEmpty: true });

    private static bool IsOfRoot(INamedTypeSymbol type) => type.ContainingNamespace is { Name: nameof(System), ContainingNamespace.IsGlobalNamespace: true };

    /// <summary>The method, or the attribute that specifies a service of another project.</summary>
    private static Location? FindPlace(IMethodSymbol method, ServiceDeclaration service)
        => method.Locations.Concat(service.Type.Locations)
            .Append(service.Attribute?.Data.ApplicationSyntaxReference is { } attribute ? Location.Create(attribute.SyntaxTree, attribute.Span) : Location.None)
            .FirstOrDefault(location => location.SourceTree is { } file && service.Compilation.ContainsSyntaxTree(file));
}
