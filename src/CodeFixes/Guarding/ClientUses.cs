using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ThriftBreaker.CodeFixes.Guarding;

/// <summary>The places where a variable is used that holds a Thrift client, and whether they would compile with its guarded client.</summary>
/// <param name="model">The file's meaning.</param>
/// <param name="guarded">The guarded client.</param>
internal sealed class ClientUses(SemanticModel model, INamedTypeSymbol guarded)
{
    public static IEnumerable<ExpressionSyntax> Of(ISymbol variable, SyntaxNode scope, SemanticModel model, CancellationToken cancellationToken)
        => scope.DescendantNodes()
            .OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == variable.Name && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellationToken).Symbol, variable))
            .Select(static name => name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own && own.Name == name ? own : (ExpressionSyntax)name);

    /// <summary>Whether a use of a Thrift client is one of the guarded client, too.</summary>
    /// <param name="use">The expression that gives the client.</param>
    /// <param name="creation">What makes the client, and is to make the guarded one.</param>
    public bool Allows(ExpressionSyntax use, ExpressionSyntax creation)
    {
        while (use.Parent is ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression })
        {
            use = (ExpressionSyntax)use.Parent;
        }

        return use.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Expression == use => Has(access.Name, model.GetTypeInfo(use).Type),
            ConditionalAccessExpressionSyntax access when access.Expression == use
                => access.WhenNotNull.DescendantNodesAndSelf().OfType<MemberBindingExpressionSyntax>().FirstOrDefault() is { } binding && Has(binding.Name, model.GetTypeInfo(use).Type),
            AssignmentExpressionSyntax assignment when assignment.Left == use => assignment.Right == creation || IsNothing(assignment.Right),
            _ => IsTakenAs(model.GetTypeInfo(use).ConvertedType, model.GetTypeInfo(use).Type),
        };
    }

    /// <summary>Whether a value of a Thrift client's type, that is needed as another type, could be the guarded client.</summary>
    public bool IsTakenAs(ITypeSymbol? needed, ITypeSymbol? client)
        => needed is not null && !SymbolEqualityComparer.Default.Equals(needed, client) && model.Compilation.ClassifyConversion(guarded, needed) is { IsImplicit: true, IsUserDefined: false };

    /// <summary>Whether the guarded client has what this names: a public member that implements the same one of an interface. One of the same name may be anything.</summary>
    private bool Has(SimpleNameSyntax name, ITypeSymbol? client)
    {
        var symbol = model.GetSymbolInfo(name).Symbol;
        var used = symbol is IMethodSymbol method ? method.ConstructedFrom : symbol;
        return used is not null && client is not null &&
            client.AllInterfaces.SelectMany(static each => each.GetMembers()).Any(member =>
                SymbolEqualityComparer.Default.Equals(client.FindImplementationForInterfaceMember(member), used) &&
                guarded.FindImplementationForInterfaceMember(member) is { DeclaredAccessibility: Accessibility.Public } implementation && implementation.Name == used.Name);
    }

    private static bool IsNothing(ExpressionSyntax value) => value.Kind() switch
    {
        SyntaxKind.NullLiteralExpression or SyntaxKind.DefaultLiteralExpression => true,
        SyntaxKind.SuppressNullableWarningExpression => IsNothing(((PostfixUnaryExpressionSyntax)value).Operand),
        _ => false,
    };
}
