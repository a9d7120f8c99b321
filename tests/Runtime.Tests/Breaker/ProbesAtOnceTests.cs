namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>MaxProbes: several calls may probe at a time, each with a slot and a lease of its own.</summary>
public sealed class ProbesAtOnceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1_000)]
    public void AsManyCallsProbeAsThereAreSlots(int maxProbes)
    {
        var circuit = HalfOpen(maxProbes);

        for (var probe = 0; probe < maxProbes; probe++)
        {
            Assert.False(circuit.Breaker.IsRejecting);
            Assert.True(circuit.Enter().IsProbe);
        }

        Assert.True(circuit.Breaker.IsRejecting);
        circuit.Reject();
    }

    [Theory]
    [InlineData(CallOutcome.Success)]
    [InlineData(CallOutcome.Ignored)]
    [InlineData(CallOutcome.Cancelled)]
    public void AVerdictBelowTheThresholdFreesOneSlot(CallOutcome outcome)
    {
        var circuit = HalfOpen(maxProbes: 2, successThreshold: 5);
        _ = circuit.Enter();
        var second = circuit.Enter();
        circuit.Reject();

        second.Complete(outcome);

        Assert.True(circuit.Enter().IsProbe);
        circuit.Reject();
    }

    [Fact]
    public void SuccessesOfProbesUnderWayTogetherAddUp()
    {
        var circuit = HalfOpen(maxProbes: 3, successThreshold: 3);
        var (first, second, third) = (circuit.Enter(), circuit.Enter(), circuit.Enter());

        second.Complete(CallOutcome.Success);
        first.Complete(CallOutcome.Success);
        Assert.Equal((CircuitState.HalfOpen, 2), (circuit.Breaker.State, circuit.Breaker.SuccessCount));
        third.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
    }

    [Theory]
    [InlineData(CallOutcome.Success)]
    [InlineData(CallOutcome.Failure)]
    [InlineData(CallOutcome.Ignored)]
    public void TheFirstFailureDecidesAndTheOthersAreStale(CallOutcome other)
    {
        var circuit = HalfOpen(maxProbes: 2);
        var (first, second) = (circuit.Enter(), circuit.Enter());
        Assert.True(first.Complete(CallOutcome.Failure));

        Assert.False(second.Complete(other));

        Assert.Equal((CircuitState.Open, 1, 1L), (circuit.Breaker.State, circuit.Breaker.FailureCount, circuit.Breaker.StaleVerdicts));
    }

    [Fact]
    public void AFailureAfterTheSuccessThatClosedTheCircuitIsStale()
    {
        var circuit = HalfOpen(maxProbes: 2);
        var (first, second) = (circuit.Enter(), circuit.Enter());
        first.Complete(CallOutcome.Success);

        Assert.False(second.Complete(CallOutcome.Failure));

        Assert.Equal((CircuitState.Closed, 0, 1L), (circuit.Breaker.State, circuit.Breaker.FailureCount, circuit.Breaker.StaleVerdicts));
    }

    [Fact]
    public void OneLeaseThatHasRunOutOpensTheCircuitAlthoughAnotherSlotIsFree()
    {
        var circuit = HalfOpen(maxProbes: 3, successThreshold: 3);
        _ = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.Tick);
        var younger = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout - TestCircuit.Tick);

        circuit.Reject();

        Assert.Equal((CircuitState.Open, 1), (circuit.Breaker.State, circuit.Breaker.FailureCount));
        Assert.False(younger.Complete(CallOutcome.Success));
    }

    [Fact]
    public void AYoungerProbeStillCountsWhileTheLeaseOfAnOlderOneHasRunOutUnseen()
    {
        var circuit = HalfOpen(maxProbes: 2, successThreshold: 1);
        _ = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.Tick);
        var younger = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout - TestCircuit.Tick);

        younger.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
    }

    [Fact]
    public void TheCallThatFindsTheLeaseRunOutIsReportedAsRejectedByAnOpenCircuit()
    {
        var circuit = HalfOpen(maxProbes: 1);
        _ = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);
        CallRejection? rejection = null;
        circuit.Breaker.CallRejected += (_, rejected) => rejection = rejected;

        circuit.Reject();

        Assert.Equal(new("orders", CircuitState.Open, CircuitMode.Auto, TestCircuit.ResetTimeout), rejection);
    }

    private static TestCircuit HalfOpen(int maxProbes, int successThreshold = 1)
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { MaxProbes = maxProbes, SuccessThreshold = successThreshold });
        circuit.Breaker.HalfOpen();
        return circuit;
    }
}
