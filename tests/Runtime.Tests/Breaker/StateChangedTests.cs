namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>What listeners are told, and that they are only told.</summary>
public sealed class StateChangedTests
{
    private static readonly TimeSpan ClosedFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbedFor = TimeSpan.FromSeconds(2);

    [Fact]
    public void EachChangeSaysWhatHappenedWhyAndAfterHowLong()
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
    public void TheSenderIsTheCircuit()
    {
        var breaker = new CircuitBreaker();
        object? sender = null;
        breaker.StateChanged += (from, _) => sender = from;

        breaker.Open();

        Assert.Same(breaker, sender);
    }

    [Fact]
    public void ListenersFindTheNewStateInForce()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        (CircuitState State, TimeSpan? RetryAfter, Exception? LastFailure)? seen = null;
        circuit.CircuitBreaker.StateChanged += (_, _) => seen = (circuit.CircuitBreaker.State, circuit.CircuitBreaker.RetryAfter, circuit.CircuitBreaker.LastFailure);

        circuit.Fail();

        Assert.Equal((CircuitState.Open, TestCircuit.ResetTimeout, circuit.CircuitBreaker.LastFailure), seen);
    }

    [Fact]
    public void ListenersAreToldInOrderOfRegistration()
    {
        var breaker = new CircuitBreaker();
        var told = new List<int>();
        for (var listener = 0; listener < 5; listener++)
        {
            var number = listener;
            breaker.StateChanged += (_, _) => told.Add(number);
        }

        breaker.Open();

        Assert.Equal([0, 1, 2, 3, 4], told);
    }

    [Fact]
    public void ARemovedListenerHearsNothing()
    {
        var breaker = new CircuitBreaker();
        var told = 0;
        void Listener(object? sender, CircuitStateChangedEventArgs change) => told++;
        breaker.StateChanged += Listener;
        breaker.StateChanged -= Listener;

        breaker.Open();

        Assert.Equal(0, told);
    }

    [Fact]
    public void WhatAListenerThrowsGoesNoFurther()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var told = 0;
        circuit.CircuitBreaker.StateChanged += static (_, _) => throw new InvalidOperationException("a listener's own affair");
        circuit.CircuitBreaker.StateChanged += (_, _) => told++;

        Assert.True(circuit.Enter().Complete(CallOutcome.Failure));
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        var probe = circuit.Enter();
        circuit.Reject();
        probe.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
        Assert.Equal(3, told);
    }

    [Fact]
    public void AListenerMaySteerTheCircuit()
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
    public void AListenerMayCallThroughTheCircuit()
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

        Assert.False(admitted, "The probe of the call that changed the state is under way.");
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void AProbeWhoseListenerClosedTheCircuitHasNoSay()
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
