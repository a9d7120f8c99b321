namespace ThriftBreaker.Runtime.Tests.Calls;

/// <summary>The ways into a circuit: a generated client's methods, by what they return, and the Execute methods.</summary>
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

    /// <summary>All that take the caller's token.</summary>
    public static TheoryData<Entrance> Cancellable => [.. Enum.GetValues<Entrance>().Except(SynchronousExecutes)];

    /// <summary>The methods of a generated client.</summary>
    public static TheoryData<Entrance> Generated => [.. Enum.GetValues<Entrance>().Where(static entrance => entrance <= Entrance.ValueTaskOfResult)];
}
