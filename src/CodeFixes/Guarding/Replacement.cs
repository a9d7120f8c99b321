using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using ThriftBreaker.Analyzers;

namespace ThriftBreaker.CodeFixes.Guarding;

/// <summary>The replacement of a Thrift client with a guarded client, and the code that changes with it.</summary>
/// <param name="Creation">The creation of the Thrift client.</param>
/// <param name="Client">Its type.</param>
/// <param name="Guarded">The guarded client.</param>
/// <param name="Declared">The declared type of its variable, if it has to change.</param>
/// <param name="Endpoint">The server, if it is known and no other code uses the connection.</param>
/// <param name="Obsolete">
/// The statements for the connection, which a client with its own connections does not need.
/// </param>
/// <param name="CanWrap">Whether all uses of the Thrift client compile with a guarded one.</param>
internal sealed record Replacement(
    BaseObjectCreationExpressionSyntax Creation,
    INamedTypeSymbol Client,
    INamedTypeSymbol Guarded,
    TypeSyntax? Declared,
    KnownEndpoint? Endpoint,
    IReadOnlyList<StatementSyntax> Obsolete,
    bool CanWrap)
{
    /// <summary>Creates the replacement for a diagnostic; null if the code would not compile.</summary>
    public static async Task<Replacement?> CreateAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var root = await document.RootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.ModelAsync(cancellationToken).ConfigureAwait(false);
        if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not BaseObjectCreationExpressionSyntax creation ||
            model.GetOperation(creation, cancellationToken) is not IObjectCreationOperation { Type: INamedTypeSymbol client } operation ||
            Clients.Create(model.Compilation)?.GetGuarded(client) is not { } guarded)
        {
            return null;
        }

        var allowed = new ClientUses(model, guarded);
        var type = model.GetTypeInfo(creation, cancellationToken);
        if (allowed.IsTakenAs(type.ConvertedType, client))
        {
            return new Builder(model, root, creation, client, guarded, operation).Build(declared: null, uses: []);
        }

        if (creation.Parent is MemberAccessExpressionSyntax)
        {
            return allowed.Allows(creation, creation) ? new Builder(model, root, creation, client, guarded, operation).Build(declared: null, uses: []) : null;
        }

        return Variable.Find(creation, model, cancellationToken) is { } variable
            ? new Builder(model, root, creation, client, guarded, operation).Build(
                variable.Type.IsVar ? null : variable.Type,
                [.. ClientUses.Find(variable.Symbol, variable.Scope, model, cancellationToken).Where(use => !allowed.Allows(use, creation))])
            : null;
    }

    private sealed record Builder(
        SemanticModel Model, SyntaxNode Root, BaseObjectCreationExpressionSyntax Creation, INamedTypeSymbol Client, INamedTypeSymbol Guarded, IObjectCreationOperation Operation)
    {
        /// <param name="declared">The type to change.</param>
        /// <param name="uses">The uses that do not compile with a guarded client.</param>
        public Replacement? Build(TypeSyntax? declared, IReadOnlyList<ExpressionSyntax> uses)
        {
            var endpoint = Clients.Connects(Guarded) ? KnownEndpoint.From(Operation) : null;
            var obsolete = endpoint is null ? null : ObsoleteWith(endpoint, uses);
            var known = obsolete is null ? null : endpoint;
            return known is not null || uses.Count == 0
                ? new Replacement(Creation, Client, Guarded, declared, known, obsolete ?? [], CanWrap: uses.Count == 0)
                : null;
        }

        /// <summary>Gets the statements that only create or open the connection; null if it has other uses.</summary>
        private List<StatementSyntax>? ObsoleteWith(KnownEndpoint endpoint, IReadOnlyList<ExpressionSyntax> uses)
        {
            var declarations = endpoint.Parts.Select(DeclarationOf).ToList();
            var references = endpoint.Parts.SelectMany(part => ClientUses.Find(part, Root, Model, default)).Concat(uses)
                .Where(use => !Creation.Span.Contains(use.Span) && !declarations.Any(declaration => declaration?.Span.Contains(use.Span) == true))
                .ToList();
            var openings = references.Select(OpeningBy).ToList();
            return declarations.Contains(null) || openings.Contains(null) ? null : [.. declarations.Concat(openings).OfType<StatementSyntax>().Distinct()];
        }

        private static StatementSyntax? DeclarationOf(ILocalSymbol part)
            => part.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is
                VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax statement } }
                ? statement
                : null;

        /// <summary><c>await transport.OpenAsync(…);</c></summary>
        private static StatementSyntax? OpeningBy(ExpressionSyntax use)
            => use.Parent is MemberAccessExpressionSyntax
            {
                Name.Identifier.ValueText: "OpenAsync" or "OpenTransportAsync",
                Parent: InvocationExpressionSyntax { Parent: var user },
            }
                ? AwaitedIn(user)
                : null;

        private static ExpressionStatementSyntax? AwaitedIn(SyntaxNode? user)
        {
            // .ConfigureAwait(false)
            if (user is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax { Parent: var configured } })
            {
                user = configured;
            }

            return user is AwaitExpressionSyntax { Parent: ExpressionStatementSyntax statement } ? statement : null;
        }
    }
}
