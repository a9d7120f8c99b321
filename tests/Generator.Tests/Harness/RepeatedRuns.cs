using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// Repeats a run with the same project, and with the project after unrelated edits, and asserts that every step is
/// cached. A clone of the project alone would not reveal equality that works only for shared trees.
/// </summary>
internal static class RepeatedRuns
{
    public static void AreCached(GeneratorDriver driver, CSharpCompilation project, GeneratorInput input)
    {
        var before = driver.GetRunResult().Results.Single();
        var unrelated = input.File(Unrelated("before"), input.Texts.Length);
        var edited = input.File(Unrelated("after"), input.Texts.Length);
        var withUnrelated = project.AddSyntaxTrees(unrelated);

        foreach (var same in new[] { project.Clone(), withUnrelated, withUnrelated.ReplaceSyntaxTree(unrelated, edited) })
        {
            driver = driver.RunGenerators(same, TestContext.Current.CancellationToken);
            AssertCached(driver.GetRunResult().Results.Single(), before);
        }
    }

    private static void AssertCached(GeneratorRunResult after, GeneratorRunResult before)
    {
        var steps = StepValues.GetOwnSteps(after);
        Assert.Equal(StepValues.GetOwnSteps(before).Select(static step => step.Key), steps.Select(static step => step.Key));
        Assert.All(
            steps.SelectMany(static step => step.Value).SelectMany(static step => step.Outputs),
            static output => Assert.True(
                output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"A step was {output.Reason}."));
        Assert.All(
            after.TrackedOutputSteps.SelectMany(static step => step.Value).SelectMany(static step => step.Outputs),
            static output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
        Assert.Equal(
            before.GeneratedSources.Select(static source => (source.HintName, source.SourceText)),
            after.GeneratedSources.Select(static source => (source.HintName, source.SourceText)));
    }

    private static string Unrelated(string comment) => $"namespace Unrelated {{ internal static class Edited {{ }} /* {comment} */ }}";
}
