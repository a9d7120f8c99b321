using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using ThriftBreaker.Generator.Tests.Harness;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// Contracts of public projects: whatever the Thrift compiler makes of them is marked, in its own project and from another one, and
/// compiled together with its client.
/// </summary>
public sealed class RealContractTests
{
    /// <summary>How many there are in the folder, and in every fourth contract: fewer, and something is not read any more.</summary>
    private const int LeastServices = 174;
    private const int LeastServicesOfAFourth = 43;

    private static readonly SymbolDisplayFormat InCode =
        SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    [Fact]
    public void EveryServiceThatTheThriftCompilerWritesIsGuardedWithoutAWarning()
    {
        Assert.SkipUnless(RealContract.Folder is not null, "The contracts of public projects are not here; THRIFTBREAKER_IDL names their folder.");
        Assert.SkipUnless(ThriftCompiler.IsThere, "The Thrift compiler 0.17 is not installed (Debian: apt-get install thrift-compiler).");

        var (contracts, services, methods, empty) = (0, 0, 0, 0);
        var failures = new List<string>();
        var refused = new List<string>();
        // They take a minute or two.
        foreach (var contract in RealContract.WithServices.Where(static (_, number) => TestRun.IsLong || number % 4 == 0))
        {
            var files = contract.Write();
            if (files.Count == 0)
            {
                refused.Add(contract.Name);
                continue;
            }

            var input = new GeneratorInput([.. files.Values]);
            var project = input.Compile();
            var own = contract.OwnFiles();
            var written = files.Keys.Zip(project.SyntaxTrees)
                .Where(file => own.Contains(file.First))
                .SelectMany(file => ServicesIn(project.GetSemanticModel(file.Second)))
                .ToLookup(static service => MethodsOf(service) > 0);
            INamedTypeSymbol[] marked = [.. written[true]];
            if (marked.Length == 0)
            {
                continue;
            }

            contracts++;
            services += marked.Length;
            methods += marked.Sum(MethodsOf);
            empty += written[false].Count();
            var parts = input.File(string.Concat(marked.Select(OnPart)), files.Count);
            var outside = new GeneratorInput(string.Concat(marked.Select(OnAssembly))) { Also = project.ToMetadataReference() };
            var caller = outside.Compile();
            failures.AddRange(ProblemsOf(marked.Length, parts, project.AddSyntaxTrees(parts), input)
                .Concat(ProblemsOf(marked.Length, caller.SyntaxTrees[0], caller, outside))
                .Select(problem => $"{contract.Name}: {problem}"));
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{services} services of {contracts} contracts are guarded, with {methods} methods, inherited ones included; {empty} more have no method. The Thrift compiler refuses {refused.Count} contracts: {string.Join(", ", refused)}");
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(services >= (TestRun.IsLong ? LeastServices : LeastServicesOfAFourth), $"{services} services were read; the Thrift compiler refused {string.Join(", ", refused)}.");
    }

    /// <summary>What is wrong with the clients. (What Thrift's own code says of itself is not asked: some of it does not compile.)</summary>
    private static IEnumerable<string> ProblemsOf(int services, SyntaxTree marks, CSharpCompilation project, GeneratorInput input)
    {
        var result = input.Driver().RunGenerators(project, TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        if (result.Exception is { } exception)
        {
            return [exception.ToString()];
        }

        return result.GeneratedSources.Length == services
            ? GeneratedClients.DiagnosticsIn(project, result.GeneratedSources, input).Concat(Analyze(marks, project)).Select(static diagnostic => diagnostic.ToString())
            : [$"{result.GeneratedSources.Length} clients of {services} services"];
    }

    /// <summary>What the analyzer says about the file with the marks; to go through all that Thrift wrote would take minutes.</summary>
    private static ImmutableArray<Diagnostic> Analyze(SyntaxTree marks, CSharpCompilation project)
        => project
            .WithAnalyzers([new CircuitBreakerAnalyzer()])
            .GetAnalyzerSemanticDiagnosticsAsync(project.GetSemanticModel(marks), filterSpan: null, TestContext.Current.CancellationToken)
            .GetAwaiter()
            .GetResult();

    private static IEnumerable<INamedTypeSymbol> ServicesIn(SemanticModel file)
        => file.SyntaxTree.GetRoot().DescendantNodes()
            .OfType<ClassDeclarationSyntax>()
            .Select(declaration => file.GetDeclaredSymbol(declaration)!)
            .Where(static type => type.GetTypeMembers("IAsync").Length == 1 && type.GetTypeMembers("Client").Length == 1);

    private static int MethodsOf(INamedTypeSymbol service)
    {
        var contract = service.GetTypeMembers("IAsync").Single();
        return contract.AllInterfaces.Prepend(contract).Sum(static each => each.GetMembers().Length);
    }

    private static string OnPart(INamedTypeSymbol service)
    {
        var mark = $"[global::ThriftBreaker.CircuitBreaker] partial class @{service.Name} {{ }}";
        return service.ContainingNamespace.IsGlobalNamespace ? mark : $"namespace {service.ContainingNamespace.ToDisplayString(InCode)} {{ {mark} }}\n";
    }

    private static string OnAssembly(INamedTypeSymbol service)
        => $"[assembly: global::ThriftBreaker.CircuitBreaker(typeof(global::{service.ToDisplayString(InCode)}))]\n";
}
