using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ThriftBreaker.Generator;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.CodeFixes;

/// <summary>TB0007: gives a type whose methods are marked the mark that it lacks itself.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddMarkFix))]
public sealed class AddMarkFix : DocumentFix
{
    private const string Ours = "CircuitBreaker";
    private const string OfMethods = "CircuitBreakerMethod";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("TB0007");

    /// <inheritdoc/>
    protected override async Task<IEnumerable<(string Title, string Key)>> OffersAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
        => await UnmarkedAsync(document, diagnostic, cancellationToken).ConfigureAwait(false) is null ? [] : [("Add [CircuitBreaker]", "mark")];

    /// <inheritdoc/>
    protected override async Task<Document> FixAsync(Document document, IReadOnlyList<Diagnostic> diagnostics, string key, CancellationToken cancellationToken)
    {
        var marks = new Dictionary<TypeDeclarationSyntax, AttributeSyntax>();
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var diagnostic in diagnostics)
        {
            // Two parts of one type may each mark a method; one of them gets the mark.
            if (await UnmarkedAsync(document, diagnostic, cancellationToken).ConfigureAwait(false) is var (type, mark, symbol) && seen.Add(symbol))
            {
                marks[type] = mark;
            }
        }

        var root = await document.RootAsync(cancellationToken).ConfigureAwait(false);
        return document.WithSyntaxRoot(root.ReplaceNodes(marks.Keys, (type, rewritten) => WithMark(rewritten, NameLike(marks[type].Name), root.LineEnd())));
    }

    private static async Task<(TypeDeclarationSyntax Type, AttributeSyntax Mark, ISymbol Symbol)?> UnmarkedAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var root = await document.RootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.ModelAsync(cancellationToken).ConfigureAwait(false);
        return root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<AttributeSyntax>() is { Parent.Parent: TypeDeclarationSyntax type } mark &&
            model.GetDeclaredSymbol(type, cancellationToken) is { } symbol &&
            !symbol.GetAttributes().Any(static attribute => TypeText.Is(attribute.AttributeClass, RuntimeNames.Attribute))
            ? (type, mark, symbol)
            : null;
    }

    /// <summary>The name of our mark, as far from the root as that of the method's: what that one finds, this one finds.</summary>
    private static NameSyntax NameLike(NameSyntax ofMethod) => ofMethod switch
    {
        QualifiedNameSyntax qualified => qualified.WithRight(SyntaxFactory.IdentifierName(Ours)),
        AliasQualifiedNameSyntax qualified => qualified.WithName(SyntaxFactory.IdentifierName(Ours)),
        SimpleNameSyntax { Identifier.ValueText: OfMethods or OfMethods + "Attribute" } => SyntaxFactory.IdentifierName(Ours),
        _ => SyntaxFactory.ParseName("global::ThriftBreaker." + Ours),
    };

    /// <summary>On a line of its own, above all other attributes and below the documentation.</summary>
    private static TypeDeclarationSyntax WithMark(TypeDeclarationSyntax type, NameSyntax name, SyntaxTrivia lineEnd)
    {
        var first = type.AttributeLists[0];
        var mark = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Attribute(name.WithoutTrivia())))
            .WithLeadingTrivia(first.GetLeadingTrivia())
            .WithTrailingTrivia(lineEnd);
        var below = first.GetLeadingTrivia() is { Count: > 0 } above && above[above.Count - 1] is var indentation && indentation.IsKind(SyntaxKind.WhitespaceTrivia)
            ? first.WithLeadingTrivia(indentation)
            : first.WithLeadingTrivia();
        return type.WithAttributeLists(type.AttributeLists.Replace(first, below).Insert(0, mark));
    }
}
