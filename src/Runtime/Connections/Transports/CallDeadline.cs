namespace ThriftBreaker;

/// <summary>
/// The token of one step of a call at a time: cancelled by the caller or by a timeout, and able to tell which. Used again for the next step,
/// because its timer is most of what a step would allocate.
/// </summary>
/// <remarks>ApacheThrift's own timeouts do nothing on asynchronous calls, so every step runs under one of these.</remarks>
#pragma warning disable CA1001 // Stopped, the source holds nothing.
internal sealed class CallDeadline(TimeProvider timeProvider)
#pragma warning restore CA1001
{
    private CancellationToken _callerToken;
    private CancellationTokenSource? _source;
    private CancellationTokenRegistration _link;

    public CancellationToken Token { get; private set; }

    /// <summary>Whether this deadline is why a step ended, so that the exception it ended with is only the symptom.</summary>
    public bool HasEndedTheCall => Token.IsCancellationRequested;

    /// <summary>Begins a step.</summary>
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
        _link = callerToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Ends it, and leaves nothing behind. The token stays as it is until the next step begins.</summary>
    public void Stop()
    {
        // First: once the caller can cancel no more and the timer is known not to have run out, the source is as good as new.
        _link.Dispose();
        if (_source is { } source && !source.TryReset())
        {
            source.Dispose();
            _source = null;
        }
    }

    /// <summary>What the caller gets: its own cancellation with its own token, or a timeout that says which one.</summary>
    /// <param name="symptom">The exception that the step ended with.</param>
    /// <param name="message">What has timed out, where, and what to check.</param>
    public Exception Explain(Exception symptom, string message)
        => _callerToken.IsCancellationRequested
            ? new OperationCanceledException(symptom.Message, symptom, _callerToken)
            : new TimeoutException(message, symptom);
}
