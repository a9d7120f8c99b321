using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>From a marked type to the model of its client.</summary>
internal static class ServiceReader
{
    /// <summary>
    /// The models of what is marked on one node: a type, or a file with marks for the assembly. None for a service that cannot be wrapped,
    /// and none for any mark of a service but its first.
    /// </summary>
    public static ReadServices Read(GeneratorAttributeSyntaxContext mark, CancellationToken cancellationToken)
    {
        MarkedService[] services = [.. Marked(mark, cancellationToken)];
        return new(
            services.Select(service => Read(service, cancellationToken)).OfType<ServiceModel>().ToEquatableArray(),
            !UnreadValues.InAttributesOf(mark.TargetSymbol) && !services.Any(static service => service.Members.Any(UnreadValues.InSignatureOf)));
    }

    private static IEnumerable<MarkedService> Marked(GeneratorAttributeSyntaxContext mark, CancellationToken cancellationToken)
    {
        var compilation = mark.SemanticModel.Compilation;
        IEnumerable<MarkedService> services = mark.TargetSymbol switch
        {
            IAssemblySymbol => AssemblyMarks.In(mark.TargetNode.SyntaxTree, compilation, cancellationToken),
            INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Interface } type => [MarkedService.Of(type, compilation, cancellationToken)],
            _ => [],
        };
        return services.Where(service => IsFirst(mark, service));
    }

    private static ServiceModel? Read(MarkedService service, CancellationToken cancellationToken)
    {
        if (service.Problems.Count > 0 || service is not { Marked: { } marked, Interface: { } offered, Inner: { } inner })
        {
            return null;
        }

        var guarded = ClientNames.Guarded(service);
        var typeParameters = TypeParameterReader.List(service.TypeParameters);
        var circuitBreakers = CircuitReader.OfMethods(service);
        var publicNames = new PublicNames(
            service.Members,
            [guarded, .. service.TypeParameters.Select(static parameter => parameter.Name)]);
        var methods = MethodReader.Read(service, publicNames, circuitBreakers, cancellationToken);
        var forwarded = ForwardedReader.Read(service, publicNames);
        return new ServiceModel(
            HintName.Of(marked),
            marked.ContainingNamespace.IsGlobalNamespace ? "" : marked.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted)),
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
            SettingsReader.Read(service.Mark, service),
            !service.HasCircuitPerMethod,
            circuitBreakers,
            methods,
            forwarded,
            forwarded.Count == 0 ? Channel(service, methods) : null,
            UserWarnings.Of([.. new[] { offered, inner }.SelectMany(MarkedService.WithContaining)]).ToEquatableArray());
    }

    /// <summary>A service that is marked twice is a mistake of the user's, and reaches us twice: the first mark writes the client.</summary>
    private static bool IsFirst(GeneratorAttributeSyntaxContext mark, MarkedService service)
        => service.Mark?.Attribute.ApplicationSyntaxReference is { } first &&
            first.SyntaxTree == mark.TargetNode.SyntaxTree && mark.TargetNode.Span.Contains(first.Span);

    private static EquatableArray<ContainingTypeModel> ContainingTypes(MarkedService service)
        => service.Container is { } container
            ? MarkedService.WithContaining(container)
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

    /// <summary>A connection can be opened where a Thrift client is known, and every member of the service is a call that it could make.</summary>
    private static ChannelModel? Channel(MarkedService service, EquatableArray<MethodModel> methods)
        => service.ThriftClient is { } client && methods.All(static method => method.IsPlainCall)
            ? new ChannelModel(TypeText.InCodeOf(client), IsLanguage(LanguageVersion.CSharp11, service.Compilation))
            : null;

    private static bool IsLanguage(LanguageVersion least, Compilation compilation) => compilation is CSharpCompilation project && project.LanguageVersion >= least;
}
