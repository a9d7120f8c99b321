using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Analyzers;

/// <summary>Whether a variable has the same client in all calls, as far as the surrounding code shows.</summary>
internal static class SettledVariable
{
    /// <summary>
    /// A function that sets it can run at any time, and so can a method of the type that declares it.
    /// </summary>
    public static bool Is(ISymbol variable, IOperation use) => variable switch
    {
        IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null or { IsInitOnly: true } } => true,
        IFieldSymbol or IPropertySymbol => !KnownValue.RootOf(use).Descendants().Any(operation => operation is IInvocationOperation { TargetMethod: var method } &&
            (method.MethodKind == MethodKind.DelegateInvoke || SymbolEqualityComparer.Default.Equals(method.ContainingType, variable.ContainingType))),
        _ => !KnownValue.RootOf(use).Descendants().Any(operation =>
            KnownValue.Sets(operation, variable) && FunctionScope.Around(operation) is { } function && !FunctionScope.IsDeclaredIn(variable, function)),
    };
}
