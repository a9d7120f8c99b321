using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.Runtime.Tests.Breaker.Histories;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>A probe that never ends, or whose ticket is abandoned, cannot keep the circuit half-open.</summary>
public sealed class ProbeLeaseTests
{
    [Fact]
    public void OneTickBeforeExpiry_OutcomeCounts()
    {
        var circuit = TestCircuit.Due();
        var probe = circuit.Enter();

        circuit.Clock.Advance(TestCircuit.ProbeTimeout - TestCircuit.Tick);
        circuit.Reject();
        Assert.Equal(CircuitState.HalfOpen, circuit.CircuitBreaker.State);
        probe.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void Expired_NextCall_OpensTheCircuit()
    {
        var circuit = TestCircuit.Due(successThreshold: 2);
        _ = circuit.Enter();

        circuit.Clock.Advance(TestCircuit.ProbeTimeout);
        circuit.Reject();

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
        Assert.Equal(4, circuit.CircuitBreaker.FailureCount);
        Assert.Equal(TestCircuit.ResetTimeout, circuit.CircuitBreaker.RetryAfter);
        var change = circuit.Changes[^1];
        Assert.Equal((CircuitState.HalfOpen, CircuitState.Open), (change.From, change.To));
        Assert.Equal(CircuitStateChangeReason.ProbeTimedOut, change.Reason);
        Assert.Null(change.Exception);
    }

    [Fact]
    public void SettledSuccess_DoesNotExpire()
    {
        var lease = new ProbeLease(slot: 0, new Deadline(0, 10));

        Assert.True(lease.TrySettle(runsUserCode: false));

        Assert.False(lease.HasExpired(10));
        Assert.False(lease.TrySettle(runsUserCode: true));
    }

    [Fact]
    public void FailureHangsInUserCode_Expires()
    {
        TestCircuit circuit = null!;
        var hung = false;
        circuit = TestCircuit.Create(TestCircuit.Settings with
        {
            ResetTimeoutGenerator = (_, _) =>
            {
                if (!hung && circuit.CircuitBreaker.State == CircuitState.HalfOpen)
                {
                    hung = true;
                    circuit.Clock.Advance(TestCircuit.ProbeTimeout);
                    circuit.Reject();
                }

                return TestCircuit.ResetTimeout;
            },
        });
        circuit.CircuitBreaker.HalfOpen();

        Assert.False(circuit.Enter().Complete(CallOutcome.Failure));

        Assert.True(hung);
        Assert.Equal(CircuitStateChangeReason.ProbeTimedOut, circuit.Changes[^1].Reason);
    }

    [Fact]
    public void Expired_NoCall_StaysHalfOpen()
    {
        var circuit = TestCircuit.Due();
        _ = circuit.Enter();

        circuit.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(CircuitState.HalfOpen, circuit.CircuitBreaker.State);
        Assert.Equal(TimeSpan.Zero, circuit.CircuitBreaker.RetryAfter);
    }

    [Theory]
    [InlineData(CallOutcome.Success)]
    [InlineData(CallOutcome.Failure)]
    [InlineData(CallOutcome.Ignored)]
    [InlineData(CallOutcome.Cancelled)]
    public void OutcomeAfterExpiry_IsStale(CallOutcome late)
    {
        var circuit = TestCircuit.Due();
        var probe = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);

        Assert.False(probe.Complete(late));
        Assert.Equal(CircuitState.HalfOpen, circuit.CircuitBreaker.State);
        Assert.Equal(3, circuit.CircuitBreaker.FailureCount);

        circuit.Reject();
        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    [Theory]
    [InlineData(CallOutcome.Success)]
    [InlineData(CallOutcome.Failure)]
    [InlineData(CallOutcome.Ignored)]
    public void LateOutcome_DoesNotAffectALaterProbe(CallOutcome late)
    {
        var circuit = TestCircuit.Due();
        var lost = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);
        circuit.Reject();
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        var probe = circuit.Enter();

        Assert.False(lost.Complete(late));
        Assert.Equal(CircuitState.HalfOpen, circuit.CircuitBreaker.State);
        circuit.Reject();
        probe.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void EachProbe_HasItsOwnLease()
    {
        var circuit = TestCircuit.Due();
        circuit.Enter().Complete(CallOutcome.Ignored);
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);

        var probe = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout - TestCircuit.Tick);
        circuit.Reject();
        probe.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void NoProbeTimeout_LeaseIsTenSeconds()
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

    /// <summary>A measured probe reads the clock twice: for its duration and for its lease.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ClockThrows_AtOutcome_SlotIsReleased(int read)
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(TimedBy(clock));
        breaker.HalfOpen();
        Assert.True(breaker.TryEnter(out var probe));
        clock.BreaksAtRead = clock.Reads + read;

        Assert.Throws<InvalidOperationException>(() => probe.Complete(CallOutcome.Success));
        clock.BreaksAtRead = null;
        clock.Timestamp += TestCircuit.ProbeTimeout.Ticks;
        _ = breaker.TryEnter(out _);

        Assert.NotEqual(CircuitState.HalfOpen, breaker.State);
    }

    [Fact]
    public void ClockBackwards_ProbeExpiresAfterTwoLeases()
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
    public void ClockBackwards_Open_IsDueAfterTwiceTheTime()
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

    [Theory]
    [InlineData(CircuitState.HalfOpen)]
    [InlineData(CircuitState.Open)]
    public void ClockThrows_AtAdmission_NoSlotIsTaken(CircuitState state)
    {
        var clock = new ManualClock { Timestamp = 1 };
        var breaker = DueIn(state, clock);
        clock.BreaksAtRead = clock.Reads + 1;

        Assert.Throws<InvalidOperationException>(() => breaker.TryEnter(out _));

        clock.BreaksAtRead = null;
        Assert.True(breaker.TryEnter(out _));
    }

    [Fact]
    public void ClockThrows_AtRestartOfLease_IsReported_LeaseIsKept()
    {
        var clock = new ManualClock { Timestamp = 1 };
        var breaker = DueIn(CircuitState.Open, clock);
        var reported = new List<Exception>();
        breaker.CallbackFailed += (_, thrown) => reported.Add(thrown.Exception);
        clock.BreaksAtRead = clock.Reads + 2;

        Assert.True(breaker.TryEnter(out var probe));

        Assert.Equal("The clock is broken.", Assert.Single(reported).Message);
        clock.Timestamp += TestCircuit.ProbeTimeout.Ticks - 1;
        Assert.False(breaker.TryEnter(out _));
        probe.Complete(CallOutcome.Success);
        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Fact]
    public void HandlerTime_IsNotProbeTime()
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { SlowCallDuration = TimeSpan.FromSeconds(1), SlowCallRatio = 0.5, MinimumThroughput = 10 });
        var completed = new List<CallCompletedEventArgs>();
        circuit.CircuitBreaker.StateChanged += (_, change) =>
        {
            if (change.To == CircuitState.HalfOpen)
            {
                circuit.Clock.Advance(TestCircuit.ProbeTimeout);
            }
        };
        circuit.CircuitBreaker.CallCompleted += (_, call) => completed.Add(call);
        circuit.CircuitBreaker.Open();
        circuit.Clock.Advance(TestCircuit.ResetTimeout);

        var probe = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.Tick);
        circuit.Reject();
        probe.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
        Assert.Equal(TestCircuit.Tick, Assert.Single(completed).Elapsed);
    }

    [Fact]
    public void HandlerHangs_CircuitLeavesHalfOpen()
    {
        var circuit = TestCircuit.Due();
        circuit.CircuitBreaker.StateChanged += (_, change) =>
        {
            if (change.To == CircuitState.HalfOpen)
            {
                // While it hangs, other calls follow.
                circuit.Clock.Advance(TestCircuit.ProbeTimeout);
                circuit.Reject();
            }
        };

        var probe = circuit.Enter();

        Assert.Equal(CircuitStateChangeReason.ProbeTimedOut, circuit.Changes[^1].Reason);
        Assert.False(probe.Complete(CallOutcome.Success));
        Assert.Equal((CircuitState.Open, 1L), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.StaleOutcomeCount));
    }

    private static CircuitBreakerOptions TimedBy(ManualClock clock) => new()
    {
        SlowCallDuration = TestCircuit.ProbeTimeout,
        SlowCallRatio = 0.5,
        MinimumThroughput = 10,
        ResetTimeout = TestCircuit.ResetTimeout,
        ProbeTimeout = TestCircuit.ProbeTimeout,
        TimeProvider = clock,
    };

    /// <summary>Creates a circuit breaker whose next call probes.</summary>
    private static CircuitBreaker DueIn(CircuitState state, ManualClock clock)
    {
        var breaker = new CircuitBreaker(TimedBy(clock));
        breaker.SetState(state);
        clock.Timestamp += TestCircuit.ResetTimeout.Ticks;
        return breaker;
    }

    private static (CircuitBreaker CircuitBreaker, ManualClock Clock) HalfOpen()
    {
        var clock = new ManualClock { Timestamp = TimeSpan.FromHours(2).Ticks };
        var breaker = new CircuitBreaker(new() { ProbeTimeout = TestCircuit.ProbeTimeout, TimeProvider = clock });
        breaker.HalfOpen();
        Assert.True(breaker.TryEnter(out _));
        return (breaker, clock);
    }

    /// <summary>A thread waits between its look at the clock and its look at the probes, and another probe begins.</summary>
    [Fact]
    public void ProbeThatBeganAfterTheLookAtTheClock_HasNotExpired()
    {
        var clock = new InterruptedClock();
        var breaker = new CircuitBreaker(new() { MaxProbes = 2, ProbeTimeout = TimeSpan.FromSeconds(4), TimeProvider = clock });
        breaker.HalfOpen();
        clock.Interruption = () =>
        {
            clock.Ticks += TimeSpan.FromSeconds(10).Ticks;
            Assert.True(breaker.TryEnter(out _));
        };

        Assert.True(breaker.TryEnter(out var ticket));

        Assert.True(ticket.IsProbe);
        Assert.Equal(CircuitState.HalfOpen, breaker.State);
    }

    private sealed class InterruptedClock : TimeProvider
    {
        public long Ticks { get; set; } = TimeSpan.TicksPerHour;

        public Action? Interruption { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            var (now, interruption) = (Ticks, Interruption);
            Interruption = null;
            interruption?.Invoke();
            return now;
        }
    }
}
