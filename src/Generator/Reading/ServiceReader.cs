using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Reading;

/// <summary>From a marked type to the model of its client.</summary>
internal static class ServiceReader
{
    /// <summary>The model; null for a service that cannot be wrapped, and for every part of a partial type but the first marked one.</summary>
    public static ServiceModel? Read(GeneratorAttributeSyntaxContext mark, CancellationToken cancellationToken)
    {
        if (mark.TargetSymbol is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Interface } marked)
        {
            return null;
        }

        var service = MarkedService.Of(marked, mark.SemanticModel.Compilation, cancellationToken);
        if (!IsFirst(mark, service) || service.Problems.Count > 0 || service is not { Interface: { } offered, Inner: { } inner })
        {
            return null;
        }

        var prefix = service.IsClass ? "" : service.Name;
        var guarded = prefix + "CircuitBreakerClient";
        var channel = prefix + "ChannelClient";
        var circuits = CircuitReader.MethodCircuits(service);
        var methods = MethodReader.Read(service, [guarded, channel, .. circuits.Select(static circuit => circuit.Field)], cancellationToken);
        return new ServiceModel(
            HintName.Of(marked),
            marked.ContainingNamespace.IsGlobalNamespace ? "" : marked.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted)),
            ContainingTypes(service),
            service.Container is null ? AccessibilityText.Outside(marked)! : AccessibilityText.Inside(offered),
            guarded,
            TypeText.InCodeOf(offered),
            TypeText.InCodeOf(inner),
            service.Name,
            SettingsReader.Name(service),
            SettingsReader.Read(service.Mark, service),
            !service.HasCircuitPerMethod,
            circuits,
            methods,
            Channel(service, channel, methods),
            new[] { offered, inner }.SelectMany(MarkedService.WithContaining).Select(ObsoleteReader.Read).FirstOrDefault(static attribute => attribute is not null));
    }

    /// <summary>A mark on two parts of one type is an error of the user's, and reaches us twice: one of them writes the client.</summary>
    private static bool IsFirst(GeneratorAttributeSyntaxContext mark, MarkedService service)
        => service.Mark?.Attribute.ApplicationSyntaxReference is not { } first ||
            (first.SyntaxTree == mark.TargetNode.SyntaxTree && mark.TargetNode.Span.Contains(first.Span));

    private static EquatableArray<string> ContainingTypes(MarkedService service)
        => service.Container is { } container
            ? MarkedService.WithContaining(container).Select(static type => $"partial {Keyword(type)} {Identifier.Escape(type.Name)}").ToEquatableArray()
            : default;

    private static string Keyword(INamedTypeSymbol type) => (type.TypeKind, type.IsRecord) switch
    {
        (TypeKind.Interface, _) => "interface",
        (TypeKind.Struct, true) => "record struct",
        (TypeKind.Struct, false) => "struct",
        (_, true) => "record",
        _ => "class",
    };

    /// <summary>A connection can be opened where a Thrift client is known, and every method of the service is asynchronous.</summary>
    private static ChannelModel? Channel(MarkedService service, string name, EquatableArray<MethodModel> methods)
        => service.ThriftClient is { } client && methods.All(static method => method.Returns == ReturnShape.Task)
            ? new ChannelModel(name, TypeText.InCodeOf(client))
            : null;
}
