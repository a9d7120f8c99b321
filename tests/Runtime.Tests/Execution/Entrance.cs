namespace ThriftBreaker.Runtime.Tests.Execution;

/// <summary>
/// The entrances to a circuit breaker: the methods of a generated client by their results, and the Execute methods.
/// </summary>
public enum Entrance
{
    Nothing,
    Result,
    Task,
    TaskOfResult,
    ValueTask,
    ValueTaskOfResult,
    Execute,
    ExecuteOfResult,
    ExecuteAsync,
    ExecuteAsyncOfResult,
    ExecuteValueTask,
    ExecuteValueTaskOfResult,
    ExecuteWithState,
    ExecuteWithStateOfResult,
    ExecuteAsyncWithState,
    ExecuteAsyncWithStateOfResult,
    ExecuteValueTaskWithState,
    ExecuteValueTaskWithStateOfResult,
}

/// <summary>Entrances as rows of a theory.</summary>
internal static class Entrances
{
    private static readonly Entrance[] SynchronousExecutes =
    [
        Entrance.Execute, Entrance.ExecuteOfResult, Entrance.ExecuteWithState, Entrance.ExecuteWithStateOfResult,
    ];

    public static TheoryData<Entrance> All => [.. Enum.GetValues<Entrance>()];

    public static TheoryData<Entrance> Asynchronous => [.. Enum.GetValues<Entrance>().Except([Entrance.Nothing, Entrance.Result, .. SynchronousExecutes])];

    /// <summary>The entrances with a token of the caller.</summary>
    public static TheoryData<Entrance> Cancellable => [.. Enum.GetValues<Entrance>().Except(SynchronousExecutes)];

    /// <summary>The methods of a generated client.</summary>
    public static TheoryData<Entrance> Generated => [.. Enum.GetValues<Entrance>().Where(static entrance => entrance <= Entrance.ValueTaskOfResult)];
}
