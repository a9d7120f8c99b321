using System.Globalization;
using Thrift;

namespace ThriftBreaker.Runtime.Tests.Outcomes;

/// <summary>
/// The message and the properties of a rejection: what happened, why, and when the next try is admitted.
/// </summary>
public sealed class CircuitOpenExceptionTests
{
    private const string LastException = " Last failure: InvalidOperationException: The service is down.";

    [Fact]
    public void Message_Open_NamesTheNextTry()
    {
        var circuit = TestCircuit.Open(failMax: 3);
        circuit.Clock.Advance(TimeSpan.FromSeconds(0.5));

        Assert.Equal(
            "The circuit breaker 'orders' is open after 3 consecutive failures; the call was rejected without being sent." +
            " The next try is admitted in 29.5 s." + LastException,
            new CircuitOpenException(circuit.CircuitBreaker).Message);
    }

    [Fact]
    public void Message_OneFailure_IsSingular()
    {
        var circuit = TestCircuit.Open(failMax: 1);

        Assert.StartsWith(
            "The circuit breaker 'orders' is open after a failure; ", new CircuitOpenException(circuit.CircuitBreaker).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_ManualOpen_NamesNoFailure()
    {
        var circuit = TestCircuit.Closed();
        circuit.CircuitBreaker.Open();

        Assert.Equal(
            "The circuit breaker 'orders' was opened manually; the call was rejected without being sent. The next try is admitted in 30.0 s.",
            new CircuitOpenException(circuit.CircuitBreaker).Message);
    }

    /// <summary>Independent of consecutive failures.</summary>
    [Theory]
    [InlineData(CircuitStateChangeReason.FailureRatioReached, "too many of its latest calls failed")]
    [InlineData(CircuitStateChangeReason.SlowCallRatioReached, "too many of its latest calls were slow")]
    [InlineData(CircuitStateChangeReason.ProbeFailed, "a failed probe")]
    [InlineData(CircuitStateChangeReason.ProbeTimedOut, "a probe that timed out")]
    public void Message_NamesTheReason(CircuitStateChangeReason reason, string why)
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with
        {
            FailMax = 9,
            SamplingCalls = 1,
            FailureRatio = reason == CircuitStateChangeReason.FailureRatioReached ? 1 : null,
            SlowCallRatio = reason == CircuitStateChangeReason.SlowCallRatioReached ? 1 : null,
            SlowCallDuration = TestCircuit.Tick,
        });
        switch (reason)
        {
            case CircuitStateChangeReason.FailureRatioReached:
                circuit.Fail();
                break;

            case CircuitStateChangeReason.SlowCallRatioReached:
                circuit.Call(CallOutcome.Failure, TestCircuit.Tick);
                break;

            case CircuitStateChangeReason.ProbeFailed:
                circuit.CircuitBreaker.HalfOpen();
                circuit.Fail();
                break;

            default:
                circuit.CircuitBreaker.HalfOpen();
                _ = circuit.Enter();
                circuit.Clock.Advance(TestCircuit.ProbeTimeout);
                circuit.Reject();
                break;
        }

        Assert.Equal(reason, circuit.Changes[^1].Reason);
        Assert.StartsWith($"The circuit breaker 'orders' is open after {why}; ", new CircuitOpenException(circuit.CircuitBreaker).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            $"This call opened the circuit breaker 'orders' after {why}.", CircuitOpenException.CreateForTrip(circuit.CircuitBreaker, new TimeoutException()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_HalfOpen_NamesTheProbe()
    {
        var circuit = TestCircuit.Due();
        _ = circuit.Enter();

        Assert.Equal(
            "The circuit breaker 'orders' is half-open and another call is probing; this one was rejected without being sent." + LastException,
            new CircuitOpenException(circuit.CircuitBreaker).Message);
    }

    [Theory]
    [InlineData(CircuitState.Closed)]
    [InlineData(CircuitState.Open)]
    [InlineData(CircuitState.HalfOpen)]
    public void Message_Isolated_NamesNoTime(CircuitState state)
    {
        var circuit = TestCircuit.CreateIn(state);
        circuit.CircuitBreaker.SetMode(CircuitMode.Isolated);

        var rejection = new CircuitOpenException(circuit.CircuitBreaker);

        Assert.StartsWith(
            "The circuit breaker 'orders' has been isolated manually; the call was rejected without being sent.", rejection.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("next try", rejection.Message, StringComparison.Ordinal);
        Assert.Equal((CircuitMode.Isolated, null), (rejection.Mode, rejection.RetryAfter));
    }

    [Fact]
    public void Message_ClosedSince()
        => Assert.Equal(
            "The circuit breaker 'orders' rejected this call without sending it, and has closed since.",
            new CircuitOpenException(TestCircuit.CreateIn(CircuitState.Closed).CircuitBreaker).Message);

    [Fact]
    public void Message_Trip()
    {
        var circuit = TestCircuit.Open(failMax: 3);
        var failure = new TimeoutException("No reply.");

        var tripped = CircuitOpenException.CreateForTrip(circuit.CircuitBreaker, failure);

        Assert.Equal(
            "This call opened the circuit breaker 'orders' after 3 consecutive failures. The next try is admitted in 30.0 s. Last failure: TimeoutException: No reply.",
            tripped.Message);
        Assert.Same(failure, tripped.InnerException);
    }

    [Fact]
    public void Message_Trip_ManuallyOpenedSince_NamesNoReason()
    {
        var circuit = TestCircuit.Open();
        circuit.CircuitBreaker.Open();

        Assert.StartsWith(
            "This call opened the circuit breaker 'orders'. ", CircuitOpenException.CreateForTrip(circuit.CircuitBreaker, new TimeoutException()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_IsTheSameInEveryCulture()
    {
        var circuit = TestCircuit.Open(failMax: 1_000);
        circuit.Clock.Advance(TimeSpan.FromSeconds(0.125));
        var here = CultureInfo.CurrentCulture;
        var elsewhere = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        elsewhere.NumberFormat.NumberGroupSeparator = ".";
        elsewhere.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = elsewhere;
            var message = new CircuitOpenException(circuit.CircuitBreaker).Message;

            Assert.Contains("after 1,000 consecutive failures", message, StringComparison.Ordinal);
            Assert.Contains("in 29.875 s.", message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = here;
        }
    }

    [Fact]
    public void Message_ReadLater_IsOfTheRejection()
    {
        var circuit = TestCircuit.Open(failMax: 3);
        var rejection = new CircuitOpenException(circuit.CircuitBreaker);

        circuit.Clock.Advance(TimeSpan.FromSeconds(10));
        circuit.CircuitBreaker.Close();

        Assert.StartsWith("The circuit breaker 'orders' is open after 3 consecutive failures; ", rejection.Message, StringComparison.Ordinal);
        Assert.Contains("in 30.0 s.", rejection.Message, StringComparison.Ordinal);
        Assert.Contains(rejection.Message, rejection.ToString(), StringComparison.Ordinal);
        Assert.Same(rejection.Message, rejection.Message);
    }

    [Fact]
    public void Properties_MatchTheSnapshot()
    {
        var circuit = TestCircuit.Open(failMax: 2);
        circuit.Clock.Advance(TimeSpan.FromSeconds(10));

        var rejection = new CircuitOpenException(circuit.CircuitBreaker);

        Assert.Equal("orders", rejection.CircuitBreakerName);
        Assert.Equal(CircuitState.Open, rejection.State);
        Assert.Equal(TimeSpan.FromSeconds(20), rejection.RetryAfter);
        Assert.Equal(2, rejection.FailureCount);
        Assert.Same(circuit.CircuitBreaker.LastException, rejection.InnerException);
    }

    [Fact]
    public void RetryAfter_ProbeDueOrInFlight_IsZero()
    {
        var circuit = TestCircuit.Due();
        Assert.Equal(TimeSpan.Zero, new CircuitOpenException(circuit.CircuitBreaker).RetryAfter);

        _ = circuit.Enter();

        Assert.Equal(TimeSpan.Zero, new CircuitOpenException(circuit.CircuitBreaker).RetryAfter);
        Assert.Equal(CircuitState.HalfOpen, new CircuitOpenException(circuit.CircuitBreaker).State);
    }

    [Fact]
    public void Exception_IsAThriftException() => Assert.IsAssignableFrom<TException>(new CircuitOpenException(new CircuitBreaker()));

    [Fact]
    public void EachRejection_HasItsOwnException()
    {
        var circuit = TestCircuit.Open();

        var first = Assert.Throws<CircuitOpenException>(() => circuit.CircuitBreaker.Execute(static () => { }));
        var second = Assert.Throws<CircuitOpenException>(() => circuit.CircuitBreaker.Execute(static () => { }));

        Assert.NotSame(first, second);
    }

    [Fact]
    public void NullCircuitBreaker_Throws()
        => Assert.Throws<ArgumentNullException>("circuitBreaker", static () => new CircuitOpenException(null!));
}
