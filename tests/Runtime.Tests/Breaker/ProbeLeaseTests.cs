using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>A probe that never ends, or whose ticket is dropped, cannot hold the circuit half-open for ever.</summary>
public sealed class ProbeLeaseTests
{
    [Fact]
    public void OneTickBeforeItsLeaseRunsOutTheProbeStillDecides()
    {
        var circuit = TestCircuit.Due();
        var probe = circuit.Enter();

        circuit.Clock.Advance(TestCircuit.ProbeTimeout - TestCircuit.Tick);
        circuit.Reject();
        Assert.Equal(CircuitState.HalfOpen, circuit.Breaker.State);
        probe.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
    }

    [Fact]
    public void TheCallThatFindsTheLeaseRunOutFindsTheCircuitOpenAgain()
    {
        var circuit = TestCircuit.Due(successThreshold: 2);
        _ = circuit.Enter();

        circuit.Clock.Advance(TestCircuit.ProbeTimeout);
        circuit.Reject();

        Assert.Equal(CircuitState.Open, circuit.Breaker.State);
        Assert.Equal(4, circuit.Breaker.FailureCount);
        Assert.Equal(TestCircuit.ResetTimeout, circuit.Breaker.RetryAfter);
        var change = circuit.Changes[^1];
        Assert.Equal((CircuitState.HalfOpen, CircuitState.Open), (change.From, change.To));
        Assert.Equal(CircuitChangeReason.ProbeTimedOut, change.Reason);
        Assert.Null(change.Failure);
    }

    [Fact]
    public void AProbeThatHasSucceededDoesNotTimeOutWhileItsVerdictIsPutIntoEffect()
    {
        var lease = new ProbeLease(slot: 0, new Deadline(0, 10));

        Assert.True(lease.TrySettle(asksUser: false));

        Assert.False(lease.HasRunOut(10));
        Assert.False(lease.TrySettle(asksUser: true));
    }

    [Fact]
    public void AFailedProbeWhoseVerdictHangsInTheUsersCodeTimesOut()
    {
        TestCircuit circuit = null!;
        var hung = false;
        circuit = TestCircuit.Of(TestCircuit.Settings with
        {
            OpenDuration = (_, _) =>
            {
                if (!hung && circuit.Breaker.State == CircuitState.HalfOpen)
                {
                    hung = true;
                    circuit.Clock.Advance(TestCircuit.ProbeTimeout);
                    circuit.Reject();
                }

                return TestCircuit.ResetTimeout;
            },
        });
        circuit.Breaker.HalfOpen();

        Assert.False(circuit.Enter().Complete(CallOutcome.Failure));

        Assert.True(hung);
        Assert.Equal(CircuitChangeReason.ProbeTimedOut, circuit.Changes[^1].Reason);
    }

    [Fact]
    public void NothingHappensBeforeThatCall()
    {
        var circuit = TestCircuit.Due();
        _ = circuit.Enter();

        circuit.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(CircuitState.HalfOpen, circuit.Breaker.State);
        Assert.Equal(TimeSpan.Zero, circuit.Breaker.RetryAfter);
    }

    [Theory]
    [InlineData(CallOutcome.Success)]
    [InlineData(CallOutcome.Failure)]
    [InlineData(CallOutcome.Ignored)]
    [InlineData(CallOutcome.Cancelled)]
    public void AVerdictAfterTheLeaseIsStaleEvenIfNoCallHasNoticed(CallOutcome late)
    {
        var circuit = TestCircuit.Due();
        var probe = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);

        Assert.False(probe.Complete(late));
        Assert.Equal(CircuitState.HalfOpen, circuit.Breaker.State);
        Assert.Equal(3, circuit.Breaker.FailureCount);

        circuit.Reject();
        Assert.Equal(CircuitState.Open, circuit.Breaker.State);
    }

    [Theory]
    [InlineData(CallOutcome.Success)]
    [InlineData(CallOutcome.Failure)]
    [InlineData(CallOutcome.Ignored)]
    public void ALateVerdictDoesNotTouchALaterProbe(CallOutcome late)
    {
        var circuit = TestCircuit.Due();
        var lost = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);
        circuit.Reject();
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        var probe = circuit.Enter();

        Assert.False(lost.Complete(late));
        Assert.Equal(CircuitState.HalfOpen, circuit.Breaker.State);
        circuit.Reject();
        probe.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
    }

    [Fact]
    public void EachProbeHasALeaseOfItsOwn()
    {
        var circuit = TestCircuit.Due();
        circuit.Enter().Complete(CallOutcome.Ignored);
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);

        var probe = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout - TestCircuit.Tick);
        circuit.Reject();
        probe.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
    }

    [Fact]
    public void WithoutAProbeTimeoutALeaseIsTenSeconds()
    {
        var clock = new FakeTimeProvider();
        var breaker = new CircuitBreaker(new() { TimeProvider = clock });
        breaker.HalfOpen();
        Assert.True(breaker.TryEnter(out _));

        clock.Advance(TimeSpan.FromSeconds(10) - TestCircuit.Tick);
        Assert.False(breaker.TryEnter(out _));
        Assert.Equal(CircuitState.HalfOpen, breaker.State);
        clock.Advance(TestCircuit.Tick);
        Assert.False(breaker.TryEnter(out _));

        Assert.Equal(CircuitState.Open, breaker.State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AClockThatBreaksDuringTheVerdictDoesNotKeepTheSlot(int read)
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { ResetTimeout = TestCircuit.ResetTimeout, ProbeTimeout = TestCircuit.ProbeTimeout, TimeProvider = clock });
        breaker.HalfOpen();
        Assert.True(breaker.TryEnter(out var probe));
        clock.BreaksAtRead = clock.Reads + read;

        _ = Record.Exception(() => probe.Complete(CallOutcome.Success));
        clock.BreaksAtRead = null;
        clock.Timestamp += TestCircuit.ProbeTimeout.Ticks;
        _ = breaker.TryEnter(out _);

        Assert.NotEqual(CircuitState.HalfOpen, breaker.State);
    }

    [Fact]
    public void AClockThatGoesBackHoldsNoProbeForLongerThanTwoLeases()
    {
        var (breaker, clock) = HalfOpen();
        clock.Timestamp -= TestCircuit.ProbeTimeout.Ticks;
        Assert.False(breaker.TryEnter(out _));
        Assert.Equal(CircuitState.HalfOpen, breaker.State);

        clock.Timestamp--;
        Assert.False(breaker.TryEnter(out _));

        Assert.Equal(CircuitState.Open, breaker.State);
    }

    [Fact]
    public void ACircuitThatIsOpenWhenTheClockGoesBackIsDueAfterTwiceItsTimeAtTheLatest()
    {
        var clock = new ManualClock { Timestamp = TimeSpan.FromHours(2).Ticks };
        var breaker = new CircuitBreaker(new() { ResetTimeout = TestCircuit.ResetTimeout, TimeProvider = clock });
        breaker.Open();

        clock.Timestamp -= TestCircuit.ResetTimeout.Ticks;
        Assert.Equal(TestCircuit.ResetTimeout, breaker.RetryAfter);
        Assert.True(breaker.IsRejecting);
        Assert.False(breaker.TryEnter(out _));

        clock.Timestamp -= TimeSpan.FromHours(1).Ticks;
        Assert.Equal(TimeSpan.Zero, breaker.RetryAfter);
        Assert.False(breaker.IsRejecting);
        Assert.True(breaker.TryEnter(out var probe));
        Assert.True(probe.IsProbe);
    }

    /// <summary>With everything on that reads the clock at an admission.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AClockThatBreaksAtAnAdmissionTakesNoPlace(int read)
    {
        var clock = new ManualClock { Timestamp = 1 };
        var breaker = new CircuitBreaker(new()
        {
            SlowCallThreshold = TimeSpan.FromSeconds(1),
            SlowCallRatio = 0.5,
            MinimumThroughput = 10,
            ProbeTimeout = TestCircuit.ProbeTimeout,
            TimeProvider = clock,
        });
        breaker.CallFinished += static (_, _) => { };
        breaker.HalfOpen();
        clock.BreaksAtRead = clock.Reads + read;

        var entered = false;
        try
        {
            entered = breaker.TryEnter(out _);
        }
        catch (InvalidOperationException)
        {
        }

        clock.BreaksAtRead = null;
        Assert.Equal(!entered, breaker.TryEnter(out _));
    }

    private static (CircuitBreaker Breaker, ManualClock Clock) HalfOpen()
    {
        var clock = new ManualClock { Timestamp = TimeSpan.FromHours(2).Ticks };
        var breaker = new CircuitBreaker(new() { ProbeTimeout = TestCircuit.ProbeTimeout, TimeProvider = clock });
        breaker.HalfOpen();
        Assert.True(breaker.TryEnter(out _));
        return (breaker, clock);
    }
}
