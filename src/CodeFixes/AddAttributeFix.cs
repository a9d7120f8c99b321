using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ThriftBreaker.Generator;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.CodeFixes;

/// <summary>TB0007: adds the missing <c>[CircuitBreaker]</c> to a type with attributes for its methods.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddAttributeFix))]
public sealed class AddAttributeFix : DocumentFix
{
    private const string Attribute = "CircuitBreaker";
    private const string MethodAttribute = "CircuitBreakerMethod";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("TB0007");

    /// <inheritdoc/>
    protected override async Task<IEnumerable<(string Title, string Key)>> OffersAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
        => await UnmarkedAsync(document, diagnostic, cancellationToken).ConfigureAwait(false) is null ? [] : [("Add [CircuitBreaker]", "attribute")];

    /// <inheritdoc/>
    protected override async Task<Document> FixAsync(Document document, IReadOnlyList<Diagnostic> diagnostics, string key, CancellationToken cancellationToken)
    {
        var methodAttributes = new Dictionary<TypeDeclarationSyntax, AttributeSyntax>();
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var diagnostic in diagnostics)
        {
            // Two parts of one type can have attributes for methods; one of them gets the attribute.
            if (await UnmarkedAsync(document, diagnostic, cancellationToken).ConfigureAwait(false) is var (type, methodAttribute, symbol) && seen.Add(symbol))
            {
                methodAttributes[type] = methodAttribute;
            }
        }

        var root = await document.RootAsync(cancellationToken).ConfigureAwait(false);
        return document.WithSyntaxRoot(root.ReplaceNodes(methodAttributes.Keys, (type, rewritten) => WithAttribute(rewritten, GetName(methodAttributes[type].Name), root.LineEnd())));
    }

    private static async Task<(TypeDeclarationSyntax Type, AttributeSyntax MethodAttribute, ISymbol Symbol)?> UnmarkedAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var root = await document.RootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.ModelAsync(cancellationToken).ConfigureAwait(false);
        return root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<AttributeSyntax>() is { Parent.Parent: TypeDeclarationSyntax type } methodAttribute &&
            model.GetDeclaredSymbol(type, cancellationToken) is { } symbol &&
            !symbol.GetAttributes().Any(static attribute => TypeText.Is(attribute.AttributeClass, RuntimeNames.Attribute))
            ? (type, methodAttribute, symbol)
            : null;
    }

    /// <summary>
    /// Gets the name of the attribute, qualified like that of the method's attribute, which resolves.
    /// </summary>
    private static NameSyntax GetName(NameSyntax methodAttribute) => methodAttribute switch
    {
        QualifiedNameSyntax qualified => qualified.WithRight(SyntaxFactory.IdentifierName(Attribute)),
        AliasQualifiedNameSyntax qualified => qualified.WithName(SyntaxFactory.IdentifierName(Attribute)),
        SimpleNameSyntax { Identifier.ValueText: MethodAttribute or MethodAttribute + "Attribute" } => SyntaxFactory.IdentifierName(Attribute),
        _ => SyntaxFactory.ParseName("global::ThriftBreaker." + Attribute),
    };

    /// <summary>
    /// Adds the attribute on a separate line, above all other attributes and below the documentation.
    /// </summary>
    private static TypeDeclarationSyntax WithAttribute(TypeDeclarationSyntax type, NameSyntax name, SyntaxTrivia lineEnd)
    {
        var first = type.AttributeLists[0];
        var attribute = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Attribute(name.WithoutTrivia())))
            .WithLeadingTrivia(first.GetLeadingTrivia())
            .WithTrailingTrivia(lineEnd);
        var below = first.GetLeadingTrivia() is { Count: > 0 } above && above[above.Count - 1] is var indentation && indentation.IsKind(SyntaxKind.WhitespaceTrivia)
            ? first.WithLeadingTrivia(indentation)
            : first.WithLeadingTrivia();
        return type.WithAttributeLists(type.AttributeLists.Replace(first, below).Insert(0, attribute));
    }
}
