namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>The look that promises nothing: it says what a call made now would find, and changes nothing.</summary>
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

    [Fact]
    public void AHalfOpenCircuitWhoseProbeIsLostRejectsTheNextCall()
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { MaxProbes = 2 });
        circuit.Breaker.HalfOpen();
        _ = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);

        Assert.True(circuit.Breaker.IsRejecting);
        Assert.False(circuit.Breaker.TryEnter(out _));
    }
}
