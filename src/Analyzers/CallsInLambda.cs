using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Analyzers;

/// <summary>A lambda that uses a client declared outside of it, and runs several times concurrently.</summary>
internal static class CallsInLambda
{
    private static readonly string[] Waits = ["Wait", "Enter", "TryEnter", "Lock", "Acquire", "Rent", "Lease"];

    public static string? GetReason(ClientCall call)
        => FunctionScope.Around(call.Operation) is IAnonymousFunctionOperation lambda && !FunctionScope.IsDeclaredIn(call.Variable, lambda) &&
            ReceiverOf(lambda) is { } receiver && RunsAtOnce(receiver, lambda, call) && !Synchronizes(lambda)
            ? $"'{receiver.TargetMethod.Name}' runs this lambda several times at once"
            : null;

    /// <summary>Gets the call with the lambda as an argument.</summary>
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
                (TypeText.Is(type, "System.Linq.Enumerable") && lambda.Symbol.ReturnType.Name is "Task" or "ValueTask" && IsEvaluatedAtOnce(receiver)),
            "ForAll" => TypeText.Is(type, "System.Linq.ParallelEnumerable"),
            _ => false,
        };
    }

    /// <summary>
    /// A query is lazy, and a loop over it can await each task: calls run concurrently where all tasks are collected.
    /// </summary>
    private static bool IsEvaluatedAtOnce(IOperation query)
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
                .Any(reference => reference is ILocalReferenceOperation use && SymbolEqualityComparer.Default.Equals(use.Local, local) && IsEvaluatedAtOnce(use)),
            _ => false,
        };
    }

    /// <summary>Whether options in the call limit it to one at a time.</summary>
    private static bool IsOneAtATime(IInvocationOperation parallel)
        => parallel.Descendants().Any(static operation =>
            operation is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "MaxDegreeOfParallelism" }, Value.ConstantValue: { HasValue: true, Value: 1 } });

    /// <summary>
    /// Whether the lambda synchronizes: with a lock, a semaphore, or a method named like one. Awaiting a call does not.
    /// </summary>
    private static bool Synchronizes(IAnonymousFunctionOperation lambda)
        => lambda.Descendants().Any(static operation =>
            operation is ILockOperation or IUsingOperation or IUsingDeclarationOperation ||
            (operation is IInvocationOperation { TargetMethod: { ContainingType.Name: not "Task", Name: var name } } &&
                Waits.Any(wait => name.StartsWith(wait, StringComparison.Ordinal))));
}
