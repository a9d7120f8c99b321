using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.CodeFixes.Tests.Harness;

/// <summary>
/// Runs a code fix in a project with the generator, as an editor runs it. Each run applies the fix to one diagnostic
/// after another, and again as "fix all" in the document, the project and the solution. The fixed code must compile
/// together with the code that is generated for it, and have the diagnostics in the markup of the expected text.
/// </summary>
/// <typeparam name="TFix">The code fix.</typeparam>
internal sealed class FixTest<TFix> : CSharpCodeFixTest<EmptyDiagnosticAnalyzer, TFix, DefaultVerifier>
    where TFix : CodeFixProvider, new()
{
    private readonly List<string> _offers = [];
    private bool _onlyLists;

    private FixTest(string before, string after, OutputKind kind = OutputKind.DynamicallyLinkedLibrary)
    {
        // The references are those of the generator's tests. The framework would restore its own from NuGet during the
        // test.
        ReferenceAssemblies = new ReferenceAssemblies("none");

        // A type is reported as not partial while a type inside of it is analyzed, which the framework calls non-local.
        CodeFixTestBehaviors = CodeFixTestBehaviors.SkipLocalDiagnosticCheck;

        // How analyzers treat suppression and generated code is not the subject here, and would double the run time.
        TestBehaviors = TestBehaviors.SkipSuppressionCheck | TestBehaviors.SkipGeneratedCodeCheck;
        TestState.OutputKind = kind;
        TestState.AdditionalReferences.AddRange([.. References.All, ContractsAssembly.Reference]);
        foreach (var (state, text) in new[] { (TestState, before), (FixedState, after) })
        {
            state.Sources.Add(text);
            state.Sources.Add(("/0/Usings.cs", ContractsAssembly.Usings));
            state.MarkupHandling = MarkupMode.Allow;
        }

        var input = new GeneratorInput();
        var options = input.Compile().Options;
        SolutionTransforms.Add((solution, project) => solution
            .WithProjectParseOptions(project, input.GeneratedOptions)
            .WithProjectCompilationOptions(project, options.WithOutputKind(kind))
            .AddAnalyzerReference(project, GeneratorReference.Instance));
    }

    /// <summary>Verifies what the fix makes of a file, of one diagnostic after another and of all at once.</summary>
    /// <param name="before">The file, with its diagnostics in markup.</param>
    /// <param name="after">The fixed file, with the remaining diagnostics in markup.</param>
    /// <param name="key">The equivalence key of the fix; null if the fix must offer exactly one.</param>
    /// <param name="kind">The kind of the project; a program may have statements outside of methods.</param>
    public static Task VerifyAsync(string before, string after, string? key = null, OutputKind kind = OutputKind.DynamicallyLinkedLibrary)
        => RunAsync(new FixTest<TFix>(before, after, kind) { CodeActionEquivalenceKey = key }, isOnly: key is null);

    /// <summary>Verifies what the fix of the last diagnostic alone makes of a file.</summary>
    public static Task VerifyLastAsync(string before, string after)
    {
        var test = new FixTest<TFix>(before, after);
        test.CodeFixTestBehaviors |= CodeFixTestBehaviors.FixOne | CodeFixTestBehaviors.SkipFixAllCheck;
        return RunAsync(test, isOnly: true);
    }

    /// <summary>Verifies the titles that the fix offers for the diagnostics of a file.</summary>
    public static async Task VerifyOffersAsync(string[] titles, string text, params string[] moreFiles)
    {
        var test = new FixTest<TFix>(text, text) { _onlyLists = true };
        foreach (var file in moreFiles)
        {
            test.TestState.Sources.Add(file);
            test.FixedState.Sources.Add(file);
        }

        await RunAsync(test, isOnly: false);
        Assert.Equal(titles, test._offers.Distinct());
    }

    protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => GeneratorReference.Instance.GetAnalyzers(LanguageNames.CSharp);

    protected override Diagnostic? TrySelectDiagnosticToFix(ImmutableArray<Diagnostic> fixableDiagnostics) => fixableDiagnostics.LastOrDefault();

    protected override ImmutableArray<CodeAction> FilterCodeActions(ImmutableArray<CodeAction> actions)
    {
        _offers.AddRange(actions.Select(static action => action.Title));
        return _onlyLists ? [] : actions;
    }

    private static async Task RunAsync(FixTest<TFix> test, bool isOnly)
    {
        await test.RunAsync(TestContext.Current.CancellationToken);
        if (isOnly)
        {
            Assert.Single(test._offers.Distinct());
        }
    }
}
