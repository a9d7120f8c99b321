using System.Runtime.CompilerServices;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Verdicts that meet between two instructions, brought there by hand: each order of them is one that could have been.</summary>
public sealed class InterleavingTests
{
    [Fact]
    public void AFailureThatASuccessOvertookDoesNotOpenTheCircuit()
    {
        TestCircuit circuit = null!;
        var interrupted = false;
        circuit = TestCircuit.Of(TestCircuit.Settings with
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
    public void AFailureThatAnotherOneOvertookIsStale()
    {
        TestCircuit circuit = null!;
        var interrupted = false;
        circuit = TestCircuit.Of(TestCircuit.Settings with
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
    public void ABadCallThatComesWhileTheMarkIsClearedIsNotForgotten()
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { FailMax = 100, FailureRatio = 1, SamplingCalls = 2 });
        var window = new InterruptedWindow(calls: 2);
        PeriodOf(circuit.CircuitBreaker) = PeriodOf(circuit.CircuitBreaker) with { Window = window };
        circuit.Play("FS");

        // A success finds the window clean; before it says so, a call fails and another one succeeds.
        window.WhenFoundClean = () => circuit.Play("FS");
        circuit.Succeed();

        // So far F S, and the success that was overtaken; one more shifts the failure out.
        circuit.Succeed();
        circuit.Succeed();
        Assert.True(window.IsClean);
    }

    [Fact]
    public void AFailureThatAHandOvertookIsStale()
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { FailMax = 100, FailureRatio = 1, SamplingCalls = 2 });
        var window = new InterruptedWindow(calls: 2);
        PeriodOf(circuit.CircuitBreaker) = PeriodOf(circuit.CircuitBreaker) with { Window = window };
        window.WhenRecorded = circuit.CircuitBreaker.Close;

        Assert.False(circuit.Enter().Complete(CallOutcome.Failure));

        Assert.Equal((CircuitState.Closed, 0, 1L), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount, circuit.CircuitBreaker.StaleOutcomeCount));
    }

    [Fact]
    public void AThreadThatWasHeldUpInItsTransitionDoesNotBringBackThePast()
    {
        var circuit = TestCircuit.Closed();
        circuit.CircuitBreaker.Open();
        var past = PeriodOf(circuit.CircuitBreaker);
        circuit.CircuitBreaker.Close();
        var present = PeriodOf(circuit.CircuitBreaker);

        Publish(circuit.CircuitBreaker, past);
        Assert.Same(present, PeriodOf(circuit.CircuitBreaker));
        Publish(circuit.CircuitBreaker, present with { Attempt = 7 });
        Assert.Same(present, PeriodOf(circuit.CircuitBreaker));

        var next = present with { Generation = present.Generation + 1 };
        Publish(circuit.CircuitBreaker, next);
        Assert.Same(next, PeriodOf(circuit.CircuitBreaker));
    }

    [Fact]
    public void ATripThatComesBeforeTheRecoveryHasSaidAllIsAnotherAttempt()
    {
        var clock = new InterruptedClock();
        var breaker = new CircuitBreaker(TestCircuit.Settings with { FailMax = 1, TimeProvider = clock });
        breaker.Open();
        clock.Timestamp += TestCircuit.ResetTimeout.Ticks;
        breaker.Execute(static () => { });
        CircuitStateChangedEventArgs? trip = null;
        breaker.StateChanged += (_, change) => trip = change;

        // Between the two writes of the recovery, as another thread sees it: the new word is there, what is known of it is not.
        var recovered = PeriodOf(breaker);
        PeriodOf(breaker) = recovered with { Generation = recovered.Generation - 1 };
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
    public void ACircuitThatNobodyWatchesAnyMoreIsAsItWas()
    {
        var breaker = new CircuitBreaker();
        static void Listener(object? sender, CallCompletedEventArgs call)
        {
        }

        breaker.CallCompleted += Listener;
        Assert.NotEqual(0UL, WordOf(breaker));
        breaker.CallCompleted -= Listener;

        Assert.Equal(0UL, WordOf(breaker));
    }

    [Fact]
    public void ACircuitWhoseBadCallsHaveBeenShiftedOutIsAsItWas()
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { FailMax = 100, FailureRatio = 1, SamplingCalls = 2 });

        circuit.Play("FS");
        Assert.NotEqual(0UL, WordOf(circuit.CircuitBreaker));
        circuit.Play("S");

        Assert.Equal(0UL, WordOf(circuit.CircuitBreaker));
    }

    [Fact]
    public void ACircuitWhoseRatioIsTurnedOffIsAsItWasAfterTheNextSuccess()
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { FailMax = 100, FailureRatio = 1, SamplingCalls = 64 });
        circuit.Play("FS");

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { FailureRatio = null });
        circuit.Play("S");

        Assert.Equal(0UL, WordOf(circuit.CircuitBreaker));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_word")]
    private static extern ref ulong WordOf(CircuitBreaker breaker);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Publish")]
    private static extern void Publish(CircuitBreaker breaker, StateEpoch period);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_period")]
    private static extern ref StateEpoch PeriodOf(CircuitBreaker breaker);

    /// <summary>A window that lets other threads in when it has been looked at, or written.</summary>
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

        public override void Record(uint startedIn, bool failed, bool slow)
        {
            _window.Record(startedIn, failed, slow);
            WhenRecorded?.Invoke();
        }

        public override WindowCounts Count(uint now) => _window.Count(now);
    }

    /// <summary>A clock that lets another thread in while it is read.</summary>
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
