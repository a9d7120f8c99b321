using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Analyzers;

/// <summary>The function that contains code, and runs when the function runs.</summary>
internal static class FunctionScope
{
    /// <summary>
    /// Gets the lambda or local function that contains an operation; null if the member itself contains it.
    /// </summary>
    public static IOperation? Around(IOperation operation)
    {
        var around = operation.Parent;
        while (around is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            around = around.Parent;
        }

        return around;
    }

    /// <summary>Whether another function than the one around an operation uses a variable.</summary>
    public static bool AnyOtherUses(ISymbol variable, IOperation operation)
        => KnownValue.RootOf(operation).Descendants().Any(reference =>
            reference is ILocalReferenceOperation or IParameterReferenceOperation && SymbolEqualityComparer.Default.Equals(KnownValue.VariableOf(reference), variable) &&
            Around(reference) != Around(operation));

    /// <summary>Whether an operation declares a variable, so that each run has its own.</summary>
    public static bool IsDeclaredIn(ISymbol variable, IOperation operation)
        => variable is ILocalSymbol or IParameterSymbol &&
            variable.DeclaringSyntaxReferences.Any(declaration =>
                declaration.SyntaxTree == operation.Syntax.SyntaxTree && operation.Syntax.Span.Contains(declaration.Span));
}
