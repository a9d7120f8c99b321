using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// Runs the generator. Every run of a test also asserts that the generator does not throw, that an unchanged project
/// causes no work, that no step references compiler objects, that generated code compiles without a warning, and that
/// the analyzer reports exactly the services without a client.
/// </summary>
internal sealed class GeneratorRun
{
    private GeneratorRun(GeneratorDriverRunResult result, ImmutableArray<Diagnostic> problems)
    {
        Result = result;
        Problems = problems;
    }

    public GeneratorDriverRunResult Result { get; }

    /// <summary>The diagnostics of the analyzer, in the order of the files.</summary>
    public ImmutableArray<Diagnostic> Problems { get; }

    public ImmutableArray<GeneratedSourceResult> Sources => Result.Results.Single().GeneratedSources;

    /// <summary>The text of the only generated file.</summary>
    public string Text => Assert.Single(Sources).SourceText.ToString();

    public static GeneratorRun Create(params string[] texts) => Create(new GeneratorInput(texts));

    public static GeneratorRun Create(GeneratorInput input)
    {
        var project = input.Compile();
        var driver = input.Driver().RunGenerators(project, TestContext.Current.CancellationToken);
        var result = driver.GetRunResult();
        Assert.Null(Assert.Single(result.Results).Exception);

        var run = new GeneratorRun(result, Analyze(project));
        RepeatedRuns.AreCached(driver, project, input);
        StepValues.AreFreeOfTheCompiler(result);
        GeneratedClients.VerifyCompiles(project, run.Sources, input);
        ClientOrDiagnostic.Verify(project, run);
        return run;
    }

    private static ImmutableArray<Diagnostic> Analyze(CSharpCompilation project)
        => [.. project
            .WithAnalyzers([new CircuitBreakerAnalyzer()])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken)
            .GetAwaiter()
            .GetResult()
            .OrderBy(static problem => problem.Location.SourceTree?.FilePath, StringComparer.Ordinal)
            .ThenBy(static problem => problem.Location.SourceSpan.Start)
            .ThenBy(static problem => problem.Id, StringComparer.Ordinal)];
}
