using CsCheck;
using ThriftBreaker.Runtime.Tests.Breaker.Histories;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker.Tables;

/// <summary>
/// The behavior that pybreaker users rely on: each row is one of pybreaker's tests, with its number. A caller that gets
/// CircuitBreakerError from pybreaker gets <see cref="CircuitOpenException"/> (ThrowOnTrip).
/// </summary>
public sealed class PybreakerTableTests
{
    private static readonly CircuitBreakerOptions FailMax3 = With(failMax: 3);

    private static readonly Row[] Rows =
    [
        new("PB-01", "one success on a fresh circuit",
            "S [Closed 0]", "Closed"),
        new("PB-02", "one failure on a fresh circuit",
            "F [Closed 1]", "Closed"),
        new("PB-03", "a failure, then a success",
            "F [Closed 1] S [Closed 0]", "Closed"),
        new("PB-04", "the failure that reaches FailMax opens the circuit",
            "F F T [Open 3]", "Closed → Open", FailMax3),
        new("PB-05", "without ThrowOnTrip the tripping call gets its own error",
            "F F F [Open 3] R [Open 3]", "Closed → Open", FailMax3 with { ThrowOnTrip = false }),
        new("PB-08", "a failure after the reset timeout opens the circuit again",
            "F F T 0.6s T [Open 4]", "Closed → Open → HalfOpen → Open", With(failMax: 3, resetSeconds: 0.5)),
        new("PB-09", "a success after the reset timeout closes the circuit",
            "F F T R 2s S [Closed 0]", "Closed → Open → HalfOpen → Closed", With(failMax: 3, resetSeconds: 1)),
        new("PB-10", "half-opened manually, then a failure",
            "HalfOpen [HalfOpen 0] T [Open 1]", "Closed → HalfOpen → Open"),
        new("PB-11", "half-opened manually, then a success",
            "HalfOpen S [Closed 0]", "Closed → HalfOpen → Closed"),
        new("PB-12", "closed manually",
            "F F T R [Open 3] Close [Closed 0]", "Closed → Open → Closed", FailMax3),
        new("PB-13", "a handler sees each change of state",
            "Open HalfOpen Close", "Closed → Open → HalfOpen → Closed"),
        new("PB-18", "the defaults",
            "[FailMax=5 ResetTimeout=60s SuccessThreshold=1] [Closed 0]", "Closed", new CircuitBreakerOptions()),
        new("PB-22", "settings that change are in force at the next call",
            "F F F F FailMax:=10 ResetTimeout:=30s [FailMax=10 ResetTimeout=30s SuccessThreshold=1] F F F F F T [Open 10] 30s S [Closed 0]",
            "Closed → Open → HalfOpen → Closed", With(failMax: 5, resetSeconds: 60)),
        new("PB-26", "handlers are called in order of registration",
            "handler:first handler:second Open [called first second]", "Closed → Open"),
        new("PB-29", "excluded types and their subclasses count as successes",
            "F [Closed 1] throw:IO [Closed 0] F [Closed 1] throw:FileNotFound [Closed 0]", "Closed", With() with { Exclude = [typeof(IOException)] }),
        new("PB-30", "exclusion by predicate",
            "throw:bad [Closed 1] throw:good [Closed 0] throw:other [Closed 1]", "Closed",
            With() with { ExcludeWhen = static error => error.Message == "good" }),
        new("PB-39", "one success suffices by default",
            "F F T 0.2s S [Closed 0]", "Closed → Open → HalfOpen → Closed", With(failMax: 3, resetSeconds: 0.1)),
        new("PB-40", "SuccessThreshold successes close the circuit",
            "F F T 0.2s S [HalfOpen 0 1] S [HalfOpen 0 2] S [Closed 0]", "Closed → Open → HalfOpen → Closed",
            With(failMax: 3, resetSeconds: 0.1) with { SuccessThreshold = 3 }),
        new("PB-41", "a failure before SuccessThreshold opens the circuit again",
            "F F T 0.2s S [HalfOpen 0 1] S [HalfOpen 0 2] T [Open 1]", "Closed → Open → HalfOpen → Open",
            With(failMax: 3, resetSeconds: 0.1) with { SuccessThreshold = 3 }),
        new("PB-53", "failures from several threads are all counted",
            "3x500F [Closed 1500]", "Closed", With(failMax: 3000)),
        new("PB-55", "threads that fail at once half-open the circuit once",
            "Open 0.01s 5x1F [Open 1]", "Closed → Open → HalfOpen → Open", With(failMax: 1, resetSeconds: 0.01), Times: TestRun.Times(quick: 100, @long: 1_000)),
        new("PB-56", "threads that fail beyond FailMax are counted up to it",
            "3x2000F [Open 3000]", "Closed → Open", With(failMax: 3000)),
        new("PB-59", "a guarded body from trip to recovery",
            "F T [Open 2] R 0.01s S [Closed 0]", "Closed → Open → HalfOpen → Closed", With(failMax: 2, resetSeconds: 0.01)),
    ];

    /// <summary>The rows that need one thread only.</summary>
    private static readonly Row[] SerialRows = [.. Rows.Where(static row => !row.Script.Contains('x', StringComparison.Ordinal))];

    private static readonly Gen<Row> AnySerialRow = Gen.Int[0, SerialRows.Length - 1].Select(static which => SerialRows[which]);

    public static TheoryData<string, string> Names => new(Rows.Select(static row => (row.Id, row.What)));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Row_Holds(string id, string what)
    {
        var row = Rows.Single(row => (row.Id, row.What) == (id, what));
        for (var time = 0; time < row.Times; time++)
        {
            var script = new Script(row.Settings ?? With());
            await script.PlayAsync(row.Script);
            Assert.Equal(row.Path, script.Path);
        }
    }

    /// <summary>
    /// I12: after any history, SetMode(Auto) and Close(), the rows hold, and late outcomes of earlier calls change
    /// nothing.
    /// </summary>
    [Fact]
    public async Task Row_SerialCaller_AnyHistory_Holds()
        => await Gen.Select(AnySerialRow, HistorySettings.Any, Step.Any.Array[0, 30], Gen.Enum<CallOutcome>().Array[1, 10]).SampleAsync(
            static async (row, settings, past, late) =>
            {
                var circuit = TestCircuit.Create(settings.ToOptions(TimeProvider.System));
                var before = new PriorHistory(circuit.CircuitBreaker, circuit.Clock.Advance);
                before.Play(past);
                circuit.CircuitBreaker.SetMode(CircuitMode.Auto);
                circuit.CircuitBreaker.Close();
                circuit.CircuitBreaker.Update((row.Settings ?? With()) with { Name = History.Name, TimeProvider = circuit.Clock });
                circuit.Changes.Clear();
                var script = new Script(circuit);
                var ended = 0;

                await script.PlayAsync(row.Script, () => before.CompleteCall(late[ended++ % late.Length]));

                Assert.Equal(row.Path, script.Path);
            },
            iter: TestRun.Times(quick: 500, @long: 20_000),
            print: static sample => $"""

                {sample.Item1.Id} after {sample.Item2}
                {string.Join(Environment.NewLine, (IEnumerable<Step>)sample.Item3)}
                while calls end: {string.Join(", ", sample.Item4)}

                """);

    [Fact]
    public void EveryRowIsTested()
        => Assert.Equal(
            [
                "PB-01", "PB-02", "PB-03", "PB-04", "PB-05", "PB-08", "PB-09", "PB-10", "PB-11", "PB-12", "PB-13", "PB-18",
                "PB-22", "PB-26", "PB-29", "PB-30", "PB-39", "PB-40", "PB-41", "PB-53", "PB-55", "PB-56", "PB-59",
            ],
            Rows.Select(static row => row.Id));

    private static CircuitBreakerOptions With(int failMax = 5, double resetSeconds = 60)
        => new() { FailMax = failMax, ResetTimeout = TimeSpan.FromSeconds(resetSeconds), ThrowOnTrip = true };

    /// <summary>One row.</summary>
    /// <param name="Id">The number.</param>
    /// <param name="What">The subject.</param>
    /// <param name="Script">The steps and the expected results.</param>
    /// <param name="Path">The states of the circuit, in their order.</param>
    /// <param name="Settings">The settings; null for pybreaker's defaults.</param>
    /// <param name="Times">The number of repetitions: more than one if threads race.</param>
    private sealed record Row(string Id, string What, string Script, string Path, CircuitBreakerOptions? Settings = null, int Times = 1);
}
