namespace ThriftBreaker;

/// <summary>
/// The token of one step of a call: cancelled by the caller or by a timeout, and able to tell which.
/// </summary>
/// <remarks>ApacheThrift's own timeouts do nothing on asynchronous calls, so every step runs under one of these.</remarks>
internal sealed class CallDeadline : IDisposable
{
    private readonly CancellationToken _callerToken;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _link;

    public CallDeadline(TimeSpan timeout, TimeProvider timeProvider, CancellationToken callerToken)
    {
        _callerToken = callerToken;
        _source = new CancellationTokenSource(timeout, timeProvider);
        _link = callerToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Whether this deadline is why a step ended, so that the exception it ended with is only the symptom.</summary>
    public bool HasEndedTheCall => _source.IsCancellationRequested;

    /// <summary>What the caller gets: its own cancellation with its own token, or a timeout that says which one.</summary>
    /// <param name="symptom">The exception that the step ended with.</param>
    /// <param name="message">What has timed out, where, and what to check.</param>
    public Exception Explain(Exception symptom, string message)
        => _callerToken.IsCancellationRequested
            ? new OperationCanceledException(symptom.Message, symptom, _callerToken)
            : new TimeoutException(message, symptom);

    public void Dispose()
    {
        _link.Dispose();
        _source.Dispose();
    }
}
