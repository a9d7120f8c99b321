namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>The ratios over the last calls.</summary>
public sealed class LastCallsRatioTests
{
    private static readonly CircuitBreakerOptions HalfOfFour = TestCircuit.Settings with { FailMax = 1_000, FailureRatio = 0.5, SamplingCalls = 4 };

    [Theory]
    [InlineData("F", CircuitState.Closed)]
    [InlineData("FF", CircuitState.Open)] // Calls before the first count as good ones.
    [InlineData("FSF", CircuitState.Open)]
    [InlineData("FSSF", CircuitState.Open)]
    [InlineData("FSSSF", CircuitState.Closed)]
    [InlineData("FSSSFSSSFSSSFSSS", CircuitState.Closed)]
    [InlineData("FSSSSSSFSSF", CircuitState.Open)]
    [InlineData("FICICIF", CircuitState.Open)] // Ignored calls do not count.
    public void Ratio_IsEvaluatedAfterEachFailure(string calls, CircuitState expected)
    {
        var circuit = TestCircuit.Create(HalfOfFour);

        circuit.Play(calls);

        Assert.Equal(expected, circuit.CircuitBreaker.State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(63)]
    [InlineData(64)]
    public void AnySize_AllCallsFailed_Trips(int calls)
    {
        var circuit = TestCircuit.Create(HalfOfFour with { FailureRatio = 1, SamplingCalls = calls });

        circuit.Fail(calls - 1);
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
        circuit.Fail();

        Assert.Equal(CircuitStateChangeReason.FailureRatioReached, Assert.Single(circuit.Changes).Reason);
    }

    [Fact]
    public void Calls_DoNotExpire()
    {
        var circuit = TestCircuit.Create(HalfOfFour);
        circuit.Play("F");

        circuit.Clock.Advance(TimeSpan.FromDays(365));
        circuit.Play("F");

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void Window_IsCleanInEachClosedState()
    {
        var circuit = TestCircuit.Create(HalfOfFour);
        circuit.Play("FF");
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        circuit.Succeed();

        circuit.Play("F");

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void SlowCallRatio_OverTheLastCalls_Trips()
    {
        var slow = TimeSpan.FromSeconds(1);
        var circuit = TestCircuit.Create(HalfOfFour with { FailureRatio = null, SlowCallDuration = slow, SlowCallRatio = 0.5 });

        circuit.Call(CallOutcome.Success, slow);
        circuit.Play("SSS");
        circuit.Call(CallOutcome.Success, slow);
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
        circuit.Call(CallOutcome.Success, slow);

        Assert.Equal(CircuitStateChangeReason.SlowCallRatioReached, Assert.Single(circuit.Changes).Reason);
    }
}
