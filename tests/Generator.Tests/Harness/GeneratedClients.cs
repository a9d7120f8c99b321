using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// What was written must compile without an error or a warning, at the highest warning level and with its documentation
/// checked: once as it is, and once without its <c>#pragma warning disable</c>, which is a belt and no carpet, and with all that the compiler
/// can say about null.
/// </summary>
internal static class GeneratedClients
{
    private const string Pragma = "#pragma warning disable\n";
    private const string OnlyAnnotations = "#nullable enable annotations\n#nullable disable warnings\n";

    public static void Compiles(CSharpCompilation project, IEnumerable<GeneratedSourceResult> sources, GeneratorInput input)
    {
        if (input.IsBroken)
        {
            return;
        }

        var trees = sources.Select(static source => source.SyntaxTree).ToArray();
        Assert.All(trees, static tree => Assert.Contains(OnlyAnnotations + Pragma, tree.ToString(), StringComparison.Ordinal));

        var asItIs = project.AddSyntaxTrees(trees);
        Says([], trees.SelectMany(tree => asItIs.GetSemanticModel(tree).GetDiagnostics()));

        var bare = project.AddSyntaxTrees(trees.Select(tree => WithoutPragma(tree, input.GeneratedOptions)));
        Says(input.CompilerSays, bare.GetDiagnostics(TestContext.Current.CancellationToken));
    }

    /// <summary>What the compiler says about the written files alone, without their pragma.</summary>
    public static IEnumerable<Diagnostic> DiagnosticsIn(CSharpCompilation project, IEnumerable<GeneratedSourceResult> sources, GeneratorInput input)
    {
        SyntaxTree[] trees = [.. sources.Select(source => WithoutPragma(source.SyntaxTree, input.GeneratedOptions))];
        var bare = project.AddSyntaxTrees(trees);
        return trees
            .SelectMany(tree => bare.GetSemanticModel(tree).GetDiagnostics())
            .Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !IsOfTheUsersType(diagnostic));
    }

    private static void Says(string[] expected, IEnumerable<Diagnostic> diagnostics)
    {
        var said = diagnostics
            .Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !IsOfTheUsersType(diagnostic))
            .ToArray();
        Assert.True(
            expected.ToHashSet().SetEquals(said.Select(static diagnostic => diagnostic.Id)),
            string.Join('\n', said.Select(Show).Prepend($"Expected [{string.Join(", ", expected)}], but the compiler says:")));
    }

    /// <summary>Whether a type that we only reopen has no documentation, or a name that the compiler does not like: those are the user's to write.</summary>
    private static bool IsOfTheUsersType(Diagnostic diagnostic)
        => diagnostic.Id is "CS1591" or "CS8981" &&
            diagnostic.Location.SourceTree!.GetRoot().FindNode(diagnostic.Location.SourceSpan) is TypeDeclarationSyntax type &&
            type.Modifiers.Any(SyntaxKind.PartialKeyword);

    private static string Show(Diagnostic diagnostic)
        => $"{diagnostic}\n    {diagnostic.Location.SourceTree?.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line]}";

    private static SyntaxTree WithoutPragma(SyntaxTree tree, CSharpParseOptions options)
        => CSharpSyntaxTree.ParseText(tree.ToString().Replace(OnlyAnnotations + Pragma, "#nullable enable\n\n\n", StringComparison.Ordinal), options, tree.FilePath);
}
