using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Generator.Diagnostics.Usage;

/// <summary>A loop that starts a call in each round and awaits nothing: the tasks go into a list, or nowhere.</summary>
internal static class CallsInLoop
{
    private const string Reason = "this loop starts the next call on it without awaiting the one before";

    public static string? Of(ClientCall call)
        => LoopAround(call.Operation) is { } loop && !Functions.IsDeclaredIn(call.Variable, loop) && IsLeftRunning(call.Operation, loop) &&
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

    /// <summary>Whether the loop keeps the task for later, in a list that it does not look at, or drops it.</summary>
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
                => KnownValue.VariableOf(list) is { Kind: SymbolKind.Local or SymbolKind.Parameter } tasks && !Functions.IsDeclaredIn(tasks, loop) && IsMentionedOnce(tasks, loop) && !Functions.MentionElsewhere(tasks, call),
            _ => false,
        };
    }

    private static bool IsMentionedOnce(ISymbol variable, ILoopOperation loop)
        => loop.Descendants().Count(reference =>
            reference is ILocalReferenceOperation or IParameterReferenceOperation && SymbolEqualityComparer.Default.Equals(KnownValue.VariableOf(reference), variable)) == 1;

    /// <summary>Whether there may be no next round.</summary>
    private static bool IsExit(IOperation operation) => operation is IBranchOperation { BranchKind: not BranchKind.Continue } or IReturnOperation;
}
