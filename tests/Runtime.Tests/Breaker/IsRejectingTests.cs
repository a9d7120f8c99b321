namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>The look that promises nothing: it says what a call made now would find, unless that call is needed, and changes nothing.</summary>
public sealed class IsRejectingTests
{
    [Theory]
    [InlineData(CircuitState.Closed, false)]
    [InlineData(CircuitState.Open, true)]
    [InlineData(CircuitState.HalfOpen, false)]
    public void ItSaysWhatTheNextCallWouldFind(CircuitState state, bool rejecting)
    {
        var circuit = TestCircuit.In(state);

        Assert.Equal(rejecting, circuit.Breaker.IsRejecting);

        Assert.Equal(state, circuit.Breaker.State);
        Assert.Equal(!rejecting, circuit.Breaker.TryEnter(out _));
    }

    [Fact]
    public void AnOpenCircuitRejectsUntilTheBoundary()
    {
        var circuit = TestCircuit.Open();

        circuit.Clock.Advance(TestCircuit.ResetTimeout - TestCircuit.Tick);
        Assert.True(circuit.Breaker.IsRejecting);
        circuit.Clock.Advance(TestCircuit.Tick);

        Assert.False(circuit.Breaker.IsRejecting);
        Assert.Equal(CircuitState.Open, circuit.Breaker.State);
    }

    [Fact]
    public void AHalfOpenCircuitRejectsWhileItsProbesAreUnderWay()
    {
        var circuit = TestCircuit.Due(successThreshold: 2);
        var probe = circuit.Enter();
        Assert.True(circuit.Breaker.IsRejecting);

        probe.Complete(CallOutcome.Success);

        Assert.False(circuit.Breaker.IsRejecting);
    }

    /// <summary>Whoever looks before each call must not keep away the one call that finds out.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ACircuitWhoseProbeIsLostWantsToBeAskedAlthoughItRejects(int maxProbes)
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { MaxProbes = maxProbes });
        circuit.Breaker.HalfOpen();
        _ = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);

        Assert.False(circuit.Breaker.IsRejecting);
        circuit.Reject();
        Assert.True(circuit.Breaker.IsRejecting);

        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        Assert.False(circuit.Breaker.IsRejecting);
        circuit.Succeed();
        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
    }
}
