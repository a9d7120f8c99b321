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
                new("orders", CircuitState.Closed, CircuitState.Open, CircuitChangeReason.FailMaxReached, 1, 0, first, ClosedFor),
                new("orders", CircuitState.Open, CircuitState.HalfOpen, CircuitChangeReason.ResetTimeoutPassed, 2, 0, null, TestCircuit.ResetTimeout),
                new("orders", CircuitState.HalfOpen, CircuitState.Open, CircuitChangeReason.ProbeFailed, 3, 1, second, ProbedFor),
                new("orders", CircuitState.Open, CircuitState.HalfOpen, CircuitChangeReason.ResetTimeoutPassed, 4, 1, null, TestCircuit.ResetTimeout),
                new("orders", CircuitState.HalfOpen, CircuitState.Closed, CircuitChangeReason.ProbesSucceeded, 5, 1, null, TimeSpan.Zero),
            ],
            circuit.Changes);
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
        circuit.Breaker.StateChanged += (_, _) => seen = (circuit.Breaker.State, circuit.Breaker.RetryAfter, circuit.Breaker.LastFailure);

        circuit.Fail();

        Assert.Equal((CircuitState.Open, TestCircuit.ResetTimeout, circuit.Breaker.LastFailure), seen);
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
        void Listener(object? sender, CircuitStateChange change) => told++;
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
        circuit.Breaker.StateChanged += static (_, _) => throw new InvalidOperationException("a listener's own affair");
        circuit.Breaker.StateChanged += (_, _) => told++;

        Assert.True(circuit.Enter().Complete(CallOutcome.Failure));
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        var probe = circuit.Enter();
        circuit.Reject();
        probe.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
        Assert.Equal(3, told);
    }

    [Fact]
    public void AListenerMaySteerTheCircuit()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        circuit.Breaker.StateChanged += (_, change) =>
        {
            if (change.Reason == CircuitChangeReason.FailMaxReached)
            {
                circuit.Breaker.Close();
            }
        };

        circuit.Fail();

        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
        Assert.Equal(0, circuit.Breaker.FailureCount);
        Assert.Equal([CircuitState.Open, CircuitState.Closed], circuit.Changes.Select(static change => change.To));
    }

    [Fact]
    public void AListenerMayCallThroughTheCircuit()
    {
        var circuit = TestCircuit.Due();
        bool? admitted = null;
        circuit.Breaker.StateChanged += (sender, change) =>
        {
            if (change.To == CircuitState.HalfOpen)
            {
                admitted = circuit.Breaker.TryEnter(out _);
            }
        };

        circuit.Succeed();

        Assert.False(admitted, "The probe of the call that changed the state is under way.");
        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
    }

    [Fact]
    public void AProbeWhoseListenerClosedTheCircuitHasNoSay()
    {
        var circuit = TestCircuit.Due(failMax: 1);
        circuit.Breaker.StateChanged += (_, change) =>
        {
            if (change.To == CircuitState.HalfOpen)
            {
                circuit.Breaker.Close();
            }
        };

        var probe = circuit.Enter();
        Assert.False(probe.Complete(CallOutcome.Failure));

        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
    }
}
