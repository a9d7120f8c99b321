namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Settings that do not go together are refused where a circuit is made of them, with a sentence that says which.</summary>
public sealed class ContradictorySettingsTests
{
    private static readonly CircuitBreakerOptions Minute = new() { ResetTimeout = TimeSpan.FromMinutes(1) };
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<CircuitBreakerOptions, string> Contradictions => new()
    {
        { Minute with { MaxResetTimeout = TimeSpan.FromMinutes(1) - TestCircuit.Tick }, "MaxResetTimeout must be at least ResetTimeout." },
        { Minute with { SlowCallRatio = 0.5, MinimumThroughput = 10 }, "SlowCallRatio wants a SlowCallDuration." },
        { Minute with { FailureRatio = 0.5 }, "A ratio over time wants a MinimumThroughput" },
        { Minute with { SlowCallDuration = Second, SlowCallRatio = 0.5 }, "A ratio over time wants a MinimumThroughput" },
        { Minute with { FailureRatio = 0.5, SamplingCalls = 10, MinimumThroughput = 10 }, "MinimumThroughput goes with a window of time" },
        { Minute with { SamplingCalls = 10, MinimumThroughput = 10 }, "MinimumThroughput goes with a window of time" },
    };

    public static TheoryData<CircuitBreakerOptions> Agreements =>
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
    public void AContradictionIsNamed(CircuitBreakerOptions options, string message)
    {
        var made = Assert.Throws<ArgumentException>(() => new CircuitBreaker(options));
        var updated = Assert.Throws<ArgumentException>(() => new CircuitBreaker().Update(options));

        Assert.StartsWith(message, made.Message, StringComparison.Ordinal);
        Assert.Equal(made.Message, updated.Message);
    }

    [Theory]
    [MemberData(nameof(Agreements))]
    public void WhatGoesTogetherIsTaken(CircuitBreakerOptions options) => Assert.Same(options, new CircuitBreaker(options).Options);
}
