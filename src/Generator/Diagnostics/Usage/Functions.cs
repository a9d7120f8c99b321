using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Generator.Diagnostics.Usage;

/// <summary>What code belongs together: it runs when the function runs that it stands in.</summary>
internal static class Functions
{
    /// <summary>The lambda or local function that an operation stands in; null where it stands in the member itself.</summary>
    public static IOperation? Around(IOperation operation)
    {
        var around = operation.Parent;
        while (around is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            around = around.Parent;
        }

        return around;
    }

    /// <summary>Whether a function that lies deeper than this operation, or beside it, has its hands on a variable.</summary>
    public static bool MentionElsewhere(ISymbol variable, IOperation operation)
        => KnownValue.RootOf(operation).Descendants().Any(reference =>
            reference is ILocalReferenceOperation or IParameterReferenceOperation && SymbolEqualityComparer.Default.Equals(KnownValue.VariableOf(reference), variable) &&
            Around(reference) != Around(operation));

    /// <summary>Whether a variable lives within an operation, so that each run of it has one of its own.</summary>
    public static bool IsDeclaredIn(ISymbol variable, IOperation operation)
        => variable is ILocalSymbol or IParameterSymbol &&
            variable.DeclaringSyntaxReferences.Any(declaration =>
                declaration.SyntaxTree == operation.Syntax.SyntaxTree && operation.Syntax.Span.Contains(declaration.Span));
}
