using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// The one way to run the generator. Whatever a test is about, its run also proves that the generator does not throw, that
/// nothing is done twice, that no step holds on to the compiler, that what was written compiles without a warning, and that
/// the analyzer speaks exactly where nothing was written.
/// </summary>
internal sealed class GeneratorRun
{
    private GeneratorRun(GeneratorDriverRunResult result, ImmutableArray<Diagnostic> problems)
    {
        Result = result;
        Problems = problems;
    }

    public GeneratorDriverRunResult Result { get; }

    /// <summary>What the analyzer says, in the order of the files.</summary>
    public ImmutableArray<Diagnostic> Problems { get; }

    public ImmutableArray<GeneratedSourceResult> Sources => Result.Results.Single().GeneratedSources;

    /// <summary>The text of the only file that was written.</summary>
    public string Text => Assert.Single(Sources).SourceText.ToString();

    public static GeneratorRun Of(params string[] texts) => Of(new GeneratorInput(texts));

    public static GeneratorRun Of(GeneratorInput input)
    {
        var project = input.Compile();
        var driver = input.Driver().RunGenerators(project, TestContext.Current.CancellationToken);
        var result = driver.GetRunResult();
        Assert.Null(Assert.Single(result.Results).Exception);

        var run = new GeneratorRun(result, Analyze(project));
        RepeatedRuns.AreCached(driver, project, input);
        StepValues.AreFreeOfTheCompiler(result);
        GeneratedClients.Compiles(project, run.Sources, input);
        Agreement.OfGeneratorAndAnalyzer(project, run);
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
