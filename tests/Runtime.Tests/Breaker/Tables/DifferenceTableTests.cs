namespace ThriftBreaker.Runtime.Tests.Breaker.Tables;

/// <summary>The differences to pybreaker: the rows of docs/breaker.md, in their order.</summary>
public sealed class DifferenceTableTests
{
    private static readonly CircuitBreakerOptions FailMax1 = new() { FailMax = 1 };

    private static readonly Row[] Rows =
    [
        new("calls through one circuit run at the same time",
            "begin S S finish:S [Closed 0]", "Closed"),
        new("the call that opens the circuit gets its own exception",
            "F [Open 1] R", "Closed → Open", FailMax1),
        new("declared exceptions of the contract are answers",
            "F [Closed 1] throw:declared [Closed 0]", "Closed"),
        new("asynchronous calls are observed to their end",
            "begin [Closed 0] finish:F [Open 1]", "Closed → Open", FailMax1),
        new("a handler's exception does not cancel a change of state",
            "handler:! handler:other F [Open 1] [called other]", "Closed → Open", FailMax1),
        new("Close() on a closed circuit raises no event",
            "handler:any F [Closed 1] Close [Closed 0] [called]", "Closed"),
        new("to exclude a type excludes its subclasses and nothing else",
            "throw:FileNotFound [Closed 0] throw:IO [Closed 1] throw:DirectoryNotFound [Closed 2]", "Closed",
            new CircuitBreakerOptions { Exclude = [typeof(FileNotFoundException)] }),
    ];

    public static TheoryData<string> Names => new(Rows.Select(static row => row.What));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Row_Holds(string what)
    {
        var row = Rows.Single(row => row.What == what);
        var script = new Script(row.Settings ?? new CircuitBreakerOptions());

        await script.PlayAsync(row.Script);

        Assert.Equal(row.Path, script.Path);
    }

    /// <summary>One row.</summary>
    /// <param name="What">The difference.</param>
    /// <param name="Script">The steps and the expected results.</param>
    /// <param name="Path">The states of the circuit, in their order.</param>
    /// <param name="Settings">The settings; null for the defaults.</param>
    private sealed record Row(string What, string Script, string Path, CircuitBreakerOptions? Settings = null);
}
