using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker.Stress;

/// <summary>Sixteen threads, in a long run with a million calls each, while manual control and updates change the circuit breaker: all counts add up.</summary>
public sealed class StressTests
{
    private static readonly TimeSpan ResetTimeout = TimeSpan.FromSeconds(10);

    private static readonly CircuitBreakerOptions AtOnce = new()
    {
        FailMax = 1,
        ResetTimeout = ResetTimeout,
        ProbeTimeout = TimeSpan.FromSeconds(3),
        BackoffMultiplier = 2,
        MaxResetTimeout = 4 * ResetTimeout,
    };

    private static readonly CircuitBreakerOptions Patient = AtOnce with { FailMax = 20, MaxProbes = 3, SuccessThreshold = 3 };
    private static readonly CircuitBreakerOptions OverTime = Patient with { FailureRatio = 0.8, MinimumThroughput = 20 };
    private static readonly CircuitBreakerOptions OverCalls = Patient with { FailureRatio = 0.7, SamplingCalls = 20 };

    private static readonly Dictionary<string, CircuitBreakerOptions> Rules = new()
    {
        ["one failure"] = AtOnce,
        ["consecutive failures"] = Patient,
        ["a ratio over time"] = OverTime,
        ["a ratio over the last calls"] = OverCalls,
        ["slow calls over time"] = OverTime with { SlowCallDuration = TimeSpan.FromSeconds(1), SlowCallRatio = 0.5 },
        ["slow calls among the last"] = OverCalls with { SlowCallDuration = TimeSpan.FromSeconds(1), SlowCallRatio = 0.5 },
    };

    public static MatrixTheoryData<string, Listening> Circuits => new(Rules.Keys, Enum.GetValues<Listening>());

    [Theory]
    [MemberData(nameof(Circuits))]
    public void RandomLoad_CountsAddUp_AndTheCircuitRecovers(string rules, Listening listening)
    {
        var storm = new StressRun(Rules[rules], listening);

        storm.Start(callsOfEachThread: TestRun.Times(quick: 5_000, @long: 1_000_000));
        storm.AssertCountsAddUp();
        storm.AssertChangesFormAPath();

        storm.AssertRecovers();
        storm.AssertLaterCallsCountExactly();
        storm.AssertEverySlotIsFree();
        storm.AssertUnwatched();
    }
}

/// <summary>Whether CallCompleted has a handler. Without one a healthy call is unwatched.</summary>
public enum Listening
{
    Always,
    Never,
    ComesAndGoes,
}
