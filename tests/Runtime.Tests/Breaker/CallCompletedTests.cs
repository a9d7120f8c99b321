using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>What listeners hear of single calls.</summary>
public sealed class CallCompletedTests
{
    private static readonly TimeSpan Took = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(CallOutcome.Success)]
    [InlineData(CallOutcome.Failure)]
    [InlineData(CallOutcome.Ignored)]
    [InlineData(CallOutcome.Cancelled)]
    public void AFinishedCallSaysHowItEndedAndHowLongItTook(CallOutcome outcome)
    {
        var circuit = TestCircuit.Closed();
        var finished = Listen(circuit);
        var error = outcome == CallOutcome.Failure ? new InvalidOperationException("broken") : null;
        var ticket = circuit.Enter();
        circuit.Clock.Advance(Took);

        ticket.Complete(outcome, error);

        Assert.Equal([("orders", outcome, Took, (Exception?)error, false)], finished.Select(EventValues.ToValues));
    }

    [Fact]
    public void AProbeSaysThatItWasOne()
    {
        var circuit = TestCircuit.Due();
        var finished = Listen(circuit);

        circuit.Call(CallOutcome.Success, Took);

        Assert.Equal([("orders", CallOutcome.Success, Took, (Exception?)null, true)], finished.Select(EventValues.ToValues));
    }

    [Fact]
    public void TheSenderIsTheCircuit()
    {
        var breaker = new CircuitBreaker();
        var senders = new List<object?>();
        breaker.CallCompleted += (sender, _) => senders.Add(sender);
        breaker.CallRejected += (sender, _) => senders.Add(sender);
        breaker.CallbackFailed += (sender, _) => senders.Add(sender);
        breaker.StateChanged += static (_, _) => throw new InvalidOperationException("a listener's own affair");

        Assert.True(breaker.TryEnter(out var ticket));
        ticket.Complete(CallOutcome.Success);
        breaker.Open();
        Assert.False(breaker.TryEnter(out _));

        Assert.Equal([breaker, breaker, breaker], senders);
    }

    [Fact]
    public void OnATripTheFailureComesBeforeTheChangeAndOnRecoveryTheSuccessAfterIt()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var heard = new List<string>();
        circuit.CircuitBreaker.StateChanged += (_, change) => heard.Add(change.To.ToString());
        circuit.CircuitBreaker.CallCompleted += (_, call) => heard.Add(call.Outcome.ToString());

        circuit.Fail();
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        circuit.Fail();
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        circuit.Succeed();

        Assert.Equal(["Failure", "Open", "HalfOpen", "Failure", "Open", "HalfOpen", "Closed", "Success"], heard);
    }

    [Fact]
    public void WhoHearsOfTheFailureThatOpensTheCircuitSeesItOpen()
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
    public void AStaleVerdictIsTheEndOfACallToo()
    {
        var circuit = TestCircuit.Closed();
        var finished = Listen(circuit);
        var late = circuit.Enter();
        circuit.CircuitBreaker.Open();

        late.Complete(CallOutcome.Success);

        Assert.Single(finished);
    }

    [Fact]
    public void ARejectedCallIsNoFinishedCall()
    {
        var circuit = TestCircuit.Open();
        var finished = Listen(circuit);

        circuit.Reject();

        Assert.Empty(finished);
    }

    [Fact]
    public void ACallThatStartedBeforeAnybodyListenedTookNoTime()
    {
        var circuit = TestCircuit.Closed();
        var underWay = circuit.Enter();
        var finished = Listen(circuit);
        circuit.Clock.Advance(Took);

        underWay.Complete(CallOutcome.Success);

        Assert.Equal(TimeSpan.Zero, Assert.Single(finished).Elapsed);
    }

    [Fact]
    public void ATimestampOfZeroIsATime()
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { TimeProvider = clock });
        CallCompletedEventArgs? finished = null;
        breaker.CallCompleted += (_, call) => finished = call;

        Assert.True(breaker.TryEnter(out var ticket));
        clock.Timestamp = Took.Ticks;
        ticket.Complete(CallOutcome.Success);

        Assert.Equal(Took - TestCircuit.Tick, finished!.Elapsed);
    }

    [Fact]
    public void WithoutAListenerAHealthyCircuitReadsNoClock()
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { TimeProvider = clock });
        void Listener(object? sender, CallCompletedEventArgs call) => Assert.NotNull(sender);
        var before = clock.Reads;

        breaker.CallCompleted += Listener;
        breaker.Execute(static () => { });
        Assert.Equal(before + 2, clock.Reads);

        breaker.CallCompleted -= Listener;
        breaker.Execute(static () => { });
        Assert.Equal(before + 2, clock.Reads);
    }

    [Fact]
    public void ASecondListenerHearsOnWhenTheFirstHasGone()
    {
        var circuit = TestCircuit.Closed();
        static void First(object? sender, CallCompletedEventArgs call)
        {
        }

        circuit.CircuitBreaker.CallCompleted += First;
        var finished = Listen(circuit);

        circuit.CircuitBreaker.CallCompleted -= First;
        circuit.Succeed();

        Assert.Single(finished);
    }

    [Fact]
    public void NoListenerIsNothing()
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
    public void ListenersThatComeAndGoOnManyThreadsLeaveTheCircuitAsItWas()
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
                void Listener(object? sender, CallCompletedEventArgs call) => Assert.NotNull(sender);
                for (var turn = 0; turn < 20; turn++)
                {
                    breaker.CallCompleted += Listener;
                    if ((turn + number) % 3 == 0 && breaker.TryEnter(out var ticket))
                    {
                        ticket.Complete(CallOutcome.Failure);
                    }

                    breaker.CallCompleted -= Listener;
                }
            },
            after: () =>
            {
                var before = clock.Reads;
                breaker.Execute(static () => { });
                Assert.Equal(before, clock.Reads);

                var heard = 0;
                void Listener(object? sender, CallCompletedEventArgs call) => heard++;
                breaker.CallCompleted += Listener;
                breaker.Execute(static () => { });
                breaker.CallCompleted -= Listener;
                Assert.Equal(1, heard);
            });
    }

    [Fact]
    public void WhatListenersThrowIsReportedInOrderAndGoesNoFurther()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var (finished, changed, rejected) = (new InvalidOperationException("finished"), new InvalidOperationException("changed"), new InvalidOperationException("rejected"));
        var reported = new List<Exception>();
        circuit.CircuitBreaker.CallCompleted += (_, _) => throw finished;
        circuit.CircuitBreaker.StateChanged += (_, _) => throw changed;
        circuit.CircuitBreaker.CallRejected += (_, _) => throw rejected;
        circuit.CircuitBreaker.CallbackFailed += (_, thrown) => reported.Add(thrown.Exception);

        Assert.True(circuit.Enter().Complete(CallOutcome.Failure));
        circuit.Reject();

        Assert.Equal([finished, changed, rejected], reported);
    }

    [Fact]
    public void WhatIsThrownOverAReportIsDroppedAndTheNextListenerIsTold()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var told = 0;
        circuit.CircuitBreaker.StateChanged += static (_, _) => throw new InvalidOperationException("a listener's own affair");
        circuit.CircuitBreaker.CallbackFailed += static (_, thrown) => throw thrown.Exception;
        circuit.CircuitBreaker.CallbackFailed += (_, _) => told++;

        circuit.Fail();

        Assert.Equal(1, told);
    }

    private static List<CallCompletedEventArgs> Listen(TestCircuit circuit)
    {
        var finished = new List<CallCompletedEventArgs>();
        circuit.CircuitBreaker.CallCompleted += (_, call) => finished.Add(call);
        return finished;
    }
}
