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

        Assert.Equal(rejecting, circuit.CircuitBreaker.IsRejecting);

        Assert.Equal(state, circuit.CircuitBreaker.State);
        Assert.Equal(!rejecting, circuit.CircuitBreaker.TryEnter(out _));
    }

    [Fact]
    public void AnOpenCircuitRejectsUntilTheBoundary()
    {
        var circuit = TestCircuit.Open();

        circuit.Clock.Advance(TestCircuit.ResetTimeout - TestCircuit.Tick);
        Assert.True(circuit.CircuitBreaker.IsRejecting);
        circuit.Clock.Advance(TestCircuit.Tick);

        Assert.False(circuit.CircuitBreaker.IsRejecting);
        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void AHalfOpenCircuitRejectsWhileItsProbesAreUnderWay()
    {
        var circuit = TestCircuit.Due(successThreshold: 2);
        var probe = circuit.Enter();
        Assert.True(circuit.CircuitBreaker.IsRejecting);

        probe.Complete(CallOutcome.Success);

        Assert.False(circuit.CircuitBreaker.IsRejecting);
    }

    /// <summary>Whoever looks before each call must not keep away the one call that finds out.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ACircuitWhoseProbeIsLostWantsToBeAskedAlthoughItRejects(int maxProbes)
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { MaxProbes = maxProbes });
        circuit.CircuitBreaker.HalfOpen();
        _ = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);

        Assert.False(circuit.CircuitBreaker.IsRejecting);
        circuit.Reject();
        Assert.True(circuit.CircuitBreaker.IsRejecting);

        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        Assert.False(circuit.CircuitBreaker.IsRejecting);
        circuit.Succeed();
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }
}
