namespace ThriftBreaker;

/// <summary>Provides data for the <see cref="CircuitBreaker.StateChanged"/> event.</summary>
public sealed class CircuitStateChangedEventArgs : EventArgs
{
    /// <summary>Initializes a new instance of the <see cref="CircuitStateChangedEventArgs"/> class.</summary>
    /// <param name="circuitBreakerName">The name of the circuit breaker.</param>
    /// <param name="from">The state that ended.</param>
    /// <param name="to">The state that began.</param>
    /// <param name="reason">The reason of the change.</param>
    /// <param name="generation">The number of the state that began; see <see cref="Generation"/>.</param>
    /// <param name="attempt">The number of times that the circuit has opened again; see <see cref="Attempt"/>.</param>
    /// <param name="exception">The failure that opened the circuit; null for every other change.</param>
    /// <param name="timeInPreviousState">The time that the previous state lasted.</param>
    public CircuitStateChangedEventArgs(
        string circuitBreakerName,
        CircuitState from,
        CircuitState to,
        CircuitStateChangeReason reason,
        long generation,
        int attempt,
        Exception? exception,
        TimeSpan timeInPreviousState)
    {
        CircuitBreakerName = circuitBreakerName;
        From = from;
        To = to;
        Reason = reason;
        Generation = generation;
        Attempt = attempt;
        Exception = exception;
        TimeInPreviousState = timeInPreviousState;
    }

    /// <summary>Gets the name of the circuit breaker.</summary>
    public string CircuitBreakerName { get; }

    /// <summary>Gets the state that ended.</summary>
    public CircuitState From { get; }

    /// <summary>Gets the state that began.</summary>
    public CircuitState To { get; }

    /// <summary>Gets the reason of the change.</summary>
    public CircuitStateChangeReason Reason { get; }

    /// <summary>
    /// Gets the number of the state that began. Changes that race on several threads may be reported out of order; this
    /// number, which grows with every change and wraps to 0 after 2^38 of them, gives their order.
    /// </summary>
    public long Generation { get; }

    /// <summary>
    /// Gets how many times the circuit has opened again without a stable time in closed; 0 for the first time.
    /// </summary>
    public int Attempt { get; }

    /// <summary>Gets the failure that opened the circuit; null for every other change.</summary>
    public Exception? Exception { get; }

    /// <summary>Gets the time that the previous state lasted, counted from the last manual change within it.</summary>
    public TimeSpan TimeInPreviousState { get; }
}
