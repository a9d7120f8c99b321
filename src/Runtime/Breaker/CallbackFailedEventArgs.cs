namespace ThriftBreaker;

/// <summary>Provides data for the <see cref="CircuitBreaker.CallbackFailed"/> event.</summary>
public sealed class CallbackFailedEventArgs : EventArgs
{
    /// <summary>Initializes a new instance of the <see cref="CallbackFailedEventArgs"/> class.</summary>
    /// <param name="circuitBreakerName">The name of the circuit breaker.</param>
    /// <param name="exception">What the callback threw.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public CallbackFailedEventArgs(string circuitBreakerName, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(circuitBreakerName);
        ArgumentNullException.ThrowIfNull(exception);
        CircuitBreakerName = circuitBreakerName;
        Exception = exception;
    }

    /// <summary>Gets the name of the circuit breaker.</summary>
    public string CircuitBreakerName { get; }

    /// <summary>Gets the exception that the callback threw.</summary>
    public Exception Exception { get; }
}
