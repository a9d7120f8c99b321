using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ThriftBreaker.Analyzers;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>What the analyzers say about code that uses clients: it must compile, with what the generator wrote.</summary>
internal static class UsageRun
{
    /// <summary>The warnings about these members of a class, by id and by the text under the squiggle.</summary>
    public static IEnumerable<(string Id, string Text)> OfMembers(string members)
        => Of($$"""
            public sealed class Shop(TProtocol protocol, Calculator.IAsync other, IServiceCollection services)
            {
                private readonly object _used = (protocol, other, services);

                {{members}}
            }
            """).Select(Report.Of).Select(static report => (report.Id, report.Text));

    /// <summary>The warnings about these statements of a method.</summary>
    public static IEnumerable<(string Id, string Text)> OfStatements(string statements)
        => OfMembers($$"""
            public async Task RunAsync(int[] numbers)
            {
                await Task.Yield();
                {{statements}}
            }
            """);

    public static ImmutableArray<Diagnostic> Of(params string[] texts)
    {
        var input = new GeneratorInput([ContractsAssembly.Usings, "global using ThriftBreaker;", .. texts]);
        return Analyze(input, input.Compile().AddReferences(ContractsAssembly.Reference));
    }

    /// <summary>The warnings about a project that has the contracts in it.</summary>
    public static ImmutableArray<Diagnostic> Of(GeneratorInput input) => Analyze(input, input.Compile());

    private static ImmutableArray<Diagnostic> Analyze(GeneratorInput input, CSharpCompilation marked)
    {
        input.Driver().RunGeneratorsAndUpdateCompilation(marked, out var project, out _, TestContext.Current.CancellationToken);
        Assert.Empty(project.GetDiagnostics(TestContext.Current.CancellationToken).Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return
        [
            .. project
                .WithAnalyzers([new UnguardedClientAnalyzer(), new GuardedTwiceAnalyzer(), new SharedClientAnalyzer()])
                .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken)
                .GetAwaiter()
                .GetResult()
                .OrderBy(static problem => problem.Location.SourceTree?.FilePath, StringComparer.Ordinal)
                .ThenBy(static problem => problem.Location.SourceSpan.Start),
        ];
    }
}
