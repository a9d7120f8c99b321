using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ThriftBreaker.Generator.Caching;
using ThriftBreaker.Generator.Emission;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator;

/// <summary>
/// Generates a client for each Thrift service marked with <c>[CircuitBreaker]</c>, which routes every call through a
/// circuit breaker. Services with errors get no client; <see cref="CircuitBreakerAnalyzer"/> reports the errors.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class CircuitBreakerGenerator : IIncrementalGenerator
{
    /// <summary>The tracking name of the models, for tests of caching.</summary>
    internal const string ServicesStep = "Services";

    /// <summary>The tracking name of the file names that are not unique, for tests of caching.</summary>
    internal const string AmbiguousNamesStep = "AmbiguousNames";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var services = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                RuntimeNames.Attribute,
                // The node of an attribute on the assembly is the file.
                predicate: static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax or InterfaceDeclarationSyntax or CompilationUnitSyntax,
                transform: static (node, cancellationToken) => DeclarationCache.GetOrParse(node, ServiceParser.ParseNode, cancellationToken))
            .SelectMany(static (services, _) => services)
            .WithTrackingName(ServicesStep);

        var ambiguousNames = services
            .Select(static (service, _) => service.Identity)
            .Collect()
            .Select(static (identities, _) => HintName.FindAmbiguous(identities))
            .WithTrackingName(AmbiguousNamesStep);

        context.RegisterSourceOutput(services.Combine(ambiguousNames), static (output, input) =>
        {
            var (service, ambiguous) = input;
            output.AddSource(HintName.Get(service.Identity, ambiguous), ServiceWriter.Write(service));
        });
    }
}
