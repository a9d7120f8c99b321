namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Update: the options apply to the next call, and nothing else changes.</summary>
public sealed class UpdateTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Update_ReplacesTheOptions()
    {
        var circuit = TestCircuit.Closed();
        var options = circuit.CircuitBreaker.Options with { FailMax = 7 };

        circuit.CircuitBreaker.Update(options);

        Assert.Same(options, circuit.CircuitBreaker.Options);
    }

    [Theory]
    [InlineData(CircuitState.Closed)]
    [InlineData(CircuitState.Open)]
    [InlineData(CircuitState.HalfOpen)]
    public void Update_KeepsStateModeAndCounts(CircuitState state)
    {
        var circuit = TestCircuit.CreateIn(state);
        var before = (circuit.CircuitBreaker.State, circuit.CircuitBreaker.Mode, circuit.CircuitBreaker.FailureCount, circuit.CircuitBreaker.SuccessCount);
        circuit.Changes.Clear();

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with
        {
            FailMax = 10,
            ResetTimeout = Second,
            SuccessThreshold = 9,
            FailureRatio = 0.1,
            SamplingCalls = 10,
            Mode = CircuitMode.Isolated,
        });

        Assert.Equal(before, (circuit.CircuitBreaker.State, circuit.CircuitBreaker.Mode, circuit.CircuitBreaker.FailureCount, circuit.CircuitBreaker.SuccessCount));
        Assert.Empty(circuit.Changes);
    }

    [Fact]
    public void FailMax_Lower_AppliesToTheNextFailure()
    {
        var circuit = TestCircuit.Closed(failMax: 10);
        circuit.Fail(times: 5);

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { FailMax = 2 });
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
        circuit.Fail();

        Assert.Equal((CircuitState.Open, 6), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount));
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(60, 60)]
    public void ResetTimeout_Open_IsMeasuredFromTheOpening(int seconds, int openFor)
    {
        var circuit = TestCircuit.Open();
        circuit.Clock.Advance(4 * Second);

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { ResetTimeout = seconds * Second });

        Assert.Equal((openFor - 4) * Second, circuit.CircuitBreaker.RetryAfter);
        circuit.Clock.Advance(((openFor - 4) * Second) - TestCircuit.Tick);
        circuit.Reject();
        circuit.Clock.Advance(TestCircuit.Tick);
        Assert.True(circuit.Enter().IsProbe);
    }

    [Fact]
    public void ResetTimeout_AlreadyPassed_NextCallProbes()
    {
        var circuit = TestCircuit.Open();
        circuit.Clock.Advance(4 * Second);

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { ResetTimeout = Second });

        Assert.Equal(TimeSpan.Zero, circuit.CircuitBreaker.RetryAfter);
        Assert.True(circuit.Enter().IsProbe);
    }

    [Fact]
    public void Attempt_IsKept()
    {
        var circuit = TestCircuit.Due();
        circuit.Fail();

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { BackoffMultiplier = 3 });

        Assert.Equal(3 * TestCircuit.ResetTimeout, circuit.CircuitBreaker.RetryAfter);
    }

    [Fact]
    public void InFlightCall_OutcomeCounts()
    {
        var circuit = TestCircuit.Closed(failMax: 2);
        circuit.Fail();
        var failing = circuit.Enter();

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { ResetTimeout = Second, FailureRatio = 1, MinimumThroughput = 1_000 });

        Assert.True(failing.Complete(CallOutcome.Failure));
    }

    [Fact]
    public void InFlightProbe_OutcomeCounts_LeaseIsKept()
    {
        var circuit = TestCircuit.Due(successThreshold: 2);
        var probe = circuit.Enter();

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { SuccessThreshold = 1, ProbeTimeout = Second });
        circuit.Clock.Advance(2 * Second);
        circuit.Reject();
        Assert.Equal(CircuitState.HalfOpen, circuit.CircuitBreaker.State);
        probe.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void ProbeTimeout_AppliesToTheNextProbe()
    {
        var circuit = TestCircuit.Due();
        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { ProbeTimeout = Second });
        _ = circuit.Enter();

        circuit.Clock.Advance(Second);
        circuit.Reject();

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void MaxProbes_AppliesToTheNextHalfOpenState()
    {
        var circuit = TestCircuit.Due();
        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { MaxProbes = 2 });

        _ = circuit.Enter();
        _ = circuit.Enter();

        circuit.Reject();
    }

    [Fact]
    public void RatioOverTime_Added_CountsLaterCalls()
    {
        var circuit = TestCircuit.Closed(failMax: 100);
        circuit.Fail(times: 10);

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { FailureRatio = 0.5, MinimumThroughput = 2 });
        circuit.Fail();
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
        circuit.Fail();

        Assert.Equal(CircuitStateChangeReason.FailureRatioReached, Assert.Single(circuit.Changes).Reason);
    }

    [Fact]
    public void RatioOverLastCalls_Added_CountsLaterCalls()
    {
        var circuit = TestCircuit.Closed(failMax: 100);
        circuit.Fail(times: 10);

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { FailureRatio = 1, SamplingCalls = 2 });
        circuit.Play("FSF");
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
        circuit.Fail();

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void Ratio_Removed_DoesNotTrip()
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { FailMax = 100, FailureRatio = 0.1, SamplingCalls = 64 });
        circuit.Fail(times: 6);

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { FailureRatio = null });
        circuit.Fail(times: 50);

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void Window_SameKindAndSize_IsKept()
    {
        var lastCalls = TestCircuit.Create(TestCircuit.Settings with { FailMax = 100, FailureRatio = 1, SamplingCalls = 2 });
        var time = TestCircuit.Create(TestCircuit.Settings with { FailMax = 100, FailureRatio = 1, MinimumThroughput = 3 });

        Assert.All([lastCalls, time], static circuit =>
        {
            circuit.Fail();
            circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with
            {
                FailureRatio = 0.9,
                MinimumThroughput = circuit.CircuitBreaker.Options.MinimumThroughput is null ? null : 2,
            });
            circuit.Fail();

            Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
        });
    }

    [Fact]
    public void Window_OtherKindOrSize_StartsEmpty()
    {
        var lastCalls = TestCircuit.Create(TestCircuit.Settings with { FailMax = 100, FailureRatio = 1, SamplingCalls = 2 });
        var time = TestCircuit.Create(TestCircuit.Settings with { FailMax = 100, FailureRatio = 1, MinimumThroughput = 2 });
        lastCalls.Fail();
        time.Fail();

        lastCalls.CircuitBreaker.Update(lastCalls.CircuitBreaker.Options with { SamplingCalls = 3 });
        lastCalls.Fail(times: 2);
        time.CircuitBreaker.Update(time.CircuitBreaker.Options with { SamplingDuration = TimeSpan.FromMinutes(1) });
        time.Fail();

        Assert.Equal((CircuitState.Closed, CircuitState.Closed), (lastCalls.CircuitBreaker.State, time.CircuitBreaker.State));
        lastCalls.Fail();
        time.Fail();
        Assert.Equal((CircuitState.Open, CircuitState.Open), (lastCalls.CircuitBreaker.State, time.CircuitBreaker.State));
    }

    [Theory]
    [InlineData(0.5, 30)]
    [InlineData(30, 0.5)]
    public void InFlightCalls_WindowReplaced_DoNotBlockTheNewOne(double before, double after)
    {
        var clock = new ManualClock { Timestamp = TimeSpan.TicksPerHour };
        var breaker = new CircuitBreaker(TestCircuit.Settings with
        {
            FailMax = 1_000,
            FailureRatio = 0.5,
            MinimumThroughput = 4,
            SamplingDuration = before * Second,
            TimeProvider = clock,
        });
        var inFlight = new List<CallTicket>();
        for (var call = 0; call < TimeWindow.Buckets; call++)
        {
            Assert.True(breaker.TryEnter(out var ticket));
            inFlight.Add(ticket);
            clock.Timestamp += (before / TimeWindow.Buckets * Second).Ticks;
        }

        breaker.Update(breaker.Options with { SamplingDuration = after * Second });
        inFlight.ForEach(static ticket => ticket.Complete(CallOutcome.Success));

        for (var call = 0; call < 4; call++)
        {
            Assert.Equal(CircuitState.Closed, breaker.State);
            Assert.True(breaker.TryEnter(out var failing));
            failing.Complete(CallOutcome.Failure);
        }

        Assert.Equal(CircuitState.Open, breaker.State);
    }

    [Fact]
    public void InFlightCalls_RatioAdded_AreNotInItsWindow()
    {
        var circuit = TestCircuit.Closed(failMax: 1_000);
        var inFlight = Enumerable.Range(0, 10).Select(_ => circuit.Enter()).ToList();

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { FailureRatio = 1, MinimumThroughput = 2 });
        inFlight.ForEach(static ticket => ticket.Complete(CallOutcome.Failure));

        Assert.Equal((CircuitState.Closed, 10), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount));
    }

    [Fact]
    public void InFlightCall_SlowCallDurationAdded_IsNotSlow()
    {
        var circuit = TestCircuit.Closed();
        var inFlight = circuit.Enter();

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { SlowCallDuration = Second, SlowCallRatio = 0.1, SamplingCalls = 1 });
        circuit.Clock.Advance(10 * Second);

        Assert.False(inFlight.Complete(CallOutcome.Success));
    }

    [Fact]
    public void SlowCallDuration_AppliesToTheNextCall()
    {
        var circuit = TestCircuit.Closed();
        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { SlowCallDuration = Second, SlowCallRatio = 0.1, SamplingCalls = 1 });

        Assert.True(circuit.Call(CallOutcome.Success, Second));
    }

    [Fact]
    public void ContradictorySettings_Throw_AndChangeNothing()
    {
        var circuit = TestCircuit.Closed();
        var before = circuit.CircuitBreaker.Options;

        Assert.Throws<ArgumentException>(() => circuit.CircuitBreaker.Update(before with { FailureRatio = 0.5 }));

        Assert.Same(before, circuit.CircuitBreaker.Options);
    }

    [Fact]
    public void OtherNameOrTimeProvider_Throws()
    {
        var circuit = TestCircuit.Closed();
        var before = circuit.CircuitBreaker.Options;

        Assert.Throws<ArgumentException>("options", () => circuit.CircuitBreaker.Update(before with { Name = "other" }));
        var error = Assert.Throws<ArgumentException>("options", () => circuit.CircuitBreaker.Update(before with { TimeProvider = TimeProvider.System }));

        Assert.StartsWith("Name and TimeProvider cannot change", error.Message, StringComparison.Ordinal);
        Assert.Same(before, circuit.CircuitBreaker.Options);
    }

    [Fact]
    public void NullOptions_Throws()
        => Assert.Throws<ArgumentNullException>("options", static () => TestCircuit.Closed().CircuitBreaker.Update(null!));

    [Fact]
    public void ConcurrentTransition_NewSettingsApply()
    {
        CircuitBreaker breaker = null!;
        breaker = new CircuitBreaker(TestCircuit.Settings with
        {
            TimeProvider = new ManualClock(),
            ResetTimeoutGenerator = (_, _) =>
            {
                breaker.Update(breaker.Options with { ResetTimeout = Second, ResetTimeoutGenerator = null });
                return TimeSpan.FromHours(1);
            },
        });

        breaker.Open();

        Assert.Equal(Second, breaker.RetryAfter);
    }
}
