using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.CodeFixes.Guarding;

/// <summary>
/// The uses of a variable with a Thrift client, and whether they would compile with a guarded client.
/// </summary>
/// <param name="model">The semantic model of the file.</param>
/// <param name="guarded">The guarded client.</param>
internal sealed class ClientUses(SemanticModel model, INamedTypeSymbol guarded)
{
    public static IEnumerable<ExpressionSyntax> Find(ISymbol variable, SyntaxNode scope, SemanticModel model, CancellationToken cancellationToken)
        => scope.DescendantNodes()
            .OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == variable.Name && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellationToken).Symbol, variable))
            .Select(static name => name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own && own.Name == name ? own : (ExpressionSyntax)name);

    /// <summary>Whether a use of a Thrift client compiles with the guarded client.</summary>
    /// <param name="use">The expression for the client.</param>
    /// <param name="creation">The expression that creates the client.</param>
    public bool Allows(ExpressionSyntax use, ExpressionSyntax creation)
    {
        while (use.Parent is ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression })
        {
            use = (ExpressionSyntax)use.Parent;
        }

        return use.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Expression == use => Has(access.Name),
            ConditionalAccessExpressionSyntax access when access.Expression == use
                => access.WhenNotNull.DescendantNodesAndSelf().OfType<MemberBindingExpressionSyntax>().FirstOrDefault() is { } binding && Has(binding.Name),
            AssignmentExpressionSyntax assignment when assignment.Left == use => assignment.Right == creation || IsNothing(assignment.Right),
            _ => IsTakenAs(model.GetTypeInfo(use).ConvertedType, model.GetTypeInfo(use).Type),
        };
    }

    /// <summary>Whether a guarded client converts to the type that a Thrift client is converted to.</summary>
    public bool IsTakenAs(ITypeSymbol? needed, ITypeSymbol? client)
        => needed is not null && !SymbolEqualityComparer.Default.Equals(needed, client) && model.Compilation.ClassifyConversion(guarded, needed) is { IsImplicit: true, IsUserDefined: false };

    private bool Has(SimpleNameSyntax name)
        => model.GetSymbolInfo(name).Symbol is { } used && guarded.GetMembers(used.Name).Any(found => found is { IsStatic: false, DeclaredAccessibility: Accessibility.Public } && AreAlike(found, used.OriginalDefinition));

    /// <summary>
    /// Whether two members of one name have the same uses: a service can have a method called <c>CircuitBreaker</c>.
    /// </summary>
    private static bool AreAlike(ISymbol found, ISymbol used) => (found, used) switch
    {
        (IMethodSymbol one, IMethodSymbol other) => SignatureText.AreSame(one, other) && one.ReturnType.ToDisplayString() == other.ReturnType.ToDisplayString(),
        (IPropertySymbol one, IPropertySymbol other) => one.Type.ToDisplayString() == other.Type.ToDisplayString(),
        _ => found.Kind == used.Kind,
    };

    private static bool IsNothing(ExpressionSyntax value) => value.Kind() switch
    {
        SyntaxKind.NullLiteralExpression or SyntaxKind.DefaultLiteralExpression => true,
        SyntaxKind.SuppressNullableWarningExpression => IsNothing(((PostfixUnaryExpressionSyntax)value).Operand),
        _ => false,
    };
}
