using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Generator.Diagnostics.Usage;

/// <summary>Whether a variable holds the same client from one call to the next, as far as the code around the calls shows it.</summary>
internal static class SettledVariable
{
    /// <summary>A function that sets it may run at any time, and so may a method of the type that has it.</summary>
    public static bool Is(ISymbol variable, IOperation use) => variable switch
    {
        IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null or { IsInitOnly: true } } => true,
        IFieldSymbol or IPropertySymbol => !KnownValue.RootOf(use).Descendants().Any(operation => operation is IInvocationOperation { TargetMethod: var method } &&
            (method.MethodKind == MethodKind.DelegateInvoke || SymbolEqualityComparer.Default.Equals(method.ContainingType, variable.ContainingType))),
        _ => !KnownValue.RootOf(use).Descendants().Any(operation =>
            KnownValue.Sets(operation, variable) && Functions.Around(operation) is { } function && !Functions.IsDeclaredIn(variable, function)),
    };
}
