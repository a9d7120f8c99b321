using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// Generated code must compile without an error or a warning, at the highest warning level and with its documentation
/// checked: once unchanged, and once without its <c>#pragma warning disable</c> and with all nullable warnings. The
/// pragma is a precaution and must not hide warnings.
/// </summary>
internal static class GeneratedClients
{
    private const string Pragma = "#pragma warning disable\n";
    private const string OnlyAnnotations = "#nullable enable annotations\n#nullable disable warnings\n";

    public static void VerifyCompiles(CSharpCompilation project, IEnumerable<GeneratedSourceResult> sources, GeneratorInput input)
    {
        if (input.IsBroken)
        {
            return;
        }

        var trees = sources.Select(static source => source.SyntaxTree).ToArray();
        Assert.All(trees, static tree => Assert.Contains(OnlyAnnotations + Pragma, tree.ToString(), StringComparison.Ordinal));

        var unchanged = project.AddSyntaxTrees(trees);
        AssertDiagnostics([], trees.SelectMany(tree => unchanged.GetSemanticModel(tree).GetDiagnostics()));

        var bare = project.AddSyntaxTrees(trees.Select(tree => WithoutPragma(tree, input.GeneratedOptions)));
        AssertDiagnostics(input.CompilerDiagnostics, bare.GetDiagnostics(TestContext.Current.CancellationToken));
    }

    /// <summary>The compiler's diagnostics of the generated files alone, without their pragma.</summary>
    public static IEnumerable<Diagnostic> DiagnosticsIn(CSharpCompilation project, IEnumerable<GeneratedSourceResult> sources, GeneratorInput input)
    {
        SyntaxTree[] trees = [.. sources.Select(source => WithoutPragma(source.SyntaxTree, input.GeneratedOptions))];
        var bare = project.AddSyntaxTrees(trees);
        return trees
            .SelectMany(tree => bare.GetSemanticModel(tree).GetDiagnostics())
            .Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !IsAboutAPartialType(diagnostic));
    }

    private static void AssertDiagnostics(string[] expected, IEnumerable<Diagnostic> diagnostics)
    {
        var actual = diagnostics
            .Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !IsAboutAPartialType(diagnostic))
            .ToArray();
        Assert.True(
            expected.ToHashSet().SetEquals(actual.Select(static diagnostic => diagnostic.Id)),
            string.Join('\n', actual.Select(Show).Prepend($"Expected [{string.Join(", ", expected)}], but the compiler reports:")));
    }

    /// <summary>
    /// Whether the diagnostic is about the documentation or the name of a partial type, which are the user's
    /// responsibility.
    /// </summary>
    private static bool IsAboutAPartialType(Diagnostic diagnostic)
        => diagnostic.Id is "CS1591" or "CS8981" &&
            diagnostic.Location.SourceTree!.GetRoot().FindNode(diagnostic.Location.SourceSpan) is TypeDeclarationSyntax type &&
            type.Modifiers.Any(SyntaxKind.PartialKeyword);

    private static string Show(Diagnostic diagnostic)
        => $"{diagnostic}\n    {diagnostic.Location.SourceTree?.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line]}";

    private static SyntaxTree WithoutPragma(SyntaxTree tree, CSharpParseOptions options)
        => CSharpSyntaxTree.ParseText(tree.ToString().Replace(OnlyAnnotations + Pragma, "#nullable enable\n\n\n", StringComparison.Ordinal), options, tree.FilePath);
}
