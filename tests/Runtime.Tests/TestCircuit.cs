using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests;

/// <summary>A circuit breaker with a fake clock, its changes of state, and methods for the calls of a test.</summary>
internal sealed class TestCircuit
{
    public static readonly TimeSpan ResetTimeout = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(4);

    /// <summary>The smallest step of the fake clock.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private static readonly Dictionary<char, CallOutcome> Outcomes = new()
    {
        ['F'] = CallOutcome.Failure,
        ['S'] = CallOutcome.Success,
        ['I'] = CallOutcome.Ignored,
        ['C'] = CallOutcome.Cancelled,
    };

    private TestCircuit(CircuitBreakerOptions options)
    {
        CircuitBreaker = new CircuitBreaker(options with { TimeProvider = Clock });
        CircuitBreaker.StateChanged += (_, change) => Changes.Add(change);
    }

    public FakeTimeProvider Clock { get; } = new();

    public CircuitBreaker CircuitBreaker { get; }

    public List<CircuitStateChangedEventArgs> Changes { get; } = [];

    /// <summary>The default settings of tests.</summary>
    public static CircuitBreakerOptions Settings { get; } = new()
    {
        Name = "orders",
        FailMax = 3,
        ResetTimeout = ResetTimeout,
        ProbeTimeout = ProbeTimeout,
    };

    public static TestCircuit Create(CircuitBreakerOptions options) => new(options);

    public static TestCircuit Closed(int failMax = 3, int successThreshold = 1)
        => new(Settings with { FailMax = failMax, SuccessThreshold = successThreshold });

    /// <summary>Creates one that failures have just opened.</summary>
    public static TestCircuit Open(int failMax = 3, int successThreshold = 1)
    {
        var circuit = Closed(failMax, successThreshold);
        circuit.Fail(times: failMax);
        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
        return circuit;
    }

    /// <summary>Creates one whose reset timeout has passed: the next call probes.</summary>
    public static TestCircuit Due(int failMax = 3, int successThreshold = 1)
    {
        var circuit = Open(failMax, successThreshold);
        circuit.Clock.Advance(ResetTimeout);
        return circuit;
    }

    /// <summary>Creates one in a state, reached by calls and time; half-open without a probe in flight.</summary>
    public static TestCircuit CreateIn(CircuitState state)
    {
        switch (state)
        {
            case CircuitState.Open:
                return Open();

            case CircuitState.HalfOpen:
                var circuit = Due();
                circuit.Enter().Complete(CallOutcome.Ignored);
                return circuit;

            default:
                return Closed();
        }
    }

    public CallTicket Enter()
    {
        Assert.True(CircuitBreaker.TryEnter(out var ticket), "A call should have been admitted.");
        return ticket;
    }

    public void Reject() => Assert.False(CircuitBreaker.TryEnter(out _), "A call should have been rejected.");

    /// <summary>Makes a call of this duration.</summary>
    /// <returns>True if its outcome opened the circuit.</returns>
    public bool Call(CallOutcome outcome, TimeSpan took)
    {
        var ticket = Enter();
        Clock.Advance(took);
        return ticket.Complete(outcome, outcome == CallOutcome.Failure ? new InvalidOperationException("The service is down.") : null);
    }

    /// <summary>Makes calls: F fails, S succeeds, I is ignored, C is cancelled.</summary>
    public void Play(string calls)
    {
        foreach (var call in calls)
        {
            Call(Outcomes[call], TimeSpan.Zero);
        }
    }

    public void Succeed() => Enter().Complete(CallOutcome.Success);

    public void Fail(int times = 1)
    {
        for (var call = 0; call < times; call++)
        {
            Enter().Complete(CallOutcome.Failure, new InvalidOperationException("The service is down."));
        }
    }
}
