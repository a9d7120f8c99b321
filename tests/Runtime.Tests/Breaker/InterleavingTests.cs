using System.Runtime.CompilerServices;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Outcomes that interleave between two instructions, in chosen orders.</summary>
public sealed class InterleavingTests
{
    [Fact]
    public void Failure_OvertakenBySuccess_DoesNotTrip()
    {
        TestCircuit circuit = null!;
        var interrupted = false;
        circuit = TestCircuit.Create(TestCircuit.Settings with
        {
            FailMax = 2,
            ResetTimeoutGenerator = (_, _) =>
            {
                if (!interrupted)
                {
                    // The second failure is about to open the circuit; a success comes first.
                    interrupted = true;
                    circuit.Succeed();
                }

                return TestCircuit.ResetTimeout;
            },
        });
        circuit.Fail();

        Assert.False(circuit.Enter().Complete(CallOutcome.Failure));

        Assert.True(interrupted);
        Assert.Equal((CircuitState.Closed, 1), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount));
    }

    [Fact]
    public void Failure_OvertakenByTrip_IsStale()
    {
        TestCircuit circuit = null!;
        var interrupted = false;
        circuit = TestCircuit.Create(TestCircuit.Settings with
        {
            FailMax = 2,
            ResetTimeoutGenerator = (_, _) =>
            {
                if (!interrupted)
                {
                    interrupted = true;
                    circuit.Fail();
                }

                return TestCircuit.ResetTimeout;
            },
        });
        circuit.Fail();

        Assert.False(circuit.Enter().Complete(CallOutcome.Failure));

        Assert.Equal((CircuitState.Open, 2, 1L), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount, circuit.CircuitBreaker.StaleOutcomeCount));
        Assert.Single(circuit.Changes);
    }

    [Fact]
    public void BadCall_WhileUncleanBitIsCleared_IsNotLost()
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { FailMax = 100, FailureRatio = 1, SamplingCalls = 2 });
        var window = new InterruptedWindow(calls: 2);
        GetEpoch(circuit.CircuitBreaker) = GetEpoch(circuit.CircuitBreaker) with { Window = window };
        circuit.Play("FS");

        // A success finds the window clean; before it clears the bit, a call fails and another one succeeds.
        window.WhenFoundClean = () => circuit.Play("FS");
        circuit.Succeed();

        // So far F S, and the success that was overtaken; one more shifts the failure out.
        circuit.Succeed();
        circuit.Succeed();
        Assert.True(window.IsClean);
    }

    [Fact]
    public void Failure_OvertakenByManualTransition_IsStale()
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { FailMax = 100, FailureRatio = 1, SamplingCalls = 2 });
        var window = new InterruptedWindow(calls: 2);
        GetEpoch(circuit.CircuitBreaker) = GetEpoch(circuit.CircuitBreaker) with { Window = window };
        window.WhenRecorded = circuit.CircuitBreaker.Close;

        Assert.False(circuit.Enter().Complete(CallOutcome.Failure));

        Assert.Equal((CircuitState.Closed, 0, 1L), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount, circuit.CircuitBreaker.StaleOutcomeCount));
    }

    [Fact]
    public void SuspendedTransition_DoesNotRestoreAnEarlierEpoch()
    {
        var circuit = TestCircuit.Closed();
        circuit.CircuitBreaker.Open();
        var past = GetEpoch(circuit.CircuitBreaker);
        circuit.CircuitBreaker.Close();
        var present = GetEpoch(circuit.CircuitBreaker);

        Publish(circuit.CircuitBreaker, past);
        Assert.Same(present, GetEpoch(circuit.CircuitBreaker));
        Publish(circuit.CircuitBreaker, present with { Attempt = 7 });
        Assert.Same(present, GetEpoch(circuit.CircuitBreaker));

        var next = present with { Generation = present.Generation + 1 };
        Publish(circuit.CircuitBreaker, next);
        Assert.Same(next, GetEpoch(circuit.CircuitBreaker));
    }

    [Fact]
    public void Trip_BeforeRecoveryIsPublished_IsAnotherAttempt()
    {
        var clock = new InterruptedClock();
        var breaker = new CircuitBreaker(TestCircuit.Settings with { FailMax = 1, TimeProvider = clock });
        breaker.Open();
        clock.Timestamp += TestCircuit.ResetTimeout.Ticks;
        breaker.Execute(static () => { });
        CircuitStateChangedEventArgs? trip = null;
        breaker.StateChanged += (_, change) => trip = change;

        // Between the two writes of the recovery: the new state is visible to another thread, its epoch is not.
        var recovered = GetEpoch(breaker);
        GetEpoch(breaker) = recovered with { Generation = recovered.Generation - 1 };
        Task? publishing = null;
        clock.AtNextRead = () => publishing = Task.Run(() =>
        {
            SpinWait.SpinUntil(() => breaker.State == CircuitState.Open, millisecondsTimeout: 20);
            Publish(breaker, recovered);
        });

        Assert.Throws<TimeoutException>(() => breaker.Execute(static () => throw new TimeoutException()));

        Assert.NotNull(publishing);
        Assert.Equal((CircuitState.Open, 1), (trip!.To, trip.Attempt));
    }

    [Fact]
    public void LastHandlerRemoved_WatchedBitIsCleared()
    {
        var breaker = new CircuitBreaker();
        static void Handler(object? sender, CallCompletedEventArgs call)
        {
        }

        breaker.CallCompleted += Handler;
        Assert.NotEqual(0UL, GetBits(breaker));
        breaker.CallCompleted -= Handler;

        Assert.Equal(0UL, GetBits(breaker));
    }

    [Fact]
    public void BadCallsShiftedOut_UncleanBitIsCleared()
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { FailMax = 100, FailureRatio = 1, SamplingCalls = 2 });

        circuit.Play("FS");
        Assert.NotEqual(0UL, GetBits(circuit.CircuitBreaker));
        circuit.Play("S");

        Assert.Equal(0UL, GetBits(circuit.CircuitBreaker));
    }

    [Fact]
    public void RatioRemoved_NextSuccess_ClearsTheUncleanBit()
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { FailMax = 100, FailureRatio = 1, SamplingCalls = 64 });
        circuit.Play("FS");

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { FailureRatio = null });
        circuit.Play("S");

        Assert.Equal(0UL, GetBits(circuit.CircuitBreaker));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_packed")]
    private static extern ref ulong GetBits(CircuitBreaker breaker);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Publish")]
    private static extern void Publish(CircuitBreaker breaker, StateEpoch period);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_epoch")]
    private static extern ref StateEpoch GetEpoch(CircuitBreaker breaker);

    /// <summary>A window that runs other code after it has been read or written.</summary>
    private sealed class InterruptedWindow(int calls) : OutcomeWindow
    {
        private readonly LastCallsWindow _window = new(calls);

        public Action? WhenFoundClean { get; set; }

        public Action? WhenRecorded { get; set; }

        public override bool IsClean
        {
            get
            {
                var clean = _window.IsClean;
                if (clean && WhenFoundClean is { } interrupt)
                {
                    WhenFoundClean = null;
                    interrupt();
                }

                return clean;
            }
        }

        public override void Record(ulong startedIn, bool failed, bool slow)
        {
            _window.Record(startedIn, failed, slow);
            WhenRecorded?.Invoke();
        }

        public override WindowCounts Count(ulong now) => _window.Count(now);
    }

    /// <summary>A clock that runs other code while it is read.</summary>
    private sealed class InterruptedClock : TimeProvider
    {
        public long Timestamp { get; set; }

        public Action? AtNextRead { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            var interrupt = AtNextRead;
            AtNextRead = null;
            interrupt?.Invoke();
            return Timestamp;
        }
    }
}
