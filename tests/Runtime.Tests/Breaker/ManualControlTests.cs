using ThriftBreaker.Runtime.Tests.Breaker.Histories;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>The manual transitions Open, Close and HalfOpen, in every state.</summary>
public sealed class ManualControlTests
{
    public static TheoryData<CircuitState> EveryState => [.. Enum.GetValues<CircuitState>()];

    [Theory]
    [MemberData(nameof(EveryState))]
    public void InFlightCall_ManualTransition_OutcomeIsIgnored(CircuitState to)
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var failing = circuit.Enter();
        circuit.CircuitBreaker.SetState(to);

        Assert.False(failing.Complete(CallOutcome.Failure));

        Assert.Equal(to, circuit.CircuitBreaker.State);
        Assert.Equal(0, circuit.CircuitBreaker.FailureCount);
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public void InFlightProbe_ManualTransition_OutcomeIsIgnored(CircuitState to)
    {
        var circuit = TestCircuit.Due(successThreshold: 2);
        circuit.Succeed();
        var probe = circuit.Enter();
        circuit.CircuitBreaker.SetState(to);

        Assert.False(probe.Complete(CallOutcome.Success));

        Assert.Equal(to, circuit.CircuitBreaker.State);
        Assert.Equal(0, circuit.CircuitBreaker.SuccessCount);
    }

    [Fact]
    public void Open_ResetTimeoutApplies()
    {
        var circuit = TestCircuit.Closed();
        circuit.CircuitBreaker.Open();
        circuit.Clock.Advance(TestCircuit.ResetTimeout - TestCircuit.Tick);
        circuit.Reject();

        circuit.Clock.Advance(TestCircuit.Tick);

        Assert.True(circuit.Enter().IsProbe);
    }

    [Fact]
    public void Open_AlreadyOpen_RestartsTheResetTimeout()
    {
        var circuit = TestCircuit.Due();

        circuit.CircuitBreaker.Open();

        Assert.Equal(TestCircuit.ResetTimeout, circuit.CircuitBreaker.RetryAfter);
        circuit.Reject();
        Assert.Single(circuit.Changes);
    }

    [Fact]
    public void HalfOpen_NextCallProbes()
    {
        var circuit = TestCircuit.Open();

        circuit.CircuitBreaker.HalfOpen();

        Assert.Equal(TimeSpan.Zero, circuit.CircuitBreaker.RetryAfter);
        Assert.True(circuit.Enter().IsProbe);
        circuit.Reject();
    }

    [Fact]
    public void HalfOpen_AlreadyHalfOpen_AbandonsTheProbe()
    {
        var circuit = TestCircuit.Due();
        _ = circuit.Enter();
        circuit.Reject();

        circuit.CircuitBreaker.HalfOpen();

        Assert.True(circuit.Enter().IsProbe);
    }

    [Fact]
    public void Close_CallsPass()
    {
        var circuit = TestCircuit.Open();

        circuit.CircuitBreaker.Close();

        Assert.False(circuit.Enter().IsProbe);
        Assert.False(circuit.Enter().IsProbe);
        Assert.Null(circuit.CircuitBreaker.RetryAfter);
    }
}
