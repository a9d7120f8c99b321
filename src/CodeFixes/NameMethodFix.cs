using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.CodeFixes;

/// <summary>
/// TB0007: replaces the name of a method that does not exist with <c>nameof(…)</c> of the nearest one.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NameMethodFix))]
public sealed class NameMethodFix : DocumentFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("TB0007");

    /// <inheritdoc/>
    protected override async Task<IEnumerable<(string Title, string Key)>> OffersAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var (_, names) = await SuggestAsync(document, diagnostic, cancellationToken).ConfigureAwait(false);
        return names.Select(static (name, place) => ($"Change to {name}", place.ToString(CultureInfo.InvariantCulture)));
    }

    /// <inheritdoc/>
    protected override async Task<Document> FixAsync(Document document, IReadOnlyList<Diagnostic> diagnostics, string key, CancellationToken cancellationToken)
    {
        var place = int.Parse(key, CultureInfo.InvariantCulture);
        var suggestions = new Dictionary<ExpressionSyntax, string>();
        foreach (var diagnostic in diagnostics)
        {
            if (await SuggestAsync(document, diagnostic, cancellationToken).ConfigureAwait(false) is ({ } argument, var names) && place < names.Length)
            {
                suggestions[argument] = names[place];
            }
        }

        var root = await document.RootAsync(cancellationToken).ConfigureAwait(false);
        return document.WithSyntaxRoot(root.ReplaceNodes(
            suggestions.Keys,
            (argument, _) => SyntaxFactory.ParseExpression(suggestions[argument]).WithTriviaFrom(argument)));
    }

    /// <summary>Gets the argument, and suggestions in order of likelihood.</summary>
    private static async Task<(ExpressionSyntax? Argument, string[] Names)> SuggestAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var root = await document.RootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.ModelAsync(cancellationToken).ConfigureAwait(false);
        if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<AttributeArgumentSyntax>() is not
            { Expression: var argument, Parent.Parent.Parent.Parent: TypeDeclarationSyntax declaration } ||
            model.GetConstantValue(argument, cancellationToken) is not { HasValue: true, Value: string name } ||
            model.GetDeclaredSymbol(declaration, cancellationToken) is not { } type)
        {
            return (null, []);
        }

        var service = ServiceDeclaration.FromType(type, model.Compilation, cancellationToken);
        var methods = service.Methods.Select(static method => method.Name).Distinct(StringComparer.Ordinal).ToArray();
        return methods.Contains(name, StringComparer.Ordinal) || service is not { Attribute: not null, Interface: { } contract }
            ? (argument, [])
            : (argument, [.. NameSuggestion.GetNearest(name, methods).Select(method => $"nameof({Escape(contract.Name)}.{Escape(method)})")]);
    }

    /// <summary>Contextual keywords are no keywords inside <c>nameof</c>.</summary>
    private static string Escape(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
