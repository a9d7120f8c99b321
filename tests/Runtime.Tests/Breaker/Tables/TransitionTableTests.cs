using static ThriftBreaker.CircuitMode;
using static ThriftBreaker.CircuitState;
using static ThriftBreaker.CircuitStateChangeReason;

namespace ThriftBreaker.Runtime.Tests.Breaker.Tables;

/// <summary>
/// Every transition of docs/breaker.md, and every event that causes none: a start, one event, and the result. All rows
/// have the same settings, so that every rule is tested together with the others.
/// </summary>
public sealed class TransitionTableTests
{
    private static readonly CircuitBreakerOptions Settings = TestCircuit.Settings with
    {
        FailMax = 3,
        SuccessThreshold = 2,
        MaxProbes = 2,
        FailureRatio = 0.5,
        SlowCallRatio = 0.5,
        SlowCallDuration = TimeSpan.FromSeconds(2),
        MinimumThroughput = 6,
    };

    /// <summary>
    /// Name; state and words of the start; event; state, failures, successes and increase of the generation; reason and
    /// attempt.
    /// </summary>
    public static TheoryData<string, CircuitState, string, string, CircuitState, int, int, int, CircuitStateChangeReason?, int> ByCallsAndTime => new()
    {
        { "a failure below FailMax", Closed, "F", "F", Closed, 2, 0, 0, null, 0 },
        { "consecutive failure number FailMax", Closed, "F F", "F", Open, 3, 0, 1, FailMaxReached, 0 },
        { "calls that reach FailMax together: one opens it", Closed, "F F enter enter", "end:F end:F", Open, 3, 0, 1, FailMaxReached, 0 },
        { "the same soon after a recovery", Closed, "F F F reset S S reset- F F", "F", Open, 3, 0, 1, FailMaxReached, 1 },
        { "the same one ResetTimeout after it", Closed, "F F F reset S S reset F F", "F", Open, 3, 0, 1, FailMaxReached, 0 },
        { "a failure when the ratio is reached", Closed, "F F S F S", "F", Open, 1, 0, 1, FailureRatioReached, 0 },
        { "a failure when it is reached among too few calls", Closed, "F F S F", "F", Closed, 2, 0, 0, null, 0 },
        { "a slow call when the ratio of those is reached", Closed, "S~ S~ S S S", "S~", Open, 0, 0, 1, SlowCallRatioReached, 0 },
        { "a slow call when the ratio of failures is reached", Closed, "F F S F F", "S~", Open, 0, 0, 1, FailureRatioReached, 0 },
        { "a good call when a ratio is reached", Closed, "F F S F F", "S", Closed, 0, 0, 0, null, 0 },
        { "a success", Closed, "F F", "S", Closed, 0, 0, 0, null, 0 },
        { "an ignored call", Closed, "F F", "I", Closed, 2, 0, 0, null, 0 },
        { "a cancelled call", Closed, "F F", "C", Closed, 2, 0, 0, null, 0 },

        { "a call when the open time is over, to the tick", Open, "F F F reset", "probe", HalfOpen, 3, 0, 1, ResetTimeoutPassed, 0 },
        { "a call a tick before that", Open, "F F F reset-", "R", Open, 3, 0, 0, null, 0 },
        { "the time alone", Open, "F F F", "reset", Open, 3, 0, 0, null, 0 },
        { "a failure that ends late", Open, "enter F F F tick", "end:F", Open, 3, 0, 0, null, 0 },
        { "a success that ends late", Open, "enter F F F tick", "end:S", Open, 3, 0, 0, null, 0 },
        { "an ignored call that ends late", Open, "enter F F F tick", "end:I", Open, 3, 0, 0, null, 0 },
        { "a cancelled call that ends late", Open, "enter F F F tick", "end:C", Open, 3, 0, 0, null, 0 },
        { "a failed probe after another one", Open, "F F F reset probe probe end:F tick", "end:F", Open, 4, 0, 0, null, 0 },
        { "a good probe after a failed one", Open, "F F F reset probe probe end:F tick", "end:S", Open, 4, 0, 0, null, 0 },

        { "a call when a place is free", HalfOpen, "F F F reset probe", "probe", HalfOpen, 3, 0, 0, null, 0 },
        { "a call when none is free", HalfOpen, "F F F reset probe probe", "R", HalfOpen, 3, 0, 0, null, 0 },
        { "a probe that succeeds", HalfOpen, "F F F reset I", "S", HalfOpen, 0, 1, 0, null, 0 },
        { "a probe that succeeds slowly", HalfOpen, "F F F reset I", "S~", HalfOpen, 0, 0, 0, null, 0 },
        { "success number SuccessThreshold", HalfOpen, "F F F reset S", "S", Closed, 0, 0, 1, ProbesSucceeded, 0 },
        { "the same at the second attempt", HalfOpen, "F F F reset S F reset S", "S", Closed, 0, 0, 1, ProbesSucceeded, 1 },
        { "a probe that fails", HalfOpen, "F F F reset I", "F", Open, 4, 0, 1, ProbeFailed, 1 },
        { "one that fails after a success", HalfOpen, "F F F reset S", "F", Open, 1, 0, 1, ProbeFailed, 1 },
        { "one that fails below FailMax", HalfOpen, "HalfOpen", "F", Open, 1, 0, 1, ProbeFailed, 1 },
        { "one that fails at the second attempt", HalfOpen, "F F F reset F reset I", "F", Open, 5, 0, 1, ProbeFailed, 2 },
        { "a probe that is ignored: its place is free", HalfOpen, "F F F reset S probe probe R", "end:I probe", HalfOpen, 0, 1, 0, null, 0 },
        { "a probe that is cancelled: its place is free", HalfOpen, "F F F reset S probe probe R", "end:C probe", HalfOpen, 0, 1, 0, null, 0 },
        { "a call when a probe is older than ProbeTimeout", HalfOpen, "F F F reset probe probe lease", "R", Open, 4, 0, 1, ProbeTimedOut, 1 },
        { "the same with a place free", HalfOpen, "F F F reset probe lease", "R", Open, 4, 0, 1, ProbeTimedOut, 1 },
        { "a call a tick before that", HalfOpen, "F F F reset probe probe lease-", "R", HalfOpen, 3, 0, 0, null, 0 },
        { "the time alone", HalfOpen, "F F F reset probe", "lease", HalfOpen, 3, 0, 0, null, 0 },
        { "the answer of a probe that old", HalfOpen, "F F F reset probe lease", "end:S", HalfOpen, 3, 0, 0, null, 0 },
    };

    /// <summary>
    /// State and words of the start; event; state, mode, failures and increase of the generation; reason of a change of
    /// state.
    /// </summary>
    public static TheoryData<CircuitState, string, string, CircuitState, CircuitMode, int, int, CircuitStateChangeReason?> Manual => new()
    {
        { Closed, "F F", "Open", Open, Auto, 2, 1, CircuitStateChangeReason.Manual },
        { Closed, "F F", "Close", Closed, Auto, 0, 1, null },
        { Closed, "F F", "HalfOpen", HalfOpen, Auto, 2, 1, CircuitStateChangeReason.Manual },
        { Open, "F F F", "Open", Open, Auto, 3, 1, null },
        { Open, "F F F", "Close", Closed, Auto, 0, 1, CircuitStateChangeReason.Manual },
        { Open, "F F F", "HalfOpen", HalfOpen, Auto, 3, 1, CircuitStateChangeReason.Manual },
        { HalfOpen, "F F F reset I", "Open", Open, Auto, 3, 1, CircuitStateChangeReason.Manual },
        { HalfOpen, "F F F reset I", "Close", Closed, Auto, 0, 1, CircuitStateChangeReason.Manual },
        { HalfOpen, "F F F reset S", "HalfOpen", HalfOpen, Auto, 0, 1, null },

        { Closed, "F F", "Isolated", Closed, Isolated, 2, 1, null },
        { Closed, "F F", "Disabled", Closed, Disabled, 2, 1, null },
        { Closed, "F F", "ReportOnly", Closed, CircuitMode.ReportOnly, 2, 1, null },
        { Closed, "F F", "Auto", Closed, Auto, 2, 0, null },
        { Open, "F F F", "Isolated", Open, Isolated, 3, 1, null },
        { Open, "F F F", "Disabled", Open, Disabled, 3, 1, null },
        { Open, "F F F", "ReportOnly", Open, CircuitMode.ReportOnly, 3, 1, null },
        { Open, "F F F", "Auto", Open, Auto, 3, 0, null },
        { HalfOpen, "F F F reset I", "Isolated", HalfOpen, Isolated, 3, 1, null },
        { HalfOpen, "F F F reset I", "Disabled", HalfOpen, Disabled, 3, 1, null },
        { HalfOpen, "F F F reset I", "ReportOnly", HalfOpen, CircuitMode.ReportOnly, 3, 1, null },
        { HalfOpen, "F F F reset I", "Auto", HalfOpen, Auto, 3, 0, null },

        { Closed, "F F Isolated", "Auto", Closed, Auto, 0, 1, null },
        { Closed, "F F Disabled", "Auto", Closed, Auto, 0, 1, null },
        { Closed, "F F ReportOnly", "Auto", Closed, Auto, 0, 1, null },
        { Open, "F F F Isolated", "Auto", Closed, Auto, 0, 1, CircuitStateChangeReason.Manual },
        { Open, "F F F Disabled", "Auto", Closed, Auto, 0, 1, CircuitStateChangeReason.Manual },
        { Open, "F F F ReportOnly", "Auto", Closed, Auto, 0, 1, CircuitStateChangeReason.Manual },
        { HalfOpen, "F F F reset I Isolated", "Auto", Closed, Auto, 0, 1, CircuitStateChangeReason.Manual },
        { HalfOpen, "F F F reset I Disabled", "Auto", Closed, Auto, 0, 1, CircuitStateChangeReason.Manual },
        { HalfOpen, "F F F reset I ReportOnly", "Auto", Closed, Auto, 0, 1, CircuitStateChangeReason.Manual },

        { Open, "F F F Isolated", "Isolated", Open, Isolated, 3, 0, null },
        { Open, "F F F Disabled", "Disabled", Open, Disabled, 3, 0, null },
        { Open, "F F F ReportOnly", "ReportOnly", Open, CircuitMode.ReportOnly, 3, 0, null },
    };

    [Theory]
    [MemberData(nameof(ByCallsAndTime))]
    public async Task CallOrTime_LeadsTo(
        string what,
        CircuitState from,
        string beginning,
        string on,
        CircuitState to,
        int failures,
        int successes,
        int generations,
        CircuitStateChangeReason? reason,
        int attempt)
    {
        var script = await BeganAsync(from, beginning);
        var (generation, wait) = (script.Generation, script.CircuitBreaker.RetryAfter);

        await script.PlayAsync(on);

        Assert.Equal((what, to, failures, successes), (what, script.CircuitBreaker.State, script.CircuitBreaker.FailureCount, script.CircuitBreaker.SuccessCount));
        AssertChange(script, from, to, reason, attempt);
        Assert.Equal(generation + generations, script.Generation);
        if (generations == 0)
        {
            Assert.True(script.CircuitBreaker.RetryAfter is { } now ? now <= wait : wait is null, "Without a transition the time to wait does not grow.");
        }
    }

    [Theory]
    [MemberData(nameof(Manual))]
    public async Task ManualControl_LeadsTo(
        CircuitState from, string beginning, string on, CircuitState to, CircuitMode mode, int failures, int generations, CircuitStateChangeReason? reason)
    {
        var script = await BeganAsync(from, beginning);
        var generation = script.Generation;

        await script.PlayAsync(on);

        Assert.Equal((to, mode, failures, 0), (script.CircuitBreaker.State, script.CircuitBreaker.Mode, script.CircuitBreaker.FailureCount, script.CircuitBreaker.SuccessCount));
        AssertChange(script, from, to, reason, attempt: 0);
        Assert.Equal(generation + generations, script.Generation);
    }

    private static async Task<Script> BeganAsync(CircuitState from, string beginning)
    {
        var script = new Script(Settings);
        await script.PlayAsync(beginning);
        Assert.Equal(from, script.CircuitBreaker.State);
        script.Changes.Clear();
        return script;
    }

    /// <summary>Asserts that there is one change, or none.</summary>
    private static void AssertChange(Script script, CircuitState from, CircuitState to, CircuitStateChangeReason? reason, int attempt)
        => Assert.Equal(
            reason is { } why ? [(from, to, why, attempt, script.Generation)] : [],
            script.Changes.Select(static change => (change.From, change.To, change.Reason, change.Attempt, change.Generation)));
}
