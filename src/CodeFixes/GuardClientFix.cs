using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using ThriftBreaker.CodeFixes.Guarding;

namespace ThriftBreaker.CodeFixes;

/// <summary>
/// TB0014: replaces the Thrift client with the guarded client. With a known server, the guarded client can connect by
/// itself; everywhere it can wrap the Thrift client. Neither is offered where the code would not compile afterwards.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GuardClientFix))]
public sealed class GuardClientFix : DocumentFix
{
    private const string Connect = "Connect";
    private const string Wrap = "Wrap";
    private const string Endpoint = "ThriftEndpoint";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("TB0014");

    /// <inheritdoc/>
    protected override async Task<IEnumerable<(string Title, string Key)>> OffersAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await Replacement.CreateAsync(document, diagnostic, cancellationToken).ConfigureAwait(false) is not { } replacement)
        {
            return [];
        }

        var model = await document.ModelAsync(cancellationToken).ConfigureAwait(false);
        var name = NameOf(replacement.Guarded, replacement, model);
        return new[] { ($"Use {name}.Connect", Connect), ($"Wrap it in {name}", Wrap) }.Where(offer => IsOnOffer(replacement, offer.Item2));
    }

    /// <inheritdoc/>
    protected override async Task<Document> FixAsync(Document document, IReadOnlyList<Diagnostic> diagnostics, string key, CancellationToken cancellationToken)
    {
        var model = await document.ModelAsync(cancellationToken).ConfigureAwait(false);
        var editor = await DocumentEditor.CreateAsync(document, cancellationToken).ConfigureAwait(false);
        var (changed, needsRuntimeNamespace) = (new HashSet<SyntaxNode>(), false);
        foreach (var diagnostic in diagnostics)
        {
            if (await Replacement.CreateAsync(document, diagnostic, cancellationToken).ConfigureAwait(false) is not { } replacement || !IsOnOffer(replacement, key))
            {
                continue;
            }

            var name = NameOf(replacement.Guarded, replacement, model);
            editor.ReplaceNode(replacement.Creation, (key == Connect ? Connecting(replacement, name) : Wrapping(replacement, name, model)).WithTriviaFrom(replacement.Creation));
            if (replacement.Declared is { } declared && changed.Add(declared))
            {
                var typeSyntax = declared is NullableTypeSyntax nullable ? nullable.ElementType : declared;
                editor.ReplaceNode(typeSyntax, SyntaxFactory.ParseTypeName(name).WithTriviaFrom(typeSyntax));
            }

            if (key == Connect)
            {
                Remove([.. replacement.Obsolete.Where(changed.Add)], replacement.Creation, editor);

                needsRuntimeNamespace |= IsNamed(replacement) && model.LookupNamespacesAndTypes(replacement.Creation.SpanStart, name: Endpoint).IsEmpty;
            }
        }

        var root = (CompilationUnitSyntax)editor.GetChangedRoot();
        return document.WithSyntaxRoot(needsRuntimeNamespace ? root.WithRuntimeNamespace() : root);
    }

    private static bool IsOnOffer(Replacement replacement, string key) => key == Connect ? replacement.Endpoint is not null : replacement.CanWrap;

    private static ExpressionSyntax Connecting(Replacement replacement, string guarded)
    {
        var endpoint = replacement.Endpoint!;
        var settings = new[] { Setting("Transport", endpoint.Transport), Setting("Protocol", endpoint.Protocol) }.Where(static setting => setting is not null);
        var server = $"{endpoint.Host}, {endpoint.Port}";
        return SyntaxFactory.ParseExpression(IsNamed(replacement)
            ? $"{guarded}.Connect(new {Endpoint}({server}) {{ {string.Join(", ", settings)} }})"
            : $"{guarded}.Connect({server})");
    }

    private static string? Setting(string name, string? value) => value is null ? null : $"{name} = Thrift{name}.{value}";

    /// <summary>Whether the code needs an endpoint object, because there is more than a host and a port.</summary>
    private static bool IsNamed(Replacement replacement) => replacement.Endpoint is { Transport: not null } or { Protocol: not null };

    /// <summary>A client that was <c>new(…)</c> needs its type, which the variable no longer declares.</summary>
    private static ObjectCreationExpressionSyntax Wrapping(Replacement replacement, string guarded, SemanticModel model)
    {
        var creation = replacement.Creation;
        var inner = creation is ImplicitObjectCreationExpressionSyntax
            ? SyntaxFactory.ObjectCreationExpression(SyntaxFactory.ParseTypeName(NameOf(replacement.Client, replacement, model)))
                .WithNewKeyword(creation.NewKeyword.WithTrailingTrivia(SyntaxFactory.Space))
                .WithArgumentList(creation.ArgumentList)
            : (ExpressionSyntax)creation;
        return SyntaxFactory.ObjectCreationExpression(SyntaxFactory.ParseTypeName(guarded))
            .WithNewKeyword(SyntaxFactory.Token(SyntaxKind.NewKeyword).WithTrailingTrivia(SyntaxFactory.Space))
            .WithArgumentList(SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(inner.WithoutTrivia()))));
    }

    /// <summary>Removes statements, and moves the comments above them to the statement with the client.</summary>
    private static void Remove(StatementSyntax[] obsolete, SyntaxNode creation, DocumentEditor editor)
    {
        foreach (var statement in obsolete)
        {
            editor.RemoveNode(statement.Parent is GlobalStatementSyntax global ? global : (SyntaxNode)statement, SyntaxRemoveOptions.KeepNoTrivia);
        }

        var said = obsolete.Select(static statement => statement.GetLeadingTrivia()).Where(IsSaying).SelectMany(WithoutIndentation).ToArray();
        if (said.Length > 0 && creation.FirstAncestorOrSelf<StatementSyntax>() is { } user)
        {
            editor.ReplaceNode(user, (statement, _) => statement.WithLeadingTrivia(said.Concat(statement.GetLeadingTrivia())));
        }
    }

    private static bool IsSaying(SyntaxTriviaList trivia) => trivia.Any(static each => !IsSpace(each));

    private static IEnumerable<SyntaxTrivia> WithoutIndentation(SyntaxTriviaList trivia)
        => trivia[trivia.Count - 1].IsKind(SyntaxKind.WhitespaceTrivia) ? trivia.Take(trivia.Count - 1) : trivia;

    private static bool IsSpace(SyntaxTrivia trivia) => trivia.IsKind(SyntaxKind.WhitespaceTrivia) || trivia.IsKind(SyntaxKind.EndOfLineTrivia);

    private static string NameOf(INamedTypeSymbol type, Replacement replacement, SemanticModel model) => type.ToMinimalDisplayString(model, replacement.Creation.SpanStart);
}
