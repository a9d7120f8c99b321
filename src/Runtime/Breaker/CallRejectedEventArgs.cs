namespace ThriftBreaker;

/// <summary>Provides data for the <see cref="CircuitBreaker.CallRejected"/> event.</summary>
public sealed class CallRejectedEventArgs : EventArgs
{
    /// <summary>Initializes a new instance of the <see cref="CallRejectedEventArgs"/> class.</summary>
    /// <param name="circuitBreakerName">The name of the circuit breaker.</param>
    /// <param name="state">The state that rejected the call.</param>
    /// <param name="mode">The mode of the circuit breaker.</param>
    /// <param name="retryAfter">The time until the next call is worth a try; see <see cref="RetryAfter"/>.</param>
    public CallRejectedEventArgs(string circuitBreakerName, CircuitState state, CircuitMode mode, TimeSpan? retryAfter)
        => (CircuitBreakerName, State, Mode, RetryAfter) = (circuitBreakerName, state, mode, retryAfter);

    /// <summary>Gets the name of the circuit breaker.</summary>
    public string CircuitBreakerName { get; }

    /// <summary>Gets the state that rejected the call.</summary>
    public CircuitState State { get; }

    /// <summary>
    /// Gets the mode of the circuit breaker. In <see cref="CircuitMode.ReportOnly"/> the call was made all the same.
    /// </summary>
    public CircuitMode Mode { get; }

    /// <summary>
    /// Gets the time until the next call is worth a try: zero if the state has changed since the rejection, null while
    /// the circuit breaker is isolated.
    /// </summary>
    public TimeSpan? RetryAfter { get; }
}
