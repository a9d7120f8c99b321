namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>
/// Settings that contradict each other throw when a circuit breaker is created with them; the message names them.
/// </summary>
public sealed class ContradictorySettingsTests
{
    private static readonly CircuitBreakerOptions Minute = new() { ResetTimeout = TimeSpan.FromMinutes(1) };
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<CircuitBreakerOptions, string> Contradictions => new()
    {
        { Minute with { MaxResetTimeout = TimeSpan.FromMinutes(1) - TestCircuit.Tick }, "MaxResetTimeout is 00:00:59.9999999, but must be at least ResetTimeout, which is 00:01:00." },
        { Minute with { SlowCallRatio = 0.5, MinimumThroughput = 10 }, "SlowCallRatio requires SlowCallDuration, the duration from which a call is slow." },
        { Minute with { FailureRatio = 0.5 }, "FailureRatio requires MinimumThroughput, or SamplingCalls" },
        { Minute with { SlowCallDuration = Second, SlowCallRatio = 0.5 }, "SlowCallRatio requires MinimumThroughput, or SamplingCalls" },
        { Minute with { FailureRatio = 0.5, SamplingCalls = 10, MinimumThroughput = 10 }, "MinimumThroughput applies to a window of time" },
        { Minute with { SamplingCalls = 10, MinimumThroughput = 10 }, "MinimumThroughput applies to a window of time" },
    };

    public static TheoryData<CircuitBreakerOptions> ConsistentSettings =>
    [
        Minute with { MaxResetTimeout = TimeSpan.FromMinutes(1) },
        Minute with { SlowCallDuration = Second, SlowCallRatio = 0.5, MinimumThroughput = 10 },
        Minute with { SlowCallDuration = Second, SlowCallRatio = 0.5, SamplingCalls = 10 },
        Minute with { SlowCallDuration = Second },
        Minute with { FailureRatio = 0.5, MinimumThroughput = 10 },
        Minute with { FailureRatio = 0.5, SamplingCalls = 10 },
        Minute with { MinimumThroughput = 10 },
    ];

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Contradiction_Throws(CircuitBreakerOptions options, string message)
    {
        var made = Assert.Throws<ArgumentException>(() => new CircuitBreaker(options));
        var updated = Assert.Throws<ArgumentException>(() => new CircuitBreaker().Update(options));

        Assert.StartsWith(message, made.Message, StringComparison.Ordinal);
        Assert.Equal(made.Message, updated.Message);
    }

    [Theory]
    [MemberData(nameof(ConsistentSettings))]
    public void ConsistentSettings_AreAccepted(CircuitBreakerOptions options) => Assert.Same(options, new CircuitBreaker(options).Options);
}
