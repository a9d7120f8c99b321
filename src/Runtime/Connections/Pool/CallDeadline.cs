namespace ThriftBreaker;

/// <summary>
/// Provides the cancellation token of one step of a call at a time. The caller or a timeout cancels it, and
/// <see cref="CreateException"/> distinguishes them. Reused for the next step, because its timer is most of what a step
/// would allocate.
/// </summary>
/// <remarks>The timeouts of ApacheThrift have no effect on asynchronous calls, so each step has one of these.</remarks>
#pragma warning disable CA1001 // After Stop, the source holds nothing.
internal sealed class CallDeadline(TimeProvider timeProvider)
#pragma warning restore CA1001
{
    private CancellationToken _callerToken;
    private CancellationTokenSource? _source;
    private CancellationTokenRegistration _callerRegistration;

    public CancellationToken Token { get; private set; }

    /// <summary>
    /// Gets whether the deadline or the caller ended the step, so that its exception is only a symptom.
    /// </summary>
    public bool IsCancellationRequested => Token.IsCancellationRequested;

    /// <summary>Gets whether the timeout ended the step, and not the caller.</summary>
    public bool HasTimedOut => Token.IsCancellationRequested && !_callerToken.IsCancellationRequested;

    /// <summary>Starts a step.</summary>
    public void Start(TimeSpan timeout, CancellationToken callerToken)
    {
        if (_source is null)
        {
            _source = new CancellationTokenSource(timeout, timeProvider);
            Token = _source.Token;
        }
        else
        {
            _source.CancelAfter(timeout);
        }

        _callerToken = callerToken;
        _callerRegistration = callerToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>
    /// Stops the timer and unregisters from the caller's token. The token keeps its state until the next step.
    /// </summary>
    public void Stop()
    {
        // First: the source can be reset only after the caller can no longer cancel it, and if its timer has not fired.
        _callerRegistration.Dispose();
        if (_source is { } source && !source.TryReset())
        {
            source.Dispose();
            _source = null;
        }
    }

    /// <summary>
    /// Creates the exception for the caller: an <see cref="OperationCanceledException"/> with the caller's token, or a
    /// <see cref="TimeoutException"/>.
    /// </summary>
    /// <param name="symptom">The exception of the step.</param>
    /// <param name="timeoutMessage">Names the timeout, the endpoint and the remedy.</param>
    public Exception CreateException(Exception symptom, string timeoutMessage)
        => _callerToken.IsCancellationRequested
            ? new OperationCanceledException(symptom.Message, symptom, _callerToken)
            : new TimeoutException(timeoutMessage, symptom);
}
