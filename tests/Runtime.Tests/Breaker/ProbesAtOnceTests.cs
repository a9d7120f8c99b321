namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>MaxProbes: several calls may probe at a time, each with its slot and its lease.</summary>
public sealed class ProbesAtOnceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1_000)]
    public void MaxProbes_CallsProbe(int maxProbes)
    {
        var circuit = HalfOpen(maxProbes);

        for (var probe = 0; probe < maxProbes; probe++)
        {
            Assert.False(circuit.CircuitBreaker.IsRejecting);
            Assert.True(circuit.Enter().IsProbe);
        }

        Assert.True(circuit.CircuitBreaker.IsRejecting);
        circuit.Reject();
    }

    [Theory]
    [InlineData(CallOutcome.Success)]
    [InlineData(CallOutcome.Ignored)]
    [InlineData(CallOutcome.Cancelled)]
    public void Success_BelowThreshold_ReleasesOneSlot(CallOutcome outcome)
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
    public void Successes_OfConcurrentProbes_AddUp()
    {
        var circuit = HalfOpen(maxProbes: 3, successThreshold: 3);
        var (first, second, third) = (circuit.Enter(), circuit.Enter(), circuit.Enter());

        second.Complete(CallOutcome.Success);
        first.Complete(CallOutcome.Success);
        Assert.Equal((CircuitState.HalfOpen, 2), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.SuccessCount));
        third.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Theory]
    [InlineData(CallOutcome.Success)]
    [InlineData(CallOutcome.Failure)]
    [InlineData(CallOutcome.Ignored)]
    public void Failure_Opens_OtherProbesAreStale(CallOutcome other)
    {
        var circuit = HalfOpen(maxProbes: 2);
        var (first, second) = (circuit.Enter(), circuit.Enter());
        Assert.True(first.Complete(CallOutcome.Failure));

        Assert.False(second.Complete(other));

        Assert.Equal((CircuitState.Open, 1, 1L), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount, circuit.CircuitBreaker.StaleOutcomeCount));
    }

    [Fact]
    public void Failure_AfterClosing_IsStale()
    {
        var circuit = HalfOpen(maxProbes: 2);
        var (first, second) = (circuit.Enter(), circuit.Enter());
        first.Complete(CallOutcome.Success);

        Assert.False(second.Complete(CallOutcome.Failure));

        Assert.Equal((CircuitState.Closed, 0, 1L), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount, circuit.CircuitBreaker.StaleOutcomeCount));
    }

    [Fact]
    public void OneExpiredLease_FreeSlot_Opens()
    {
        var circuit = HalfOpen(maxProbes: 3, successThreshold: 3);
        _ = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.Tick);
        var younger = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout - TestCircuit.Tick);

        circuit.Reject();

        Assert.Equal((CircuitState.Open, 1), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount));
        Assert.False(younger.Complete(CallOutcome.Success));
    }

    [Fact]
    public void OneExpiredLease_NoCall_YoungerProbeCounts()
    {
        var circuit = HalfOpen(maxProbes: 2, successThreshold: 1);
        _ = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.Tick);
        var younger = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout - TestCircuit.Tick);

        younger.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void ExpiredLease_RejectedCall_ReportsOpen()
    {
        var circuit = HalfOpen(maxProbes: 1);
        _ = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);
        var rejections = new List<CallRejectedEventArgs>();
        circuit.CircuitBreaker.CallRejected += (_, rejection) => rejections.Add(rejection);

        circuit.Reject();

        Assert.Equal(("orders", CircuitState.Open, CircuitMode.Auto, TestCircuit.ResetTimeout), Assert.Single(rejections).ToValues());
    }

    private static TestCircuit HalfOpen(int maxProbes, int successThreshold = 1)
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { MaxProbes = maxProbes, SuccessThreshold = successThreshold });
        circuit.CircuitBreaker.HalfOpen();
        return circuit;
    }
}
