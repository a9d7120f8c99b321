using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>The event CallCompleted, and what its handlers get.</summary>
public sealed class CallCompletedTests
{
    private static readonly TimeSpan Took = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(CallOutcome.Success)]
    [InlineData(CallOutcome.Failure)]
    [InlineData(CallOutcome.Ignored)]
    [InlineData(CallOutcome.Cancelled)]
    public void CallCompleted_HasOutcomeAndElapsed(CallOutcome outcome)
    {
        var circuit = TestCircuit.Closed();
        var completed = Collect(circuit);
        var error = outcome == CallOutcome.Failure ? new InvalidOperationException("broken") : null;
        var ticket = circuit.Enter();
        circuit.Clock.Advance(Took);

        ticket.Complete(outcome, error);

        Assert.Equal([("orders", outcome, Took, (Exception?)error, false)], completed.Select(EventValues.ToValues));
    }

    [Fact]
    public void CallCompleted_Probe_WasProbe()
    {
        var circuit = TestCircuit.Due();
        var completed = Collect(circuit);

        circuit.Call(CallOutcome.Success, Took);

        Assert.Equal([("orders", CallOutcome.Success, Took, (Exception?)null, true)], completed.Select(EventValues.ToValues));
    }

    [Fact]
    public void CallCompleted_SenderIsTheCircuitBreaker()
    {
        var breaker = new CircuitBreaker();
        var senders = new List<object?>();
        breaker.CallCompleted += (sender, _) => senders.Add(sender);
        breaker.CallRejected += (sender, _) => senders.Add(sender);
        breaker.CallbackFailed += (sender, _) => senders.Add(sender);
        breaker.StateChanged += static (_, _) => throw new InvalidOperationException("a broken handler");

        Assert.True(breaker.TryEnter(out var ticket));
        ticket.Complete(CallOutcome.Success);
        breaker.Open();
        Assert.False(breaker.TryEnter(out _));

        Assert.Equal([breaker, breaker, breaker], senders);
    }

    [Fact]
    public void Trip_CallFirst_Recovery_ChangeFirst()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var calls = new List<string>();
        circuit.CircuitBreaker.StateChanged += (_, change) => calls.Add(change.To.ToString());
        circuit.CircuitBreaker.CallCompleted += (_, call) => calls.Add(call.Outcome.ToString());

        circuit.Fail();
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        circuit.Fail();
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        circuit.Succeed();

        Assert.Equal(["Failure", "Open", "HalfOpen", "Failure", "Open", "HalfOpen", "Closed", "Success"], calls);
    }

    [Fact]
    public void CallCompleted_Trip_HandlerFindsTheCircuitOpen()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var seen = new List<(CircuitState, int)>();
        circuit.CircuitBreaker.CallCompleted += (_, _) => seen.Add((circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount));

        circuit.Fail();
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        circuit.Fail();
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        circuit.Succeed();

        Assert.Equal([(CircuitState.Open, 1), (CircuitState.Open, 2), (CircuitState.Closed, 0)], seen);
    }

    [Fact]
    public void CallCompleted_StaleOutcome_IsRaised()
    {
        var circuit = TestCircuit.Closed();
        var completed = Collect(circuit);
        var late = circuit.Enter();
        circuit.CircuitBreaker.Open();

        late.Complete(CallOutcome.Success);

        Assert.Single(completed);
    }

    [Fact]
    public void CallCompleted_RejectedCall_IsNotRaised()
    {
        var circuit = TestCircuit.Open();
        var completed = Collect(circuit);

        circuit.Reject();

        Assert.Empty(completed);
    }

    [Fact]
    public void Elapsed_StartedBeforeTheHandler_IsZero()
    {
        var circuit = TestCircuit.Closed();
        var inFlight = circuit.Enter();
        var completed = Collect(circuit);
        circuit.Clock.Advance(Took);

        inFlight.Complete(CallOutcome.Success);

        Assert.Equal(TimeSpan.Zero, Assert.Single(completed).Elapsed);
    }

    [Fact]
    public void Elapsed_StartTimestampZero_IsMeasured()
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { TimeProvider = clock });
        CallCompletedEventArgs? completed = null;
        breaker.CallCompleted += (_, call) => completed = call;

        Assert.True(breaker.TryEnter(out var ticket));
        clock.Timestamp = Took.Ticks;
        ticket.Complete(CallOutcome.Success);

        Assert.Equal(Took - TestCircuit.Tick, completed!.Elapsed);
    }

    [Fact]
    public void NoHandler_HealthyCircuit_ReadsNoClock()
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { TimeProvider = clock });
        void Handler(object? sender, CallCompletedEventArgs call) => Assert.NotNull(sender);
        var before = clock.Reads;

        breaker.CallCompleted += Handler;
        breaker.Execute(static () => { });
        Assert.Equal(before + 2, clock.Reads);

        breaker.CallCompleted -= Handler;
        breaker.Execute(static () => { });
        Assert.Equal(before + 2, clock.Reads);
    }

    [Fact]
    public void RemovedHandler_OtherHandlerIsStillCalled()
    {
        var circuit = TestCircuit.Closed();
        static void First(object? sender, CallCompletedEventArgs call)
        {
        }

        circuit.CircuitBreaker.CallCompleted += First;
        var completed = Collect(circuit);

        circuit.CircuitBreaker.CallCompleted -= First;
        circuit.Succeed();

        Assert.Single(completed);
    }

    [Fact]
    public void NullHandler_IsIgnored()
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { TimeProvider = clock });
        var before = clock.Reads;

        breaker.CallCompleted += null;
        breaker.CallCompleted -= null;
        breaker.CallRejected += null;
        breaker.StateChanged += null;
        breaker.CallbackFailed += null;
        breaker.Execute(static () => { });

        Assert.Equal(before, clock.Reads);
    }

    [Fact]
    public void ConcurrentHandlerChanges_LeaveTheCircuitUnwatched()
    {
        const int Threads = 4;
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { FailMax = 1_000_000, TimeProvider = clock });

        Race.Run(
            Threads,
            rounds: TestRun.Times(quick: 200, @long: 20_000),
            before: static () => { },
            run: number =>
            {
                void Handler(object? sender, CallCompletedEventArgs call) => Assert.NotNull(sender);
                for (var change = 0; change < 20; change++)
                {
                    breaker.CallCompleted += Handler;
                    if ((change + number) % 3 == 0 && breaker.TryEnter(out var ticket))
                    {
                        ticket.Complete(CallOutcome.Failure);
                    }

                    breaker.CallCompleted -= Handler;
                }
            },
            after: () =>
            {
                var before = clock.Reads;
                breaker.Execute(static () => { });
                Assert.Equal(before, clock.Reads);

                var calls = 0;
                void Handler(object? sender, CallCompletedEventArgs call) => calls++;
                breaker.CallCompleted += Handler;
                breaker.Execute(static () => { });
                breaker.CallCompleted -= Handler;
                Assert.Equal(1, calls);
            });
    }

    [Fact]
    public void HandlersThrow_ExceptionsAreReportedInOrder()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var (completed, changed, rejected) = (new InvalidOperationException("completed"), new InvalidOperationException("changed"), new InvalidOperationException("rejected"));
        var reported = new List<Exception>();
        circuit.CircuitBreaker.CallCompleted += (_, _) => throw completed;
        circuit.CircuitBreaker.StateChanged += (_, _) => throw changed;
        circuit.CircuitBreaker.CallRejected += (_, _) => throw rejected;
        circuit.CircuitBreaker.CallbackFailed += (_, thrown) => reported.Add(thrown.Exception);

        Assert.True(circuit.Enter().Complete(CallOutcome.Failure));
        circuit.Reject();

        Assert.Equal([completed, changed, rejected], reported);
    }

    [Fact]
    public void CallbackFailedHandlerThrows_NextHandlerIsCalled()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var calls = 0;
        circuit.CircuitBreaker.StateChanged += static (_, _) => throw new InvalidOperationException("a broken handler");
        circuit.CircuitBreaker.CallbackFailed += static (_, thrown) => throw thrown.Exception;
        circuit.CircuitBreaker.CallbackFailed += (_, _) => calls++;

        circuit.Fail();

        Assert.Equal(1, calls);
    }

    private static List<CallCompletedEventArgs> Collect(TestCircuit circuit)
    {
        var completed = new List<CallCompletedEventArgs>();
        circuit.CircuitBreaker.CallCompleted += (_, call) => completed.Add(call);
        return completed;
    }
}
