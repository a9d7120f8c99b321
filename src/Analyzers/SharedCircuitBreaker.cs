using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Analyzers;

/// <summary>
/// Finds guarded clients whose calls go through their own circuit breaker once more. The client is in a wrapper inside
/// of another guarded client, or in what the circuit breaker executes. Clients and circuit breakers are followed
/// through local variables that are set once.
/// </summary>
internal static class SharedCircuitBreaker
{
    private const string CircuitBreaker = "CircuitBreaker";

    /// <summary>Gets the inner client in the arguments of a guarded one, and its expression; null for none.</summary>
    public static (INamedTypeSymbol Client, IOperation Culprit)? FindIn(IObjectCreationOperation guarded)
        => GetCircuitBreaker(guarded.Arguments) is { } shared && guarded.Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 0) is { } inner
            ? FindIn(inner.Value, shared, visited: [])
            : null;

    /// <summary>Gets the client that a circuit breaker executes calls of, and its first use; null for none.</summary>
    public static (INamedTypeSymbol Client, IOperation Culprit)? FindIn(IInvocationOperation execute)
    {
        if (!IsExecute(execute.TargetMethod) || execute.Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 0)?.Value is not { } receiver)
        {
            return null;
        }

        // Of the client itself: client.CircuitBreaker.ExecuteAsync(…).
        var owner = KnownValue.Bare(receiver) is IPropertyReferenceOperation { Property.Name: CircuitBreaker, Instance: { } instance } && Clients.IsGuarded(instance.Type)
            ? KnownValue.VariableOf(instance)
            : null;
        var shared = KnownValue.VariableOf(receiver);
        foreach (var use in execute.Arguments.Where(static argument => argument.Parameter?.Ordinal > 0).SelectMany(static argument => argument.Descendants()))
        {
            if (KnownValue.VariableOf(use) is not { } variable || use is IConversionOperation)
            {
                continue;
            }

            if (AreSame(variable, owner) && use.Type is INamedTypeSymbol client)
            {
                return (client, use);
            }

            if (use is ILocalReferenceOperation && shared is not null && FindIn(use, shared, visited: []) is var (found, _))
            {
                return (found, use);
            }
        }

        return null;
    }

    private static (INamedTypeSymbol Client, IOperation Culprit)? FindIn(IOperation value, ISymbol shared, HashSet<ISymbol> visited)
    {
        foreach (var part in value.DescendantsAndSelf())
        {
            var found = part switch
            {
                IObjectCreationOperation { Type: INamedTypeSymbol client } creation when Clients.IsGuarded(client) && AreSame(GetCircuitBreaker(creation.Arguments), shared) => (client, part),
                IInvocationOperation { Type: INamedTypeSymbol client, TargetMethod.Name: "Connect" } connect when Clients.IsGuarded(client) && AreSame(GetCircuitBreaker(connect.Arguments), shared) => (client, part),
                ILocalReferenceOperation { Local: var local } when visited.Add(local) && KnownValue.OnlyValueOf(local, KnownValue.RootOf(part)) is { } only => FindIn(only, shared, visited),
                _ => null,
            };
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Gets the variable with the circuit breaker among the arguments.</summary>
    private static ISymbol? GetCircuitBreaker(IEnumerable<IArgumentOperation> arguments)
        => arguments.FirstOrDefault(static argument => IsCircuitBreaker(argument.Parameter?.Type)) is { } argument ? KnownValue.VariableOf(argument.Value) : null;

    private static bool IsCircuitBreaker(ITypeSymbol? type)
        => type is { Name: CircuitBreaker, ContainingNamespace: { Name: "ThriftBreaker", ContainingNamespace.IsGlobalNamespace: true } };

    private static bool IsExecute(IMethodSymbol method)
        => method.Name.StartsWith("Execute", StringComparison.Ordinal) &&
           method.ContainingType is { Name: "CircuitBreakerExtensions", ContainingNamespace: { Name: "ThriftBreaker", ContainingNamespace.IsGlobalNamespace: true } };

    private static bool AreSame(ISymbol? one, ISymbol? other) => one is not null && SymbolEqualityComparer.Default.Equals(one, other);
}
