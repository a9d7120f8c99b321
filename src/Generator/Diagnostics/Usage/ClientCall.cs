using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Diagnostics.Usage;

/// <summary>A call over the one connection of a Thrift client, that is held in a variable.</summary>
/// <param name="Operation">The call.</param>
/// <param name="Variable">The variable: a local, a parameter, a field or an automatic property of this object.</param>
/// <param name="Client">The client's type.</param>
internal sealed record ClientCall(IInvocationOperation Operation, ISymbol Variable, INamedTypeSymbol Client)
{
    /// <summary>The call that an operation is; null for any other operation.</summary>
    public static ClientCall? Of(IOperation operation)
        => operation is IInvocationOperation { Instance: { } instance, TargetMethod: { ReturnType.Name: "Task" or "ValueTask" } method } invocation &&
            IsOfService(method) &&
            KnownValue.VariableOf(instance) is { } variable &&
            KnownValue.TypeOf(instance) is INamedTypeSymbol client && Clients.IsThriftClient(client)
            ? new ClientCall(invocation, variable, client)
            : null;

    /// <summary>Whether another operation is a call on the same client.</summary>
    public bool Shares(IOperation operation)
        => operation is IInvocationOperation && Of(operation) is { } other && SymbolEqualityComparer.Default.Equals(other.Variable, Variable);

    /// <summary>
    /// Whether a method is one of the service's. What is called through an interface may be so only where the interface lies
    /// beside a client, as the Thrift compiler puts them; opening the transport, and the halves of a call, are for those who
    /// speak the protocol themselves.
    /// </summary>
    private static bool IsOfService(IMethodSymbol method)
        => method.ContainingType.TypeKind == TypeKind.Interface
            ? method.ContainingType.ContainingType?.GetTypeMembers("Client", arity: 0).IsEmpty == false
            : !TypeText.Is(method.ContainingType, RuntimeNames.ThriftClient) &&
                !method.Name.StartsWith("send_", StringComparison.Ordinal) && !method.Name.StartsWith("recv_", StringComparison.Ordinal);
}
