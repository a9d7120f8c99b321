using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using ThriftBreaker.Generator.Tests.Harness;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// Contracts of public projects: the services that the Thrift compiler generates from them get the attribute, in their
/// own project and from another one, and compile together with their clients.
/// </summary>
public sealed class RealContractTests
{
    /// <summary>
    /// The number of services in the folder, and in every fourth contract. A lower number means that services are no
    /// longer found.
    /// </summary>
    private const int MinServices = 174;
    private const int MinServicesOfAFourth = 43;

    private static readonly SymbolDisplayFormat InCode =
        SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    [Fact]
    public void EveryGeneratedServiceIsGuardedWithoutAWarning()
    {
        RealContract.SkipUnlessAvailable();

        var (contracts, services, methods, empty) = (0, 0, 0, 0);
        var failures = new List<string>();
        var refused = new List<string>();
        // All contracts take one to two minutes.
        foreach (var contract in RealContract.WithServices.Where(static (_, number) => TestRun.IsLong || number % 4 == 0))
        {
            var files = contract.Generate();
            if (files.Count == 0)
            {
                refused.Add(contract.Name);
                continue;
            }

            var input = new GeneratorInput([.. files.Values]);
            var project = input.Compile();
            var own = contract.OwnFiles();
            var generated = files.Keys.Zip(project.SyntaxTrees)
                .Where(file => own.Contains(file.First))
                .SelectMany(file => ServicesIn(project.GetSemanticModel(file.Second)))
                .ToLookup(static service => CountMethods(service) > 0);
            INamedTypeSymbol[] marked = [.. generated[true]];
            if (marked.Length == 0)
            {
                continue;
            }

            contracts++;
            services += marked.Length;
            methods += marked.Sum(CountMethods);
            empty += generated[false].Count();
            var parts = input.File(string.Concat(marked.Select(OnPart)), files.Count);
            var outside = new GeneratorInput(string.Concat(marked.Select(OnAssembly))) { AdditionalReference = project.ToMetadataReference() };
            var caller = outside.Compile();
            failures.AddRange(GetProblems(marked.Length, parts, project.AddSyntaxTrees(parts), input)
                .Concat(GetProblems(marked.Length, caller.SyntaxTrees[0], caller, outside))
                .Select(problem => $"{contract.Name}: {problem}"));
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{services} services of {contracts} contracts are guarded, with {methods} methods, inherited ones included; {empty} more have no method. The Thrift compiler refuses {refused.Count} contracts: {string.Join(", ", refused)}");
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(services >= (TestRun.IsLong ? MinServices : MinServicesOfAFourth), $"{services} services were read; the Thrift compiler refused {string.Join(", ", refused)}.");
    }

    /// <summary>
    /// The errors and warnings in the clients. Thrift's own code is not checked: some of it does not compile.
    /// </summary>
    private static IEnumerable<string> GetProblems(int services, SyntaxTree attributes, CSharpCompilation project, GeneratorInput input)
    {
        var result = input.Driver().RunGenerators(project, TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        if (result.Exception is { } exception)
        {
            return [exception.ToString()];
        }

        return result.GeneratedSources.Length == services
            ? GeneratedClients.DiagnosticsIn(project, result.GeneratedSources, input).Concat(Analyze(attributes, project)).Select(static diagnostic => diagnostic.ToString())
            : [$"{result.GeneratedSources.Length} clients of {services} services"];
    }

    /// <summary>
    /// The diagnostics of the file with the attributes. To analyze all the code that Thrift generates would take
    /// minutes.
    /// </summary>
    private static ImmutableArray<Diagnostic> Analyze(SyntaxTree attributes, CSharpCompilation project)
        => project
            .WithAnalyzers([new CircuitBreakerAnalyzer()])
            .GetAnalyzerSemanticDiagnosticsAsync(project.GetSemanticModel(attributes), filterSpan: null, TestContext.Current.CancellationToken)
            .GetAwaiter()
            .GetResult();

    private static IEnumerable<INamedTypeSymbol> ServicesIn(SemanticModel file)
        => file.SyntaxTree.GetRoot().DescendantNodes()
            .OfType<ClassDeclarationSyntax>()
            .Select(declaration => file.GetDeclaredSymbol(declaration)!)
            .Where(static type => type.GetTypeMembers("IAsync").Length == 1 && type.GetTypeMembers("Client").Length == 1);

    private static int CountMethods(INamedTypeSymbol service)
    {
        var contract = service.GetTypeMembers("IAsync").Single();
        return contract.AllInterfaces.Prepend(contract).Sum(static each => each.GetMembers().Length);
    }

    private static string OnPart(INamedTypeSymbol service)
    {
        var part = $"[global::ThriftBreaker.CircuitBreaker] partial class @{service.Name} {{ }}";
        return service.ContainingNamespace.IsGlobalNamespace ? part : $"namespace {service.ContainingNamespace.ToDisplayString(InCode)} {{ {part} }}\n";
    }

    private static string OnAssembly(INamedTypeSymbol service)
        => $"[assembly: global::ThriftBreaker.CircuitBreaker(typeof(global::{service.ToDisplayString(InCode)}))]\n";
}
