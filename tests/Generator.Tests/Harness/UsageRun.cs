using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ThriftBreaker.Analyzers;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// Runs the usage analyzers on code that uses clients. The code must compile together with the generated code.
/// </summary>
internal static class UsageRun
{
    /// <summary>The warnings about members of a class, by id and underlined text.</summary>
    public static IEnumerable<(string Id, string Text)> AnalyzeMembers(string members)
        => Analyze($$"""
            public sealed class Shop(TProtocol protocol, Calculator.IAsync other, IServiceCollection services)
            {
                private readonly object _used = (protocol, other, services);

                {{members}}
            }
            """).Select(Report.From).Select(static report => (report.Id, report.Text));

    /// <summary>The warnings about statements of a method.</summary>
    public static IEnumerable<(string Id, string Text)> AnalyzeStatements(string statements)
        => AnalyzeMembers($$"""
            public async Task RunAsync(int[] numbers)
            {
                await Task.Yield();
                {{statements}}
            }
            """);

    public static ImmutableArray<Diagnostic> Analyze(params string[] texts)
    {
        var input = new GeneratorInput([ContractsAssembly.Usings, "global using ThriftBreaker;", .. texts]);
        return Analyze(input, input.Compile().AddReferences(ContractsAssembly.Reference));
    }

    /// <summary>The warnings about a project that contains the contracts.</summary>
    public static ImmutableArray<Diagnostic> Analyze(GeneratorInput input) => Analyze(input, input.Compile());

    private static ImmutableArray<Diagnostic> Analyze(GeneratorInput input, CSharpCompilation original)
    {
        input.Driver().RunGeneratorsAndUpdateCompilation(original, out var project, out _, TestContext.Current.CancellationToken);
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
