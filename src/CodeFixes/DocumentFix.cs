using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace ThriftBreaker.CodeFixes;

/// <summary>
/// A fix for any number of diagnostics in one file. A single diagnostic is a list of one, so that "fix all" has the
/// same result as the fixes one by one.
/// </summary>
public abstract class DocumentFix : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider()
        => FixAllProvider.Create(async (all, document, diagnostics) =>
            await FixAsync(
                document,
                diagnostics.OrderBy(static diagnostic => diagnostic.Location.SourceSpan.Start).ToArray(),
                all.CodeActionEquivalenceKey ?? "",
                all.CancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            foreach (var (title, key) in await OffersAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(title, cancellationToken => FixAsync(context.Document, [diagnostic], key, cancellationToken), key),
                    diagnostic);
            }
        }
    }

    /// <summary>Gets the code actions for a diagnostic: the title, and the equivalence key for "fix all".</summary>
    protected abstract Task<IEnumerable<(string Title, string Key)>> OffersAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken);

    /// <summary>
    /// Fixes the diagnostics, which are in the order of the file; skips those without this code action.
    /// </summary>
    protected abstract Task<Document> FixAsync(Document document, IReadOnlyList<Diagnostic> diagnostics, string key, CancellationToken cancellationToken);
}
