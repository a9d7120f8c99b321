using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ThriftBreaker.CodeFixes;

/// <summary>What every fix asks of a file.</summary>
internal static class Documents
{
    private const string OurNamespace = "ThriftBreaker";

    public static async Task<CompilationUnitSyntax> RootAsync(this Document document, CancellationToken cancellationToken)
        => (CompilationUnitSyntax)(await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!;

    public static async Task<SemanticModel> ModelAsync(this Document document, CancellationToken cancellationToken)
        => (await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false))!;

    /// <summary>How the file ends its lines.</summary>
    public static SyntaxTrivia LineEnd(this SyntaxNode root)
        => root.DescendantTrivia().FirstOrDefault(static trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)) is { RawKind: not 0 } end
            ? end
            : SyntaxFactory.ElasticLineFeed;

    /// <summary>The file with <c>using ThriftBreaker;</c>, among the others by the alphabet, those of the system first.</summary>
    public static CompilationUnitSyntax WithOurNamespace(this CompilationUnitSyntax root)
    {
        var ours = SyntaxFactory.UsingDirective(SyntaxFactory.ParseName(OurNamespace))
            .WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space))
            .WithTrailingTrivia(root.LineEnd());
        var place = root.Usings.TakeWhile(static other => IsBefore(other)).Count();
        if (place > 0)
        {
            return root.WithUsings(root.Usings.Insert(place, ours));
        }

        // What stands above the first line (the file's header) stays there.
        var first = root.GetFirstToken(includeZeroWidth: true);
        var header = first.LeadingTrivia;
        var bare = root.ReplaceToken(first, first.WithLeadingTrivia());
        return bare.Usings.Count > 0
            ? bare.WithUsings(bare.Usings.Insert(0, ours.WithLeadingTrivia(header)))
            : bare.WithUsings(SyntaxFactory.SingletonList(ours.WithLeadingTrivia(header).WithTrailingTrivia(root.LineEnd(), root.LineEnd())));
    }

    private static bool IsBefore(UsingDirectiveSyntax other)
        => other is { Alias: null, StaticKeyword.RawKind: 0, Name: { } name } &&
            (IsOfTheSystem(name.ToString()) || string.CompareOrdinal(name.ToString(), OurNamespace) < 0);

    private static bool IsOfTheSystem(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal);
}
