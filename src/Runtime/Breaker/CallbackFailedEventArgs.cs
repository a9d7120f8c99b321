namespace ThriftBreaker;

/// <summary>Provides data for the <see cref="CircuitBreaker.CallbackFailed"/> event.</summary>
public sealed class CallbackFailedEventArgs : EventArgs
{
    /// <summary>Initializes a new instance of the <see cref="CallbackFailedEventArgs"/> class.</summary>
    /// <param name="exception">What the callback threw.</param>
    /// <exception cref="ArgumentNullException"><paramref name="exception"/> is null.</exception>
    public CallbackFailedEventArgs(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Exception = exception;
    }

    /// <summary>Gets the exception that the callback threw.</summary>
    public Exception Exception { get; }
}
