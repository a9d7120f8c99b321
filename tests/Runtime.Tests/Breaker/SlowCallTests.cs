namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Slow calls are recorded whether they fail or not, and do not count as successful probes.</summary>
public sealed class SlowCallTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Quick = Slow - TestCircuit.Tick;

    private static readonly CircuitBreakerOptions HalfOfFour = TestCircuit.Settings with
    {
        FailMax = 1_000,
        SlowCallDuration = Slow,
        SlowCallRatio = 0.5,
        MinimumThroughput = 4,
    };

    [Fact]
    public void SlowSuccesses_Trip()
    {
        var circuit = TestCircuit.Create(HalfOfFour);
        circuit.Play("SS");

        Assert.False(circuit.Call(CallOutcome.Success, Slow));
        Assert.True(circuit.Call(CallOutcome.Success, Slow));

        var change = Assert.Single(circuit.Changes);
        Assert.Equal((CircuitState.Open, CircuitStateChangeReason.SlowCallRatioReached), (change.To, change.Reason));
        Assert.Null(change.Exception);
        Assert.Equal(0, circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public void OneTickBelowTheDuration_IsNotSlow()
    {
        var circuit = TestCircuit.Create(HalfOfFour);

        for (var call = 0; call < 10; call++)
        {
            circuit.Call(CallOutcome.Success, Quick);
        }

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void FastCall_RatioReached_DoesNotTrip()
    {
        var circuit = TestCircuit.Create(HalfOfFour);
        circuit.Call(CallOutcome.Success, Slow);
        circuit.Call(CallOutcome.Success, Slow);
        circuit.Call(CallOutcome.Success, Slow);

        circuit.Succeed();
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
        circuit.Call(CallOutcome.Success, Slow);

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void Failure_Slow_CountsAsBoth()
    {
        var circuit = TestCircuit.Create(HalfOfFour);
        circuit.Play("SS");
        circuit.Call(CallOutcome.Failure, Slow);

        Assert.True(circuit.Call(CallOutcome.Failure, Slow));

        Assert.Equal(CircuitStateChangeReason.SlowCallRatioReached, Assert.Single(circuit.Changes).Reason);
    }

    [Theory]
    [InlineData(CallOutcome.Ignored)]
    [InlineData(CallOutcome.Cancelled)]
    public void IgnoredCall_Slow_IsNotRecorded(CallOutcome outcome)
    {
        var circuit = TestCircuit.Create(HalfOfFour);

        for (var call = 0; call < 10; call++)
        {
            circuit.Call(outcome, Slow);
        }

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void SlowSuccess_ResetsTheFailureCount()
    {
        var circuit = TestCircuit.Create(HalfOfFour with { FailMax = 3 });
        circuit.Play("FF");

        circuit.Call(CallOutcome.Success, Slow);

        Assert.Equal(0, circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public void SlowSuccess_EvaluatesTheFailureRatio()
    {
        var circuit = TestCircuit.Create(HalfOfFour with { FailureRatio = 0.5, MinimumThroughput = 3 });
        circuit.Play("FF");

        Assert.True(circuit.Call(CallOutcome.Success, Slow));

        Assert.Equal(CircuitStateChangeReason.FailureRatioReached, Assert.Single(circuit.Changes).Reason);
    }

    [Fact]
    public void BothRatiosReached_ReasonIsFailureRatio()
    {
        var circuit = TestCircuit.Create(HalfOfFour with { FailureRatio = 0.5, MinimumThroughput = 1 });

        circuit.Call(CallOutcome.Failure, Slow);

        Assert.Equal(CircuitStateChangeReason.FailureRatioReached, Assert.Single(circuit.Changes).Reason);
    }

    [Fact]
    public void SlowProbe_DoesNotCountTowardsClosing()
    {
        var circuit = TestCircuit.Create(HalfOfFour with { SuccessThreshold = 2 });
        circuit.CircuitBreaker.Open();
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        circuit.Succeed();
        Assert.Equal(1, circuit.CircuitBreaker.SuccessCount);

        for (var probe = 0; probe < 3; probe++)
        {
            Assert.False(circuit.Call(CallOutcome.Success, Slow));
            Assert.Equal((CircuitState.HalfOpen, 1), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.SuccessCount));
        }

        circuit.Call(CallOutcome.Success, Quick);
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void SlowProbe_AtThreshold_StaysHalfOpen_ResetsFailures()
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { FailMax = 2, SlowCallDuration = Slow });
        circuit.Fail(times: 2);
        circuit.Clock.Advance(TestCircuit.ResetTimeout);

        circuit.Call(CallOutcome.Success, Slow);

        Assert.Equal((CircuitState.HalfOpen, 0, 0), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.SuccessCount, circuit.CircuitBreaker.FailureCount));
        circuit.Succeed();
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void SlowFailedProbe_Opens()
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { SlowCallDuration = Slow });
        circuit.CircuitBreaker.HalfOpen();

        Assert.True(circuit.Call(CallOutcome.Failure, Slow));

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }
}
