using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ThriftBreaker.Generator.Parsing;
using ThriftBreaker.Generator.Remembering;
using ThriftBreaker.Generator.Emission;

namespace ThriftBreaker.Generator;

/// <summary>
/// Finds Thrift services marked with <c>[CircuitBreaker]</c> and writes a client for each that routes every call through a
/// circuit breaker. What cannot be wrapped is passed over here and explained by <see cref="Diagnostics.CircuitBreakerAnalyzer"/>.
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
                // A file is what marks on the assembly stand on.
                predicate: static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax or InterfaceDeclarationSyntax or CompilationUnitSyntax,
                transform: static (mark, cancellationToken) => RememberedServices.Read(mark, ServiceReader.Read, cancellationToken))
            .SelectMany(static (services, _) => services)
            .WithTrackingName(ServicesStep);

        context.RegisterSourceOutput(services, static (output, service) =>
            output.AddSource(service.HintName, ServiceWriter.Write(service)));
    }
}
