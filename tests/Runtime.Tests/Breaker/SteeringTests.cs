namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Open, Close and HalfOpen by hand: legal in every state.</summary>
public sealed class SteeringTests
{
    public static TheoryData<CircuitState, CircuitState> EveryPair =>
        new MatrixTheoryData<CircuitState, CircuitState>(Enum.GetValues<CircuitState>(), Enum.GetValues<CircuitState>());

    public static TheoryData<CircuitState> EveryState => [.. Enum.GetValues<CircuitState>()];

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void EveryStateCanBeReachedFromEveryState(CircuitState from, CircuitState to)
    {
        var circuit = TestCircuit.In(from);
        circuit.Changes.Clear();

        Steer(circuit.Breaker, to);

        Assert.Equal(to, circuit.Breaker.State);
        if (from == to)
        {
            Assert.Empty(circuit.Changes);
        }
        else
        {
            var change = Assert.Single(circuit.Changes);
            Assert.Equal((from, to, CircuitChangeReason.ByHand), (change.From, change.To, change.Reason));
        }
    }

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void OnlyClosingClearsTheFailures(CircuitState from, CircuitState to)
    {
        var circuit = TestCircuit.In(from);
        if (from == CircuitState.Closed)
        {
            circuit.Fail(times: 2);
        }

        var failures = circuit.Breaker.FailureCount;
        Assert.NotEqual(0, failures);
        Steer(circuit.Breaker, to);

        Assert.Equal(to == CircuitState.Closed ? 0 : failures, circuit.Breaker.FailureCount);
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public void ACallUnderWayLosesItsSay(CircuitState to)
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var failing = circuit.Enter();
        Steer(circuit.Breaker, to);

        Assert.False(failing.Complete(CallOutcome.Failure));

        Assert.Equal(to, circuit.Breaker.State);
        Assert.Equal(0, circuit.Breaker.FailureCount);
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public void AProbeUnderWayLosesItsSay(CircuitState to)
    {
        var circuit = TestCircuit.Due(successThreshold: 2);
        circuit.Succeed();
        var probe = circuit.Enter();
        Steer(circuit.Breaker, to);

        Assert.False(probe.Complete(CallOutcome.Success));

        Assert.Equal(to, circuit.Breaker.State);
        Assert.Equal(0, circuit.Breaker.SuccessCount);
    }

    [Fact]
    public void OpenedByHandTheCircuitTimesOutLikeAnyOther()
    {
        var circuit = TestCircuit.Closed();
        circuit.Breaker.Open();
        circuit.Clock.Advance(TestCircuit.ResetTimeout - TestCircuit.Tick);
        circuit.Reject();

        circuit.Clock.Advance(TestCircuit.Tick);

        Assert.True(circuit.Enter().IsProbe);
    }

    [Fact]
    public void OpeningAnOpenCircuitStartsItsResetTimeoutAgain()
    {
        var circuit = TestCircuit.Due();

        circuit.Breaker.Open();

        Assert.Equal(TestCircuit.ResetTimeout, circuit.Breaker.RetryAfter);
        circuit.Reject();
        Assert.Single(circuit.Changes);
    }

    [Fact]
    public void HalfOpenedByHandTheNextCallProbesAtOnce()
    {
        var circuit = TestCircuit.Open();

        circuit.Breaker.HalfOpen();

        Assert.Equal(TimeSpan.Zero, circuit.Breaker.RetryAfter);
        Assert.True(circuit.Enter().IsProbe);
        circuit.Reject();
    }

    [Fact]
    public void HalfOpeningAHalfOpenCircuitGivesUpItsProbe()
    {
        var circuit = TestCircuit.Due();
        _ = circuit.Enter();
        circuit.Reject();

        circuit.Breaker.HalfOpen();

        Assert.True(circuit.Enter().IsProbe);
    }

    [Fact]
    public void ClosedByHandTheCircuitLetsEveryCallPass()
    {
        var circuit = TestCircuit.Open();

        circuit.Breaker.Close();

        Assert.False(circuit.Enter().IsProbe);
        Assert.False(circuit.Enter().IsProbe);
        Assert.Null(circuit.Breaker.RetryAfter);
    }

    private static void Steer(CircuitBreaker breaker, CircuitState to)
    {
        switch (to)
        {
            case CircuitState.Open:
                breaker.Open();
                break;

            case CircuitState.HalfOpen:
                breaker.HalfOpen();
                break;

            default:
                breaker.Close();
                break;
        }
    }
}
