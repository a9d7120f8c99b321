using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker.Stress;

/// <summary>
/// Sixteen threads, in a long run with a million calls each, while manual control and updates change the circuit
/// breaker: all counts add up.
/// </summary>
public sealed class StressTests
{
    private static readonly TimeSpan ResetTimeout = TimeSpan.FromSeconds(10);

    private static readonly CircuitBreakerOptions OneFailure = new()
    {
        FailMax = 1,
        ResetTimeout = ResetTimeout,
        ProbeTimeout = TimeSpan.FromSeconds(3),
        BackoffMultiplier = 2,
        MaxResetTimeout = 4 * ResetTimeout,
    };

    private static readonly CircuitBreakerOptions ManyFailures = OneFailure with { FailMax = 20, MaxProbes = 3, SuccessThreshold = 3 };
    private static readonly CircuitBreakerOptions OverTime = ManyFailures with { FailureRatio = 0.8, MinimumThroughput = 20 };
    private static readonly CircuitBreakerOptions OverCalls = ManyFailures with { FailureRatio = 0.7, SamplingCalls = 20 };

    private static readonly Dictionary<string, CircuitBreakerOptions> Rules = new()
    {
        ["one failure"] = OneFailure,
        ["consecutive failures"] = ManyFailures,
        ["a ratio over time"] = OverTime,
        ["a ratio over the last calls"] = OverCalls,
        ["slow calls over time"] = OverTime with { SlowCallDuration = TimeSpan.FromSeconds(1), SlowCallRatio = 0.5 },
        ["slow calls among the last"] = OverCalls with { SlowCallDuration = TimeSpan.FromSeconds(1), SlowCallRatio = 0.5 },
    };

    public static MatrixTheoryData<string, HandlerPresence> Circuits => new(Rules.Keys, Enum.GetValues<HandlerPresence>());

    [Theory]
    [MemberData(nameof(Circuits))]
    public void RandomLoad_CountsAddUp_AndTheCircuitRecovers(string rules, HandlerPresence handlerPresence)
    {
        var run = new StressRun(Rules[rules], handlerPresence);

        run.Start(callsOfEachThread: TestRun.Times(quick: 5_000, @long: 1_000_000));
        run.AssertCountsAddUp();
        run.AssertChangesFormAPath();

        run.AssertRecovers();
        run.AssertLaterCallsCountExactly();
        run.AssertEverySlotIsFree();
        run.AssertUnwatched();
    }
}

/// <summary>Whether CallCompleted has a handler. Without one a healthy call is unwatched.</summary>
public enum HandlerPresence
{
    Always,
    Never,
    Changing,
}
