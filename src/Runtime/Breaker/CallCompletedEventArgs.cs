namespace ThriftBreaker;

/// <summary>Provides data for the <see cref="CircuitBreaker.CallCompleted"/> event.</summary>
public sealed class CallCompletedEventArgs : EventArgs
{
    /// <summary>Initializes a new instance of the <see cref="CallCompletedEventArgs"/> class.</summary>
    /// <param name="circuitBreakerName">The name of the circuit breaker.</param>
    /// <param name="outcome">The outcome of the call.</param>
    /// <param name="elapsed">The duration of the call; see <see cref="Elapsed"/>.</param>
    /// <param name="exception">The exception of a failure; null for every other outcome.</param>
    /// <param name="wasProbe">Whether the call was a probe.</param>
    public CallCompletedEventArgs(string circuitBreakerName, CallOutcome outcome, TimeSpan elapsed, Exception? exception, bool wasProbe)
        => (CircuitBreakerName, Outcome, Elapsed, Exception, WasProbe) = (circuitBreakerName, outcome, elapsed, exception, wasProbe);

    /// <summary>Gets the name of the circuit breaker.</summary>
    public string CircuitBreakerName { get; }

    /// <summary>Gets the outcome of the call.</summary>
    public CallOutcome Outcome { get; }

    /// <summary>
    /// Gets the time from admission to outcome; zero if the start was not measured, because the call began before the
    /// event had a handler.
    /// </summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Gets the exception of a failure; null for every other outcome.</summary>
    public Exception? Exception { get; }

    /// <summary>Gets a value that indicates whether the call was a probe.</summary>
    public bool WasProbe { get; }
}
