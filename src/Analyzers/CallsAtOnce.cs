using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Analyzers;

/// <summary>A call on a client while the task of an earlier call has not been awaited.</summary>
internal static class CallsAtOnce
{
    private const string Reason = "an earlier call on it has not been awaited yet";

    public static string? GetReason(ClientCall call)
        => FollowsInList(call) || FollowsInBlock(call) ? Reason : null;

    /// <summary>
    /// <c>Task.WhenAll(client.first(), client.second())</c>, and the same in an array. The task of each must be an
    /// element itself: another method around it can have awaited it.
    /// </summary>
    private static bool FollowsInList(ClientCall call)
    {
        IOperation element = call.Operation;
        var list = element.Parent;
        while (list is IConversionOperation or IParenthesizedOperation or IArgumentOperation { Parent: IInvocationOperation })
        {
            (element, list) = (list, list.Parent);
        }

        return list is not null &&
            (list is IArrayInitializerOperation || KnownValue.IsCollection(list) || (list is IInvocationOperation all && Combines(all))) &&
            list.ChildOperations.TakeWhile(earlier => earlier != element).Any(earlier => call.Shares(Element(earlier)));
    }

    /// <summary>
    /// <c>var first = client.first(); var second = client.second();</c>: no code in between mentions the first task.
    /// </summary>
    private static bool FollowsInBlock(ClientCall call)
    {
        for (var (inner, outer) = ((IOperation)call.Operation, call.Operation.Parent); outer is not null; (inner, outer) = (outer, outer.Parent))
        {
            if (outer is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return false;
            }

            if (outer is IBlockOperation block && HasPendingBefore(inner, block, call))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasPendingBefore(IOperation statement, IBlockOperation block, ClientCall call)
    {
        var between = statement.DescendantsAndSelf().TakeWhile(operation => operation != call.Operation).ToList();
        for (var i = block.Operations.IndexOf(statement) - 1; i >= 0; i--)
        {
            var earlier = block.Operations[i];
            if (StartedBy(earlier, call) is { } started)
            {
                return started.Task is null || !(FunctionScope.AnyOtherUses(started.Task, call.Operation) || between.Any(operation => Mentions(operation, started.Task)));
            }

            between.AddRange(earlier.DescendantsAndSelf());
            if (between.Any(operation => KnownValue.Sets(operation, call.Variable)))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Gets the call that a statement starts without awaiting it, and the variable with its task.</summary>
    private static (IOperation Call, ISymbol? Task)? StartedBy(IOperation statement, ClientCall call)
    {
        var (started, task) = statement switch
        {
            IVariableDeclarationGroupOperation { Declarations: { Length: 1 } declarations } when declarations[0].Declarators is { Length: 1 } declarators
                => (declarators[0].GetVariableInitializer()?.Value, declarators[0].Symbol),
            IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { Target: IDiscardOperation } discard } => (discard.Value, null),
            IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { Target: ILocalReferenceOperation local } assignment } => (assignment.Value, local.Local),
            IExpressionStatementOperation expression => (expression.Operation, null),
            _ => ((IOperation?)null, (ISymbol?)null),
        };
        return started is not null && call.Shares(KnownValue.Bare(started)) ? (started, task) : null;
    }

    private static bool Mentions(IOperation operation, ISymbol task)
        => operation is ILocalReferenceOperation local && SymbolEqualityComparer.Default.Equals(local.Local, task);

    private static IOperation Element(IOperation operation)
    {
        while (true)
        {
            var bare = operation is IArgumentOperation argument ? argument.Value : KnownValue.Bare(operation);
            if (bare == operation)
            {
                return bare;
            }

            operation = bare;
        }
    }

    /// <summary>Whether a method takes tasks that run concurrently.</summary>
    public static bool Combines(IInvocationOperation invocation)
        => invocation.TargetMethod is { IsStatic: true, Name: "WhenAll" or "WhenAny" or "WaitAll" or "WaitAny" or "WhenEach", ContainingType: var type } &&
            TypeText.Is(type, "System.Threading.Tasks.Task");
}
