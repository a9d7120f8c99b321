using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ThriftBreaker.Generator;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Analyzers;

/// <summary>A call on a Thrift client in a variable, over the only connection of the client.</summary>
/// <param name="Operation">The call.</param>
/// <param name="Variable">The variable: a local, a parameter, a field or an automatic property of this object.</param>
/// <param name="Client">The client's type.</param>
internal sealed record ClientCall(IInvocationOperation Operation, ISymbol Variable, INamedTypeSymbol Client)
{
    /// <summary>Gets the call; null for any other operation.</summary>
    public static ClientCall? From(IOperation operation)
        => operation is IInvocationOperation { Instance: { } instance, TargetMethod: { ReturnType.Name: "Task" or "ValueTask" } method } invocation &&
            IsOfService(method) &&
            KnownValue.VariableOf(instance) is { } variable &&
            KnownValue.TypeOf(instance) is INamedTypeSymbol client && Clients.IsThriftClient(client)
            ? new ClientCall(invocation, variable, client)
            : null;

    /// <summary>Whether another operation is a call on the same client.</summary>
    public bool Shares(IOperation operation)
        => operation is IInvocationOperation && From(operation) is { } other && SymbolEqualityComparer.Default.Equals(other.Variable, Variable);

    /// <summary>
    /// Whether a method is one of the service's. An interface is that of a service if it is beside a client, where the
    /// Thrift compiler generates it. Opening the transport, and the halves of a call, are no calls of the service.
    /// </summary>
    private static bool IsOfService(IMethodSymbol method)
        => method.ContainingType.TypeKind == TypeKind.Interface
            ? method.ContainingType.ContainingType?.GetTypeMembers("Client", arity: 0).IsEmpty == false
            : !TypeText.Is(method.ContainingType, RuntimeNames.ThriftClient) &&
                !method.Name.StartsWith("send_", StringComparison.Ordinal) && !method.Name.StartsWith("recv_", StringComparison.Ordinal);
}
