using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace ThriftBreaker.CodeFixes;

/// <summary>
/// TB0015: removes one of two guarded clients. It removes the outer one if the inner one is its only argument.
/// Otherwise the outer one has a circuit breaker or a fallback, and it removes the inner one, if that has neither.
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

    /// <summary>
    /// Gets the outer client and the index of the inner one in its arguments; null if neither can be removed.
    /// </summary>
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

    /// <summary>Gets what a guarded client wraps, if that is its only argument.</summary>
    private static ExpressionSyntax? WrappedBy(ExpressionSyntax guard)
        => guard is BaseObjectCreationExpressionSyntax { Initializer: null, ArgumentList.Arguments: { Count: 1 } only } ? only[0].Expression : null;

    /// <summary>Adds the parentheses that an expression needs outside of an argument list.</summary>
    private static ExpressionSyntax Placed(ExpressionSyntax expression)
        => expression is BinaryExpressionSyntax or ConditionalExpressionSyntax or AwaitExpressionSyntax or SwitchExpressionSyntax or AssignmentExpressionSyntax
            ? SyntaxFactory.ParenthesizedExpression(expression.WithoutTrivia()).WithAdditionalAnnotations(Simplifier.Annotation)
            : expression;

    /// <summary>Gets an argument without a cast to the interface, and without parentheses.</summary>
    private static ExpressionSyntax Bare(ExpressionSyntax expression) => expression switch
    {
        CastExpressionSyntax cast => Bare(cast.Expression),
        ParenthesizedExpressionSyntax parenthesized => Bare(parenthesized.Expression),
        _ => expression,
    };
}
