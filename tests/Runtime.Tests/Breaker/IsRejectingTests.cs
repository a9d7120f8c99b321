namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>IsRejecting matches the result of the next call, unless that call is needed, and changes nothing.</summary>
public sealed class IsRejectingTests
{
    [Theory]
    [InlineData(CircuitState.Closed, false)]
    [InlineData(CircuitState.Open, true)]
    [InlineData(CircuitState.HalfOpen, false)]
    public void IsRejecting_MatchesTheNextCall(CircuitState state, bool rejecting)
    {
        var circuit = TestCircuit.CreateIn(state);

        Assert.Equal(rejecting, circuit.CircuitBreaker.IsRejecting);

        Assert.Equal(state, circuit.CircuitBreaker.State);
        Assert.Equal(!rejecting, circuit.CircuitBreaker.TryEnter(out _));
    }

    [Fact]
    public void Open_RejectsUntilTheResetTimeoutHasPassed()
    {
        var circuit = TestCircuit.Open();

        circuit.Clock.Advance(TestCircuit.ResetTimeout - TestCircuit.Tick);
        Assert.True(circuit.CircuitBreaker.IsRejecting);
        circuit.Clock.Advance(TestCircuit.Tick);

        Assert.False(circuit.CircuitBreaker.IsRejecting);
        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void HalfOpen_RejectsWhileAllProbesAreInFlight()
    {
        var circuit = TestCircuit.Due(successThreshold: 2);
        var probe = circuit.Enter();
        Assert.True(circuit.CircuitBreaker.IsRejecting);

        probe.Complete(CallOutcome.Success);

        Assert.False(circuit.CircuitBreaker.IsRejecting);
    }

    /// <summary>
    /// Code that reads it before each call must not suppress the call that detects the expired probe.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ProbeTimedOut_IsFalse_AlthoughTheCallIsRejected(int maxProbes)
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { MaxProbes = maxProbes });
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
