namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Closed: calls pass, and consecutive failures are counted.</summary>
public sealed class ClosedCircuitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void FailMaxConsecutiveFailures_Open(int failMax)
    {
        var circuit = TestCircuit.Closed(failMax);

        circuit.Fail(times: failMax - 1);
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
        circuit.Fail();

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
        Assert.Equal(failMax, circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public void Complete_ReturnsTrueOnlyForTheTrip()
    {
        var circuit = TestCircuit.Closed(failMax: 2);

        Assert.False(circuit.Enter().Complete(CallOutcome.Success));
        Assert.False(circuit.Enter().Complete(CallOutcome.Failure));
        Assert.True(circuit.Enter().Complete(CallOutcome.Failure));
    }

    [Fact]
    public void ConsecutiveFailures_DoNotExpire()
    {
        var circuit = TestCircuit.Closed(failMax: 3);
        circuit.Fail(times: 2);

        circuit.Clock.Advance(TimeSpan.FromDays(365));
        circuit.Fail();

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void ConcurrentCalls_Pass_AndAreNotProbes()
    {
        var circuit = TestCircuit.Closed();

        var first = circuit.Enter();
        var second = circuit.Enter();

        Assert.False(first.IsProbe);
        Assert.False(second.IsProbe);
    }

    [Fact]
    public void LastFailure_IsKeptUntilTheNextFailure()
    {
        var circuit = TestCircuit.Closed();
        Assert.Null(circuit.CircuitBreaker.LastException);
        var first = new InvalidOperationException("first");
        var second = new InvalidOperationException("second");

        circuit.Enter().Complete(CallOutcome.Failure, first);
        circuit.Succeed();
        Assert.Same(first, circuit.CircuitBreaker.LastException);
        circuit.Enter().Complete(CallOutcome.Failure, second);

        Assert.Same(second, circuit.CircuitBreaker.LastException);
    }

    [Fact]
    public void RetryAfter_Closed_IsNull() => Assert.Null(TestCircuit.Closed().CircuitBreaker.RetryAfter);
}
