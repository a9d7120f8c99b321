using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using ThriftBreaker.Analyzers;
using ThriftBreaker.Generator;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.CodeFixes.Tests.Harness;

/// <summary>
/// The one way to run a fix: in a project with the generator, as an editor runs it. Whatever a test is about, its run also proves
/// that the fixed code compiles with what the generator writes for it, without what was fixed, and that there is nothing left to fix.
/// </summary>
/// <param name="fix">The fix.</param>
internal sealed class FixedProject(CodeFixProvider fix)
{
    private static readonly AnalyzerReference Ours = new OurReference();

    /// <summary>Which diagnostic is fixed where it is one; the first, unless a test says otherwise.</summary>
    public Index Which { get; init; } = 0;

    /// <summary>Whether the project is a program, which may have statements outside of methods.</summary>
    public bool IsProgram { get; init; }

    /// <summary>The titles of what is offered for the first diagnostic.</summary>
    public async Task<string[]> OffersAsync(params string[] texts)
    {
        var project = Project(texts);
        return [.. (await ActionsAsync(project, (await DiagnosticsAsync(project))[Which])).Select(static action => action.Title)];
    }

    /// <summary>The first file after one fix of the first diagnostic.</summary>
    /// <param name="key">Which of the fixes; null where there is one.</param>
    /// <param name="texts">The files.</param>
    public async Task<string> OneAsync(string? key, params string[] texts)
    {
        var project = Project(texts);
        var before = await DiagnosticsAsync(project);
        var action = (await ActionsAsync(project, before[Which])).Single(action => key is null || action.EquivalenceKey == key);
        return await AfterAsync(project, action, atMost: before.Length - 1);
    }

    /// <summary>The first file after all that one fix can do in the project.</summary>
    /// <param name="key">The fix.</param>
    /// <param name="left">How many diagnostics it leaves.</param>
    /// <param name="texts">The files.</param>
    public async Task<string> AllAsync(string key, int left, params string[] texts)
    {
        var project = Project(texts);
        var all = new FixAllContext(
            project.Documents.First(), fix, FixAllScope.Project, key, fix.FixableDiagnosticIds, new Known(await DiagnosticsAsync(project)), TestContext.Current.CancellationToken);
        return await AfterAsync(project, (await fix.GetFixAllProvider()!.GetFixAsync(all))!, left);
    }

    private Project Project(string[] texts)
    {
        var input = new GeneratorInput([.. texts, ContractsAssembly.Usings]);
        var compilation = input.Compile();
        var workspace = new AdhocWorkspace();
        var project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Default,
            "Project",
            "Project",
            LanguageNames.CSharp,
            compilationOptions: compilation.Options.WithOutputKind(IsProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary),
            parseOptions: input.GeneratedOptions,
            metadataReferences: compilation.References.Append(ContractsAssembly.Reference),
            analyzerReferences: [Ours]));
        return compilation.SyntaxTrees.Aggregate(project, static (all, file) => all.AddDocument(Path.GetFileName(file.FilePath), file.GetText(), filePath: file.FilePath).Project);
    }

    private async Task<CodeAction[]> ActionsAsync(Project project, Diagnostic diagnostic)
    {
        var actions = new List<CodeAction>();
        var document = project.GetDocument(diagnostic.Location.SourceTree)!;
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), TestContext.Current.CancellationToken));
        return [.. actions];
    }

    private async Task<string> AfterAsync(Project project, CodeAction action, int atMost)
    {
        var change = Assert.IsType<ApplyChangesOperation>(Assert.Single(await action.GetOperationsAsync(TestContext.Current.CancellationToken)));
        var after = change.ChangedSolution.GetProject(project.Id)!;
        var left = await DiagnosticsAsync(after);
        Assert.True(left.Length <= atMost, string.Join('\n', left.Append<object>(await TextAsync(after))));

        var compilation = await after.GetCompilationAsync(TestContext.Current.CancellationToken);
        Assert.Empty(left.Length > 0 ? [] : compilation!.GetDiagnostics(TestContext.Current.CancellationToken).Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return await TextAsync(after);
    }

    private static async Task<string> TextAsync(Project project)
        => (await project.Documents.First().GetTextAsync(TestContext.Current.CancellationToken)).ToString();

    private async Task<Diagnostic[]> DiagnosticsAsync(Project project)
    {
        var compilation = await project.GetCompilationAsync(TestContext.Current.CancellationToken);
        var found = await compilation!
            .WithAnalyzers(Ours.GetAnalyzers(LanguageNames.CSharp))
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return
        [
            .. found.Where(diagnostic => fix.FixableDiagnosticIds.Contains(diagnostic.Id))
                .OrderBy(static diagnostic => diagnostic.Location.SourceTree!.FilePath, StringComparer.Ordinal)
                .ThenBy(static diagnostic => diagnostic.Location.SourceSpan.Start),
        ];
    }

    /// <summary>The generator's assembly, as a project refers to it.</summary>
    private sealed class OurReference : AnalyzerReference
    {
        private readonly ImmutableArray<DiagnosticAnalyzer> _analyzers =
        [
            .. new[] { typeof(CircuitBreakerAnalyzer), typeof(UnguardedClientAnalyzer) }
                .SelectMany(static type => type.Assembly.GetTypes())
                .Where(static type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
                .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
        ];

        /// <summary>One for all: a workspace asks again for each version of a project, and knows a generator by its identity.</summary>
        private readonly ImmutableArray<ISourceGenerator> _generators = [new CircuitBreakerGenerator().AsSourceGenerator()];

        public override string? FullPath => null;

        public override object Id => nameof(ThriftBreaker);

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzers(string language) => _analyzers;

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzersForAllLanguages() => _analyzers;

        public override ImmutableArray<ISourceGenerator> GetGenerators(string language) => _generators;
    }

    private sealed class Known(Diagnostic[] diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
            => Task.FromResult(diagnostics.Where(diagnostic => document.Project.GetDocument(diagnostic.Location.SourceTree)?.Id == document.Id));

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
