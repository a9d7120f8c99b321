using Circuit.Calculators;

namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>What is called while replies are broken.</summary>
internal static class Requests
{
    /// <summary>Calls with results and exceptions of every kind.</summary>
    public static readonly Func<Calculator.IAsync, CancellationToken, Task<object>>[] All =
    [
        static async (client, token) => await client.echo("a text that was sent before", token),
        static async (client, token) => await client.sums(new Dictionary<string, List<int>> { ["odd"] = [1, 3, 5], ["even"] = [2, 4], ["none"] = [] }, token),
        static async (client, token) => await client.history(Operation.ADD, ["first", "second", "third"], token),
        static async (client, token) => await client.calculate(new Work(6, 7), token),
        static async (client, token) => await client.calculate(Calls.OneByZero, token),
        static async (client, token) => await client.calculate(new Work(int.MaxValue, 2) { Operation = Operation.MULTIPLY }, token),
        static async (client, token) => await client.history(Operation.ADD, [], token),
        static async (client, token) => { await client.crash(token); return "returned"; },
        static async (client, token) => { await client.ping(token); return "returned"; },
    ];

    /// <summary>The call after it, which must be right.</summary>
    public static async Task<object> Echo(Calculator.IAsync client, string text, CancellationToken token) => await client.echo(text, token);
}
