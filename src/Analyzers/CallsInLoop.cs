using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Analyzers;

/// <summary>A loop that starts a call in each iteration and awaits none: the tasks are collected or dropped.</summary>
internal static class CallsInLoop
{
    private const string Reason = "this loop starts the next call on it without awaiting the one before";

    public static string? GetReason(ClientCall call)
        => LoopAround(call.Operation) is { } loop && !FunctionScope.IsDeclaredIn(call.Variable, loop) && IsLeftRunning(call.Operation, loop) &&
            !loop.Descendants().Any(operation => operation is IAwaitOperation || IsExit(operation) || KnownValue.Sets(operation, call.Variable))
            ? Reason
            : null;

    private static ILoopOperation? LoopAround(IOperation operation)
    {
        for (var around = operation.Parent; around is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation); around = around.Parent)
        {
            if (around is ILoopOperation loop)
            {
                return loop;
            }
        }

        return null;
    }

    /// <summary>Whether the loop drops the task, or adds it to a list without other uses in the loop.</summary>
    private static bool IsLeftRunning(IOperation call, ILoopOperation loop)
    {
        var user = call.Parent;
        while (user is IConversionOperation)
        {
            user = user.Parent;
        }

        return user switch
        {
            IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation } => true,
            IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "Add", ReturnsVoid: true }, Instance: { } list } }
                => KnownValue.VariableOf(list) is { Kind: SymbolKind.Local or SymbolKind.Parameter } tasks && !FunctionScope.IsDeclaredIn(tasks, loop) && IsMentionedOnce(tasks, loop) && !FunctionScope.AnyOtherUses(tasks, call),
            _ => false,
        };
    }

    private static bool IsMentionedOnce(ISymbol variable, ILoopOperation loop)
        => loop.Descendants().Count(reference =>
            reference is ILocalReferenceOperation or IParameterReferenceOperation && SymbolEqualityComparer.Default.Equals(KnownValue.VariableOf(reference), variable)) == 1;

    /// <summary>Whether the loop can end here.</summary>
    private static bool IsExit(IOperation operation) => operation is IBranchOperation { BranchKind: not BranchKind.Continue } or IReturnOperation;
}
