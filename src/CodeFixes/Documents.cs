using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ThriftBreaker.CodeFixes;

/// <summary>Extensions of documents for all fixes.</summary>
internal static class Documents
{
    private const string RuntimeNamespace = "ThriftBreaker";

    public static async Task<CompilationUnitSyntax> RootAsync(this Document document, CancellationToken cancellationToken)
        => (CompilationUnitSyntax)(await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!;

    public static async Task<SemanticModel> ModelAsync(this Document document, CancellationToken cancellationToken)
        => (await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false))!;

    /// <summary>Gets the line ending of the file.</summary>
    public static SyntaxTrivia LineEnd(this SyntaxNode root)
        => root.DescendantTrivia().FirstOrDefault(static trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)) is { RawKind: not 0 } end
            ? end
            : SyntaxFactory.ElasticLineFeed;

    /// <summary>Adds <c>using ThriftBreaker;</c> in alphabetical order, after those of <c>System</c>.</summary>
    public static CompilationUnitSyntax WithRuntimeNamespace(this CompilationUnitSyntax root)
    {
        var ours = SyntaxFactory.UsingDirective(SyntaxFactory.ParseName(RuntimeNamespace))
            .WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space))
            .WithTrailingTrivia(root.LineEnd());
        var place = root.Usings.TakeWhile(static other => IsBefore(other)).Count();
        if (place > 0)
        {
            return root.WithUsings(root.Usings.Insert(place, ours));
        }

        // The file header stays above.
        var first = root.GetFirstToken(includeZeroWidth: true);
        var header = first.LeadingTrivia;
        var bare = root.ReplaceToken(first, first.WithLeadingTrivia());
        return bare.Usings.Count > 0
            ? bare.WithUsings(bare.Usings.Insert(0, ours.WithLeadingTrivia(header)))
            : bare.WithUsings(SyntaxFactory.SingletonList(ours.WithLeadingTrivia(header).WithTrailingTrivia(root.LineEnd(), root.LineEnd())));
    }

    private static bool IsBefore(UsingDirectiveSyntax other)
        => other is { Alias: null, StaticKeyword.RawKind: 0, Name: { } name } &&
            (IsOfTheSystem(name.ToString()) || string.CompareOrdinal(name.ToString(), RuntimeNamespace) < 0);

    private static bool IsOfTheSystem(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal);
}
