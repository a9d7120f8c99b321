using Circuit.Calculators;

namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>The requests of the fuzz tests.</summary>
internal static class Requests
{
    /// <summary>Calls with each kind of result and exception.</summary>
    public static readonly Func<Calculator.IAsync, CancellationToken, Task<object>>[] All =
    [
        static async (client, token) => await client.echo("a text that was sent before", token),
        static async (client, token) => await client.sums(new Dictionary<string, List<int>> { ["odd"] = [1, 3, 5], ["even"] = [2, 4], ["none"] = [] }, token),
        static async (client, token) => await client.history(Operation.ADD, ["first", "second", "third"], token),
        static async (client, token) => await client.calculate(new Work(6, 7), token),
        static async (client, token) => await client.calculate(Calls.DivideByZero, token),
        static async (client, token) => await client.calculate(new Work(int.MaxValue, 2) { Operation = Operation.MULTIPLY }, token),
        static async (client, token) => await client.history(Operation.ADD, [], token),
        static async (client, token) => { await client.crash(token); return "returned"; },
        static async (client, token) => { await client.ping(token); return "returned"; },
    ];

    /// <summary>The next call, which must succeed.</summary>
    public static async Task<object> Echo(Calculator.IAsync client, string text, CancellationToken token) => await client.echo(text, token);
}
