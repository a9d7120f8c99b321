namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>The ratio of failed calls over a window of time.</summary>
public sealed class FailureRatioTests
{
    private static readonly TimeSpan Bucket = TimeSpan.FromSeconds(1);

    /// <summary>Sixteen buckets of one second, half of four calls, and a FailMax that is not reached first.</summary>
    private static readonly CircuitBreakerOptions Half = TestCircuit.Settings with
    {
        FailMax = 1_000,
        FailureRatio = 0.5,
        MinimumThroughput = 4,
        SamplingDuration = 16 * Bucket,
    };

    [Theory]
    [InlineData("FFF", CircuitState.Closed)] // All of them, but too few.
    [InlineData("FFFF", CircuitState.Open)]
    [InlineData("SSFF", CircuitState.Open)] // Exactly the ratio trips.
    [InlineData("SSSFF", CircuitState.Closed)]
    [InlineData("SSSFFF", CircuitState.Open)]
    [InlineData("FFSS", CircuitState.Closed)] // The ratio is reached, but by a success.
    [InlineData("FFSSF", CircuitState.Open)]
    [InlineData("FFFICICIC", CircuitState.Closed)] // Ignored calls do not count.
    public void Ratio_EnoughCalls_IsEvaluatedAfterEachFailure(string calls, CircuitState expected)
    {
        var circuit = TestCircuit.Create(Half);

        circuit.Play(calls);

        Assert.Equal(expected, circuit.CircuitBreaker.State);
    }

    [Theory]
    [InlineData(0.07, 100, 7)] // 0.07 × 100 is more than 7 in floating point.
    [InlineData(0.29, 100, 29)]
    [InlineData(1.0 / 3, 3, 1)]
    [InlineData(1, 5, 5)]
    [InlineData(0.01, 100, 1)]
    public void Ratio_IsExact(double ratio, int calls, int failures)
    {
        var met = TestCircuit.Create(Half with { FailureRatio = ratio, MinimumThroughput = calls });
        var missed = TestCircuit.Create(Half with { FailureRatio = ratio, MinimumThroughput = calls });

        met.Play(new string('S', calls - failures) + new string('F', failures));
        missed.Play(new string('S', calls - failures + 1) + new string('F', failures - 1));

        Assert.Equal(CircuitState.Open, met.CircuitBreaker.State);
        Assert.Equal(CircuitState.Closed, missed.CircuitBreaker.State);
    }

    [Theory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    public void Ratio_IncludesGoodCallsOfExecute(int good, bool opens)
    {
        var breaker = new CircuitBreaker(new() { FailMax = 1_000, FailureRatio = 0.1, MinimumThroughput = 10 });
        for (var call = 0; call < good; call++)
        {
            breaker.Execute(static () => { });
        }

        Assert.Throws<TimeoutException>(() => breaker.Execute(static () => throw new TimeoutException()));

        Assert.Equal(opens ? CircuitState.Open : CircuitState.Closed, breaker.State);
    }

    [Fact]
    public void SlowCallDurationSetLater_EarlierCallsAreNotSlow()
    {
        var breaker = new CircuitBreaker(new() { FailMax = 1_000, FailureRatio = 1, MinimumThroughput = 4 });
        breaker.Execute(static () => { });
        breaker.Execute(static () => { });
        breaker.Execute(static () => { });
        breaker.Update(breaker.Options with { SlowCallDuration = TimeSpan.FromHours(1), SlowCallRatio = 0.5 });

        Assert.Throws<TimeoutException>(() => breaker.Execute(static () => throw new TimeoutException()));

        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Fact]
    public void StateChanged_HasRatioReasonAndFailure()
    {
        var circuit = TestCircuit.Create(Half);
        var last = new InvalidOperationException("last");
        circuit.Play("SSF");

        Assert.True(circuit.Enter().Complete(CallOutcome.Failure, last));

        var change = Assert.Single(circuit.Changes);
        Assert.Equal((CircuitStateChangeReason.FailureRatioReached, last), (change.Reason, change.Exception));
        Assert.Equal(2, circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public void Failures_Expire()
    {
        var circuit = TestCircuit.Create(Half);
        circuit.Play("FFF");

        circuit.Clock.Advance(15 * Bucket);
        circuit.Play("S");
        circuit.Clock.Advance(Bucket);
        circuit.Play("SSF");

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void Failures_OfTheOldestBucket_Count()
    {
        var circuit = TestCircuit.Create(Half);
        circuit.Play("FFF");

        circuit.Clock.Advance(15 * Bucket);
        circuit.Play("F");

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    [Theory]
    [InlineData(15, 0, CircuitState.Open)]
    [InlineData(16, 0, CircuitState.Closed)]
    [InlineData(10, 5, CircuitState.Open)]
    [InlineData(10, 6, CircuitState.Closed)] // Six buckets after its end, but sixteen after its start.
    public void Call_CountsInTheBucketOfItsStart(int took, int later, CircuitState expected)
    {
        var circuit = TestCircuit.Create(Half with { MinimumThroughput = 2, FailureRatio = 1 });

        circuit.Call(CallOutcome.Failure, took * Bucket);
        circuit.Clock.Advance(later * Bucket);
        circuit.Fail();

        Assert.Equal(expected, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void Call_BucketReused_IsDropped()
    {
        var circuit = TestCircuit.Create(Half with { MinimumThroughput = 2, FailureRatio = 0.6 });
        var late = circuit.Enter();
        circuit.Clock.Advance(16 * Bucket);

        circuit.Succeed();
        late.Complete(CallOutcome.Failure);
        circuit.Fail();

        // One of two, not two of three.
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void Window_IsEmptyInEachClosedState()
    {
        var circuit = TestCircuit.Create(Half);
        circuit.Play("FFFF");
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        circuit.Succeed();

        circuit.Play("FFF");

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void GoodCall_ReadsTheClockOnce()
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(Half with { TimeProvider = clock });
        var before = clock.Reads;

        breaker.Execute(static () => { });

        Assert.Equal(before + 1, clock.Reads);
    }

    [Fact]
    public void FailMax_TripsBesideTheRatio()
    {
        var circuit = TestCircuit.Create(Half with { FailMax = 3 });

        circuit.Play("FFF");

        Assert.Equal(CircuitStateChangeReason.FailMaxReached, Assert.Single(circuit.Changes).Reason);
    }

    [Fact]
    public void BothRulesReached_ReasonIsFailMax()
    {
        var circuit = TestCircuit.Create(Half with { FailMax = 4 });

        circuit.Play("FFFF");

        Assert.Equal(CircuitStateChangeReason.FailMaxReached, Assert.Single(circuit.Changes).Reason);
    }

    [Theory]
    [InlineData(CircuitMode.Auto)]
    [InlineData(CircuitMode.ReportOnly)]
    public void Ratio_ReportOnly_Trips(CircuitMode mode)
    {
        var circuit = TestCircuit.Create(Half with { Mode = mode });

        circuit.Play("SSFF");

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }
}
