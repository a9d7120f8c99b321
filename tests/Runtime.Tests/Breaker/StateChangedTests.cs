namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>The event StateChanged: its data, and that its handlers cannot affect calls.</summary>
public sealed class StateChangedTests
{
    private static readonly TimeSpan ClosedFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbedFor = TimeSpan.FromSeconds(2);

    [Fact]
    public void StateChanged_HasReasonAndTimeInPreviousState()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var first = new InvalidOperationException("first");
        var second = new InvalidOperationException("second");

        circuit.Clock.Advance(ClosedFor);
        circuit.Enter().Complete(CallOutcome.Failure, first);
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        var probe = circuit.Enter();
        circuit.Clock.Advance(ProbedFor);
        probe.Complete(CallOutcome.Failure, second);
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        circuit.Succeed();

        Assert.Equal(
            [
                ("orders", CircuitState.Closed, CircuitState.Open, CircuitStateChangeReason.FailMaxReached, 1, 0, first, ClosedFor),
                ("orders", CircuitState.Open, CircuitState.HalfOpen, CircuitStateChangeReason.ResetTimeoutPassed, 2, 0, null, TestCircuit.ResetTimeout),
                ("orders", CircuitState.HalfOpen, CircuitState.Open, CircuitStateChangeReason.ProbeFailed, 3, 1, second, ProbedFor),
                ("orders", CircuitState.Open, CircuitState.HalfOpen, CircuitStateChangeReason.ResetTimeoutPassed, 4, 1, null, TestCircuit.ResetTimeout),
                ("orders", CircuitState.HalfOpen, CircuitState.Closed, CircuitStateChangeReason.ProbesSucceeded, 5, 1, null, TimeSpan.Zero),
            ],
            circuit.Changes.Select(EventValues.ToValues));
    }

    [Fact]
    public void StateChanged_SenderIsTheCircuitBreaker()
    {
        var breaker = new CircuitBreaker();
        object? sender = null;
        breaker.StateChanged += (from, _) => sender = from;

        breaker.Open();

        Assert.Same(breaker, sender);
    }

    [Fact]
    public void Handlers_FindTheNewState()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        (CircuitState State, TimeSpan? RetryAfter, Exception? LastException)? seen = null;
        circuit.CircuitBreaker.StateChanged += (_, _) => seen = (circuit.CircuitBreaker.State, circuit.CircuitBreaker.RetryAfter, circuit.CircuitBreaker.LastException);

        circuit.Fail();

        Assert.Equal((CircuitState.Open, TestCircuit.ResetTimeout, circuit.CircuitBreaker.LastException), seen);
    }

    [Fact]
    public void Handlers_RunInOrderOfRegistration()
    {
        var breaker = new CircuitBreaker();
        var calls = new List<int>();
        for (var handler = 0; handler < 5; handler++)
        {
            var number = handler;
            breaker.StateChanged += (_, _) => calls.Add(number);
        }

        breaker.Open();

        Assert.Equal([0, 1, 2, 3, 4], calls);
    }

    [Fact]
    public void RemovedHandler_IsNotCalled()
    {
        var breaker = new CircuitBreaker();
        var calls = 0;
        void Handler(object? sender, CircuitStateChangedEventArgs change) => calls++;
        breaker.StateChanged += Handler;
        breaker.StateChanged -= Handler;

        breaker.Open();

        Assert.Equal(0, calls);
    }

    [Fact]
    public void HandlerThrows_CallIsNotAffected()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var calls = 0;
        circuit.CircuitBreaker.StateChanged += static (_, _) => throw new InvalidOperationException("a broken handler");
        circuit.CircuitBreaker.StateChanged += (_, _) => calls++;

        Assert.True(circuit.Enter().Complete(CallOutcome.Failure));
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        var probe = circuit.Enter();
        circuit.Reject();
        probe.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
        Assert.Equal(3, calls);
    }

    [Fact]
    public void Handler_MayControlTheCircuitBreaker()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        circuit.CircuitBreaker.StateChanged += (_, change) =>
        {
            if (change.Reason == CircuitStateChangeReason.FailMaxReached)
            {
                circuit.CircuitBreaker.Close();
            }
        };

        circuit.Fail();

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
        Assert.Equal(0, circuit.CircuitBreaker.FailureCount);
        Assert.Equal([CircuitState.Open, CircuitState.Closed], circuit.Changes.Select(static change => change.To));
    }

    [Fact]
    public void Handler_MayCallThroughTheCircuitBreaker()
    {
        var circuit = TestCircuit.Due();
        bool? admitted = null;
        circuit.CircuitBreaker.StateChanged += (sender, change) =>
        {
            if (change.To == CircuitState.HalfOpen)
            {
                admitted = circuit.CircuitBreaker.TryEnter(out _);
            }
        };

        circuit.Succeed();

        Assert.False(admitted, "The probe of the call that changed the state is in flight.");
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void HandlerClosesTheCircuit_ProbeIsStale()
    {
        var circuit = TestCircuit.Due(failMax: 1);
        circuit.CircuitBreaker.StateChanged += (_, change) =>
        {
            if (change.To == CircuitState.HalfOpen)
            {
                circuit.CircuitBreaker.Close();
            }
        };

        var probe = circuit.Enter();
        Assert.False(probe.Complete(CallOutcome.Failure));

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }
}
