namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Half-open: sequences of the transitions of <see cref="Tables.TransitionTableTests"/>.</summary>
public sealed class HalfOpenCircuitTests
{
    [Fact]
    public void SuccessfulProbe_Closes()
    {
        var circuit = TestCircuit.Due();

        circuit.Succeed();

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
        Assert.Equal(0, circuit.CircuitBreaker.FailureCount);
        Assert.Null(circuit.CircuitBreaker.RetryAfter);
        Assert.False(circuit.Enter().IsProbe);
        Assert.False(circuit.Enter().IsProbe);
    }

    [Fact]
    public void FailedProbe_OpensForAFullResetTimeout()
    {
        var circuit = TestCircuit.Due(failMax: 3);

        for (var probe = 1; probe <= 4; probe++)
        {
            Assert.True(circuit.Enter().Complete(CallOutcome.Failure));

            Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
            Assert.Equal(3 + probe, circuit.CircuitBreaker.FailureCount);
            Assert.Equal(TestCircuit.ResetTimeout, circuit.CircuitBreaker.RetryAfter);
            circuit.Clock.Advance(TestCircuit.ResetTimeout);
        }
    }

    [Fact]
    public void NoProbe_StaysHalfOpen()
    {
        var circuit = TestCircuit.CreateIn(CircuitState.HalfOpen);

        circuit.Clock.Advance(TimeSpan.FromDays(1));

        Assert.True(circuit.Enter().IsProbe);
    }
}
