using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ThriftBreaker.Generator.Reading;
using ThriftBreaker.Generator.Writing;

namespace ThriftBreaker.Generator;

/// <summary>
/// Finds Thrift services marked with <c>[CircuitBreaker]</c> and writes a client for each that routes every call through a
/// circuit breaker. What cannot be wrapped is passed over here and explained by <see cref="Rules.CircuitBreakerAnalyzer"/>.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class CircuitBreakerGenerator : IIncrementalGenerator
{
    /// <summary>The name of the one step, as tests of caching see it.</summary>
    internal const string ServicesStep = "Services";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var services = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                RuntimeNames.Attribute,
                predicate: static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax or InterfaceDeclarationSyntax,
                transform: static (mark, cancellationToken) => ServiceReader.Read(mark, cancellationToken))
            .Where(static service => service is not null)
            .WithTrackingName(ServicesStep);

        context.RegisterSourceOutput(services, static (output, service) =>
            output.AddSource(service!.HintName, ServiceWriter.Write(service)));
    }
}
