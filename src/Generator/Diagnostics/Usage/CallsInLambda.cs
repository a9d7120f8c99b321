using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Diagnostics.Usage;

/// <summary>A lambda that calls a client from outside of it, and that is run several times at once.</summary>
internal static class CallsInLambda
{
    private static readonly string[] Waits = ["Wait", "Enter", "TryEnter", "Lock", "Acquire", "Rent", "Lease"];

    public static string? Of(ClientCall call)
        => Functions.Around(call.Operation) is IAnonymousFunctionOperation lambda && !Functions.IsDeclaredIn(call.Variable, lambda) &&
            ReceiverOf(lambda) is { } receiver && RunsAtOnce(receiver, lambda, call) && !TakesTurns(lambda)
            ? $"'{receiver.TargetMethod.Name}' runs this lambda several times at once"
            : null;

    /// <summary>The method that gets the lambda.</summary>
    private static IInvocationOperation? ReceiverOf(IAnonymousFunctionOperation lambda)
    {
        var around = lambda.Parent;
        while (around is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation or IArgumentOperation)
        {
            around = around.Parent;
        }

        return around as IInvocationOperation;
    }

    private static bool RunsAtOnce(IInvocationOperation receiver, IAnonymousFunctionOperation lambda, ClientCall call)
    {
        var (type, method) = (receiver.TargetMethod.ContainingType, receiver.TargetMethod.Name);
        return method switch
        {
            "For" or "ForEach" or "ForAsync" or "ForEachAsync" => TypeText.Is(type, "System.Threading.Tasks.Parallel") && !IsOneAtATime(receiver),
            "Select" => TypeText.Is(type, "System.Linq.ParallelEnumerable") ||
                (TypeText.Is(type, "System.Linq.Enumerable") && lambda.Symbol.ReturnType.Name is "Task" or "ValueTask" && IsStartedAsAWhole(receiver)),
            "ForAll" => TypeText.Is(type, "System.Linq.ParallelEnumerable"),
            _ => false,
        };
    }

    /// <summary>A query is lazy, and a loop over it may await each task: it is run as a whole by what collects all tasks.</summary>
    private static bool IsStartedAsAWhole(IOperation query)
    {
        var user = query.Parent;
        while (user is IConversionOperation or IParenthesizedOperation or IArgumentOperation)
        {
            user = user.Parent;
        }

        return user switch
        {
            IInvocationOperation invocation => CallsAtOnce.Combines(invocation) ||
                (invocation.TargetMethod.Name is "ToList" or "ToArray" or "ToHashSet" && TypeText.Is(invocation.TargetMethod.ContainingType, "System.Linq.Enumerable")),
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } => KnownValue.RootOf(query).Descendants()
                .Any(reference => reference is ILocalReferenceOperation use && SymbolEqualityComparer.Default.Equals(use.Local, local) && IsStartedAsAWhole(use)),
            _ => false,
        };
    }

    /// <summary>Whether the options, where they are written, allow one at a time.</summary>
    private static bool IsOneAtATime(IInvocationOperation parallel)
        => parallel.Descendants().Any(static operation =>
            operation is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "MaxDegreeOfParallelism" }, Value.ConstantValue: { HasValue: true, Value: 1 } });

    /// <summary>Whether the lambda waits for its turn: a lock, a semaphore, or something that is named like one. Waiting for a call is none.</summary>
    private static bool TakesTurns(IAnonymousFunctionOperation lambda)
        => lambda.Descendants().Any(static operation =>
            operation is ILockOperation or IUsingOperation or IUsingDeclarationOperation ||
            (operation is IInvocationOperation { TargetMethod: { ContainingType.Name: not "Task", Name: var name } } &&
                Waits.Any(wait => name.StartsWith(wait, StringComparison.Ordinal))));
}
