using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ThriftBreaker.CodeFixes.Guarding;

/// <summary>A variable that only the code in this file can access.</summary>
/// <param name="Symbol">The variable.</param>
/// <param name="Type">The syntax of its type.</param>
/// <param name="Scope">The code that can access it.</param>
internal sealed record Variable(ISymbol Symbol, TypeSyntax Type, SyntaxNode Scope)
{
    /// <summary>
    /// Finds the variable that a new object is assigned to; null without one, or if other files can access it.
    /// </summary>
    public static Variable? Find(ExpressionSyntax creation, SemanticModel model, CancellationToken cancellationToken)
    {
        var symbol = creation.Parent switch
        {
            EqualsValueClauseSyntax { Parent: (VariableDeclaratorSyntax or PropertyDeclarationSyntax) and var declared } => model.GetDeclaredSymbol(declared, cancellationToken),
            AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Parent: ExpressionStatementSyntax or ArrowExpressionClauseSyntax } assignment
                when assignment.Right == creation => model.GetSymbolInfo(assignment.Left, cancellationToken).Symbol,
            _ => null,
        };
        return symbol?.DeclaringSyntaxReferences is { Length: 1 } declarations && declarations[0].SyntaxTree == creation.SyntaxTree
            ? Create(symbol, declarations[0].GetSyntax(cancellationToken))
            : null;
    }

    private static Variable? Create(ISymbol symbol, SyntaxNode declaration) => (symbol, declaration) switch
    {
        (ILocalSymbol, VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } local }) => new(symbol, local.Type, ScopeOf(local)),
        (IFieldSymbol, VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } field }) when IsPrivate(symbol) => new(symbol, field.Type, TypeOf(field)),
        (IPropertySymbol, PropertyDeclarationSyntax property) when IsPrivate(symbol) => new(symbol, property.Type, TypeOf(property)),
        _ => null,
    };

    private static bool IsPrivate(ISymbol member)
        => member is { DeclaredAccessibility: Accessibility.Private, ContainingType.DeclaringSyntaxReferences.Length: 1 };

    /// <summary>Gets the member that contains a local, or the file for top-level statements.</summary>
    private static SyntaxNode ScopeOf(SyntaxNode local)
        => local.Ancestors().First(static ancestor => ancestor is BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax or BaseFieldDeclarationSyntax or CompilationUnitSyntax);

    private static TypeDeclarationSyntax TypeOf(SyntaxNode member) => member.FirstAncestorOrSelf<TypeDeclarationSyntax>()!;
}
