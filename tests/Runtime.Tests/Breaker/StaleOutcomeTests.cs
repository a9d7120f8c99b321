using System.Runtime.CompilerServices;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>An outcome counts once, and only in the state in which its ticket was given.</summary>
public sealed class StaleOutcomeTests
{
    [Theory]
    [InlineData(CallOutcome.Success)]
    [InlineData(CallOutcome.Failure)]
    [InlineData(CallOutcome.Ignored)]
    [InlineData(CallOutcome.Cancelled)]
    public void CallBeforeTrip_WhileOpen_IsStale(CallOutcome late)
    {
        var circuit = TestCircuit.Closed();
        var slow = circuit.Enter();
        circuit.Fail(times: 3);
        circuit.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(slow.Complete(late, new InvalidOperationException("late")));

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
        Assert.Equal(3, circuit.CircuitBreaker.FailureCount);
        Assert.Equal(TestCircuit.ResetTimeout - TimeSpan.FromSeconds(1), circuit.CircuitBreaker.RetryAfter);
        Assert.NotEqual("late", circuit.CircuitBreaker.LastException!.Message);
        Assert.Equal(1, circuit.CircuitBreaker.StaleOutcomeCount);
        Assert.Single(circuit.Changes);
    }

    [Theory]
    [InlineData(CallOutcome.Success)]
    [InlineData(CallOutcome.Failure)]
    [InlineData(CallOutcome.Ignored)]
    public void CallBeforeTrip_HalfOpen_IsNotAProbe(CallOutcome late)
    {
        var circuit = TestCircuit.Closed();
        var slow = circuit.Enter();
        circuit.Fail(times: 3);
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        var probe = circuit.Enter();

        Assert.False(slow.Complete(late));
        Assert.Equal(CircuitState.HalfOpen, circuit.CircuitBreaker.State);
        circuit.Reject();
        probe.Complete(CallOutcome.Success);

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    /// <summary>Close() in a loop takes two minutes for 2^29 changes.</summary>
    [Theory]
    [InlineData(CircuitState.Closed, 29)]
    [InlineData(CircuitState.Closed, 32)]
    [InlineData(CircuitState.Closed, 37)]
    [InlineData(CircuitState.HalfOpen, 29)]
    [InlineData(CircuitState.HalfOpen, 32)]
    [InlineData(CircuitState.HalfOpen, 37)]
    public void TicketFromBillionsOfChangesAgo_IsStale(CircuitState state, int power)
    {
        var circuit = TestCircuit.CreateIn(state);
        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { FailMax = 1 });
        var old = circuit.Enter();
        var changes = 1UL << power;
        GetBits(circuit.CircuitBreaker) += changes << PackedCircuitState.GenerationShift;
        GetEpoch(circuit.CircuitBreaker) = GetEpoch(circuit.CircuitBreaker) with { Generation = GetEpoch(circuit.CircuitBreaker).Generation + changes };

        Assert.False(old.Complete(CallOutcome.Failure));

        Assert.Equal((state, 1L), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.StaleOutcomeCount));
    }

    /// <summary>Tickets of ordinary calls are not tracked: see <see cref="CallTicket"/>.</summary>
    [Fact]
    public void CopiedTicket_OrdinaryCall_CountsAgain()
    {
        var circuit = TestCircuit.Closed();
        var ticket = circuit.Enter();
        var copy = ticket;

        ticket.Complete(CallOutcome.Failure);
        ticket.Complete(CallOutcome.Failure);
        copy.Complete(CallOutcome.Failure);

        Assert.Equal((2, 0L), (circuit.CircuitBreaker.FailureCount, circuit.CircuitBreaker.StaleOutcomeCount));
    }

    [Theory]
    [InlineData(CallOutcome.Failure)]
    [InlineData((CallOutcome)99)]
    public void UndefinedOutcome_ChangesNothing(CallOutcome first)
    {
        var circuit = TestCircuit.Closed();
        circuit.Enter().Complete(first);
        var failures = circuit.CircuitBreaker.FailureCount;

        circuit.Enter().Complete((CallOutcome)99);
        circuit.CircuitBreaker.HalfOpen();
        circuit.Enter().Complete((CallOutcome)99);

        Assert.Equal((CircuitState.HalfOpen, failures), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount));
        Assert.True(circuit.CircuitBreaker.TryEnter(out _));
    }

    [Fact]
    public void FailureBeforeTrip_AfterRecovery_IsStale()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var slow = circuit.Enter();
        circuit.Fail();
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        circuit.Succeed();

        Assert.False(slow.Complete(CallOutcome.Failure));

        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
        Assert.Equal(0, circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public void SuccessBeforeTrip_AfterRecovery_IsStale()
    {
        var circuit = TestCircuit.Closed(failMax: 2);
        var slow = circuit.Enter();
        circuit.Fail(times: 2);
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        circuit.Succeed();
        circuit.Fail();

        slow.Complete(CallOutcome.Success);

        Assert.Equal(1, circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public void SecondOutcome_ChangesNothing()
    {
        var circuit = TestCircuit.Closed(failMax: 2);
        var ticket = circuit.Enter();
        ticket.Complete(CallOutcome.Failure);

        Assert.False(ticket.Complete(CallOutcome.Failure));
        Assert.Equal(1, circuit.CircuitBreaker.FailureCount);
        ticket.Complete(CallOutcome.Success);

        Assert.Equal(1, circuit.CircuitBreaker.FailureCount);
    }

    [Theory]
    [InlineData(CallOutcome.Success)]
    [InlineData(CallOutcome.Failure)]
    [InlineData(CallOutcome.Ignored)]
    public void SecondOutcome_CopiedProbeTicket_IsStale(CallOutcome second)
    {
        var circuit = TestCircuit.Due(successThreshold: 3);
        var ticket = circuit.Enter();
        var copy = ticket;
        ticket.Complete(CallOutcome.Success);
        var probe = circuit.Enter();

        Assert.False(copy.Complete(second));

        Assert.Equal(CircuitState.HalfOpen, circuit.CircuitBreaker.State);
        Assert.Equal(1, circuit.CircuitBreaker.SuccessCount);
        circuit.Reject();
        probe.Complete(CallOutcome.Success);
        Assert.Equal(2, circuit.CircuitBreaker.SuccessCount);
    }

    [Fact]
    public void DefaultTicket_Complete_DoesNothing()
    {
        CallTicket ticket = default;

        Assert.False(ticket.IsProbe);
        Assert.False(ticket.Complete(CallOutcome.Failure));
    }

    [Fact]
    public void TicketOfRejection_Complete_DoesNothing()
    {
        var circuit = TestCircuit.Open();
        Assert.False(circuit.CircuitBreaker.TryEnter(out var ticket));

        Assert.False(ticket.Complete(CallOutcome.Failure));

        Assert.Equal(3, circuit.CircuitBreaker.FailureCount);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_packed")]
    private static extern ref ulong GetBits(CircuitBreaker breaker);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_epoch")]
    private static extern ref StateEpoch GetEpoch(CircuitBreaker breaker);
}
