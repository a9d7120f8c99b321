using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// Parses a service: from its declaration to the model of its client, or to the reasons why it gets none.
/// </summary>
internal static class ServiceParser
{
    /// <summary>
    /// Gets the models of the services on one syntax node: a type, or a file with attributes on the assembly. A service
    /// with several attributes is found several times; the first one gets the client.
    /// </summary>
    public static EquatableArray<ServiceModel> ParseNode(GeneratorAttributeSyntaxContext node, CancellationToken cancellationToken)
    {
        var compilation = node.SemanticModel.Compilation;
        IEnumerable<ServiceDeclaration> services = node.TargetSymbol switch
        {
            IAssemblySymbol => AssemblyAttributes.GetServices(node.TargetNode.SyntaxTree, compilation, cancellationToken),
            INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Interface } type => [ServiceDeclaration.FromType(type, compilation, cancellationToken)],
            _ => [],
        };
        return services
            .Where(service => IsFirst(node, service))
            .Select(service => Parse(service, cancellationToken).Model)
            .OfType<ServiceModel>()
            .ToEquatableArray();
    }

    public static ParseResult Parse(ServiceDeclaration service, CancellationToken cancellationToken)
    {
        var errors = ServiceValidator.GetErrors(service, cancellationToken);
        return new(errors.Count > 0 ? null : CreateModel(service, cancellationToken), errors);
    }

    private static ServiceModel? CreateModel(ServiceDeclaration service, CancellationToken cancellationToken)
    {
        if (service is not { Type: { } type, Interface: { } offered, Inner: { } inner })
        {
            return null;
        }

        var guarded = ClientNames.Guarded(service);
        var typeParameters = TypeParameterReader.List(service.TypeParameters);
        var circuitBreakers = CircuitBreakerReader.ReadMethods(service);
        var publicNames = new PublicNames(
            service.Members,
            [guarded, .. service.TypeParameters.Select(static parameter => parameter.Name)]);
        var methods = MethodReader.Read(service, publicNames, circuitBreakers, cancellationToken);
        var forwarded = ForwardedReader.Read(service, publicNames);
        return new ServiceModel(
            TypeText.IdentityOf(type),
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted)),
            IsLanguage(LanguageVersion.CSharp10, service.Compilation),
            ContainingTypes(service),
            service.Container is null ? AccessibilityText.Outside(offered)! : AccessibilityText.Inside(offered),
            guarded + typeParameters,
            TypeParameterReader.Constraints(service.TypeParameters),
            TypeText.InCodeOf(offered),
            TypeText.InDocumentationOf(offered),
            TypeText.InCodeOf(inner),
            TypeText.InDocumentationOf(inner),
            service.Name,
            SettingsReader.Name(service),
            SettingsReader.Read(service.Attribute, service),
            !service.HasCircuitPerMethod,
            circuitBreakers,
            methods,
            forwarded,
            forwarded.Count == 0 ? Channel(service, methods) : null,
            UserWarnings.GetAttributes([.. new[] { offered, inner }.SelectMany(TypeWalk.WithContaining)]).ToEquatableArray(),
            OmittedPartsReader.Read(service.Compilation));
    }

    private static bool IsFirst(GeneratorAttributeSyntaxContext node, ServiceDeclaration service)
        => service.Attribute?.Data.ApplicationSyntaxReference is { } first &&
            first.SyntaxTree == node.TargetNode.SyntaxTree && node.TargetNode.Span.Contains(first.Span);

    private static EquatableArray<ContainingTypeModel> ContainingTypes(ServiceDeclaration service)
        => service.Container is { } container
            ? TypeWalk.WithContaining(container)
                .Select(static type => new ContainingTypeModel("partial " + Keyword(type), Identifier.Escape(type.Name) + TypeParameterReader.List(type.TypeParameters)))
                .ToEquatableArray()
            : default;

    private static string Keyword(INamedTypeSymbol type) => (type.TypeKind, type.IsRecord) switch
    {
        (TypeKind.Interface, _) => "interface",
        (TypeKind.Struct, true) => "record struct",
        (TypeKind.Struct, false) => "struct",
        (_, true) => "record",
        _ => "class",
    };

    /// <summary>
    /// A connection can be opened where a Thrift client is known, and every member of the service is a call that it
    /// could make.
    /// </summary>
    private static ChannelModel? Channel(ServiceDeclaration service, EquatableArray<MethodModel> methods)
        => service.ThriftClient is { } client && methods.All(static method => method.IsPlainCall)
            ? new ChannelModel(TypeText.InCodeOf(client), IsLanguage(LanguageVersion.CSharp11, service.Compilation))
            : null;

    private static bool IsLanguage(LanguageVersion least, Compilation compilation) => compilation is CSharpCompilation project && project.LanguageVersion >= least;
}
