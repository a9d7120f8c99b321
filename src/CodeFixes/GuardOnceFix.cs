using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace ThriftBreaker.CodeFixes;

/// <summary>
/// TB0015: leaves one of two guards. The outer one goes where it has nothing but the inner one; otherwise it has a circuit or a
/// fallback that somebody chose, and the inner one goes, if that has nothing of the kind.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GuardOnceFix))]
public sealed class GuardOnceFix : DocumentFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("TB0015");

    /// <inheritdoc/>
    protected override async Task<IEnumerable<(string Title, string Key)>> OffersAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
        => await OuterAsync(document, diagnostic, cancellationToken).ConfigureAwait(false) is null ? [] : [("Guard it once", "once")];

    /// <inheritdoc/>
    protected override async Task<Document> FixAsync(Document document, IReadOnlyList<Diagnostic> diagnostics, string key, CancellationToken cancellationToken)
    {
        var outers = new Dictionary<BaseObjectCreationExpressionSyntax, int>();
        foreach (var diagnostic in diagnostics)
        {
            if (await OuterAsync(document, diagnostic, cancellationToken).ConfigureAwait(false) is var (outer, inner))
            {
                outers[outer] = inner;
            }
        }

        var root = await document.RootAsync(cancellationToken).ConfigureAwait(false);
        return document.WithSyntaxRoot(root.ReplaceNodes(outers.Keys, (outer, rewritten) => Once(rewritten, outers[outer])));
    }

    private static ExpressionSyntax Once(BaseObjectCreationExpressionSyntax outer, int inner)
    {
        var argument = outer.ArgumentList!.Arguments[inner];
        if (outer.ArgumentList.Arguments.Count == 1)
        {
            return Placed(Bare(argument.Expression)).WithTriviaFrom(outer);
        }

        return WrappedBy(Bare(argument.Expression)) is { } wrapped
            ? outer.ReplaceNode(argument.Expression, wrapped.WithTriviaFrom(argument.Expression))
            : outer;
    }

    /// <summary>The outer guard and the place of the inner one among its arguments; null where neither can go.</summary>
    private static async Task<(BaseObjectCreationExpressionSyntax Outer, int Inner)?> OuterAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var root = await document.RootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.ModelAsync(cancellationToken).ConfigureAwait(false);
        if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<ArgumentSyntax>() is not
            { Parent: ArgumentListSyntax { Parent: BaseObjectCreationExpressionSyntax { Initializer: null } outer } arguments } argument)
        {
            return null;
        }

        var inner = Bare(argument.Expression);
        var goes = arguments.Arguments.Count == 1
            ? SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(inner, cancellationToken).Type, model.GetTypeInfo(outer, cancellationToken).Type)
            : WrappedBy(inner) is { } wrapped &&
                model.GetTypeInfo(argument.Expression, cancellationToken).ConvertedType is { } contract && model.ClassifyConversion(wrapped, contract).IsImplicit;
        return goes ? (outer, arguments.Arguments.IndexOf(argument)) : null;
    }

    /// <summary>What a guard that has no other argument wraps.</summary>
    private static ExpressionSyntax? WrappedBy(ExpressionSyntax guard)
        => guard is BaseObjectCreationExpressionSyntax { Initializer: null, ArgumentList.Arguments: { Count: 1 } only } ? only[0].Expression : null;

    /// <summary>What an argument may be as it is, and the same elsewhere only in parentheses.</summary>
    private static ExpressionSyntax Placed(ExpressionSyntax expression)
        => expression is BinaryExpressionSyntax or ConditionalExpressionSyntax or AwaitExpressionSyntax or SwitchExpressionSyntax or AssignmentExpressionSyntax
            ? SyntaxFactory.ParenthesizedExpression(expression.WithoutTrivia()).WithAdditionalAnnotations(Simplifier.Annotation)
            : expression;

    /// <summary>Without what made it an argument: a cast to the interface, and parentheses.</summary>
    private static ExpressionSyntax Bare(ExpressionSyntax expression) => expression switch
    {
        CastExpressionSyntax cast => Bare(cast.Expression),
        ParenthesizedExpressionSyntax parenthesized => Bare(parenthesized.Expression),
        _ => expression,
    };
}
