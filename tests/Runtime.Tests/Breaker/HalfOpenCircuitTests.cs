namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Half-open: one call at a time probes, and what it says decides.</summary>
public sealed class HalfOpenCircuitTests
{
    [Fact]
    public void WhileAProbeIsUnderWayOtherCallsAreRejected()
    {
        var circuit = TestCircuit.Due();
        var probe = circuit.Enter();

        circuit.Reject();
        circuit.Reject();

        Assert.Equal(CircuitState.HalfOpen, circuit.Breaker.State);
        Assert.Equal(3, circuit.Breaker.FailureCount);
        Assert.Equal(TimeSpan.Zero, circuit.Breaker.RetryAfter);
        probe.Complete(CallOutcome.Success);
        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
    }

    [Fact]
    public void ASuccessfulProbeClosesTheCircuitForEveryCall()
    {
        var circuit = TestCircuit.Due();

        circuit.Succeed();

        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
        Assert.Equal(0, circuit.Breaker.FailureCount);
        Assert.Null(circuit.Breaker.RetryAfter);
        Assert.False(circuit.Enter().IsProbe);
        Assert.False(circuit.Enter().IsProbe);
    }

    [Fact]
    public void AClosedCircuitCountsToFailMaxAgain()
    {
        var circuit = TestCircuit.Due(failMax: 2);
        circuit.Succeed();

        circuit.Fail();
        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
        circuit.Fail();

        Assert.Equal(CircuitState.Open, circuit.Breaker.State);
    }

    [Fact]
    public void EachFailedProbeOpensTheCircuitForAFullResetTimeoutAndIsCountedBeyondFailMax()
    {
        var circuit = TestCircuit.Due(failMax: 3);

        for (var probe = 1; probe <= 4; probe++)
        {
            Assert.True(circuit.Enter().Complete(CallOutcome.Failure));

            Assert.Equal(CircuitState.Open, circuit.Breaker.State);
            Assert.Equal(3 + probe, circuit.Breaker.FailureCount);
            Assert.Equal(TestCircuit.ResetTimeout, circuit.Breaker.RetryAfter);
            circuit.Clock.Advance(TestCircuit.ResetTimeout);
        }
    }

    [Fact]
    public void OneFailedProbeOpensTheCircuitWhateverFailMaxIs()
    {
        var circuit = TestCircuit.Closed(failMax: 1_000);
        circuit.Breaker.HalfOpen();

        circuit.Fail();

        Assert.Equal(CircuitState.Open, circuit.Breaker.State);
        Assert.Equal(1, circuit.Breaker.FailureCount);
    }

    [Fact]
    public void SuccessesBelowTheThresholdAreCountedAndClearTheFailures()
    {
        var circuit = TestCircuit.Due(successThreshold: 3);

        for (var success = 1; success < 3; success++)
        {
            var probe = circuit.Enter();
            Assert.True(probe.IsProbe);
            circuit.Reject();
            probe.Complete(CallOutcome.Success);

            Assert.Equal(CircuitState.HalfOpen, circuit.Breaker.State);
            Assert.Equal(success, circuit.Breaker.SuccessCount);
            Assert.Equal(0, circuit.Breaker.FailureCount);
        }

        circuit.Succeed();
        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
        Assert.Equal(0, circuit.Breaker.SuccessCount);
    }

    [Fact]
    public void AFailureAfterSuccessesOpensAndSuccessesStartFromZero()
    {
        var circuit = TestCircuit.Due(successThreshold: 2);
        circuit.Succeed();

        circuit.Fail();
        Assert.Equal(CircuitState.Open, circuit.Breaker.State);
        Assert.Equal(1, circuit.Breaker.FailureCount);
        Assert.Equal(0, circuit.Breaker.SuccessCount);

        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        circuit.Succeed();
        Assert.Equal(CircuitState.HalfOpen, circuit.Breaker.State);
        Assert.Equal(1, circuit.Breaker.SuccessCount);
    }

    [Theory]
    [InlineData(CallOutcome.Ignored)]
    [InlineData(CallOutcome.Cancelled)]
    public void AProbeThatSaysNothingLetsTheNextCallProbe(CallOutcome outcome)
    {
        var circuit = TestCircuit.Due(successThreshold: 2);
        circuit.Succeed();

        for (var probe = 0; probe < 3; probe++)
        {
            Assert.False(circuit.Enter().Complete(outcome));
            Assert.Equal(CircuitState.HalfOpen, circuit.Breaker.State);
            Assert.Equal(1, circuit.Breaker.SuccessCount);
        }

        circuit.Succeed();
        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
    }

    [Fact]
    public void AHalfOpenCircuitWithoutAProbeWaitsForOneAsLongAsItTakes()
    {
        var circuit = TestCircuit.In(CircuitState.HalfOpen);

        circuit.Clock.Advance(TimeSpan.FromDays(1));

        Assert.True(circuit.Enter().IsProbe);
    }
}
