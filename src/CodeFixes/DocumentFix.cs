using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace ThriftBreaker.CodeFixes;

/// <summary>
/// A fix that mends any number of places in one file at once. One place is a list of one, so that "fix all" does neither more nor
/// anything else than the fixes one by one.
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

    /// <summary>What can be done about a diagnostic: as the user reads it, and a key by which the same is done elsewhere.</summary>
    protected abstract Task<IEnumerable<(string Title, string Key)>> OffersAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken);

    /// <summary>Does it about all of these, in the order of the file; leaves out those for which it is not on offer.</summary>
    protected abstract Task<Document> FixAsync(Document document, IReadOnlyList<Diagnostic> diagnostics, string key, CancellationToken cancellationToken);
}
