using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Open: calls are rejected until the reset timeout has passed, and the next call probes.</summary>
public sealed class OpenCircuitTests
{
    [Fact]
    public void Rejection_ChangesNothing()
    {
        var circuit = TestCircuit.Open();

        for (var call = 0; call < 10; call++)
        {
            circuit.Reject();
        }

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
        Assert.Equal(3, circuit.CircuitBreaker.FailureCount);
        Assert.Equal(TestCircuit.ResetTimeout, circuit.CircuitBreaker.RetryAfter);
        Assert.Single(circuit.Changes);
    }

    [Fact]
    public void Reading_NeverChangesTheState()
    {
        var circuit = TestCircuit.Due();

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
        Assert.Equal(TimeSpan.Zero, circuit.CircuitBreaker.RetryAfter);
        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
        Assert.Single(circuit.Changes);
    }

    [Fact]
    public void RetryAfter_CountsDownToZero()
    {
        var circuit = TestCircuit.Open();
        var step = TimeSpan.FromSeconds(7);
        Assert.Equal(TestCircuit.ResetTimeout, circuit.CircuitBreaker.RetryAfter);

        var waits = Enumerable.Range(1, 6).Select(_ =>
        {
            circuit.Clock.Advance(step);
            return circuit.CircuitBreaker.RetryAfter!.Value.TotalSeconds;
        });

        Assert.Equal([23, 16, 9, 2, 0, 0], waits);
    }

    [Fact]
    public void ResetTimeout_BeyondTheClocksRange_NeverPasses()
    {
        var clock = new FakeTimeProvider();
        var breaker = new CircuitBreaker(new() { ResetTimeout = TimeSpan.MaxValue, TimeProvider = clock });
        breaker.Open();
        var before = breaker.RetryAfter!.Value;
        Assert.True(before > TimeSpan.FromDays(365_000));

        clock.Advance(TimeSpan.FromDays(365_000));

        Assert.False(breaker.TryEnter(out _));
        Assert.Equal(before - TimeSpan.FromDays(365_000), breaker.RetryAfter);
    }
}
