namespace ThriftBreaker;

/// <summary>
/// Lets <see cref="ThriftChannelOptions.MaxConcurrentCalls"/> through at a time, and has <see cref="ThriftChannelOptions.MaxQueuedCalls"/>
/// wait for their turn, the first to come first. Thread-safe.
/// </summary>
/// <remarks>A bulkhead is what divides a ship's hold: one hole does not sink it, and one slow server does not take every thread and all memory.</remarks>
internal sealed class Bulkhead
{
    private readonly ThriftEndpoint _endpoint;
    private readonly ThriftChannelOptions _options;
    private readonly int _limit;
    private readonly object _sync = new();
    private readonly WaitQueue<bool> _line;
    private int _calls;
    private long _answers;
    private bool _closed;

    public Bulkhead(ThriftEndpoint endpoint, ThriftChannelOptions options, int limit)
    {
        _endpoint = endpoint;
        _options = options;
        _limit = limit;
        _line = new WaitQueue<bool>(_sync);
    }

    /// <summary>Waits for the call's turn.</summary>
    /// <returns>What is left of <see cref="ThriftChannelOptions.AcquireTimeout"/>.</returns>
    /// <exception cref="BulkheadFullException">As many calls as may wait are waiting.</exception>
    /// <exception cref="AcquireTimeoutException">The call's turn has not come.</exception>
    /// <exception cref="ObjectDisposedException">The channel has been disposed.</exception>
    public ValueTask<TimeSpan> EnterAsync(CancellationToken cancellationToken)
    {
        lock (_sync)
        {
            if (_closed)
            {
                throw ThriftChannel.Disposed();
            }

            if (_calls < _limit)
            {
                _calls++;
                return new(_options.AcquireTimeout);
            }

            if (_line.Count >= _options.MaxQueuedCalls)
            {
                throw new BulkheadFullException(_endpoint.ToString(), _limit, _options.MaxQueuedCalls);
            }

            return new(WaitAsync(_line.Join(), _answers, cancellationToken));
        }
    }

    /// <summary>Gives the turn on, when the call has ended.</summary>
    public void Leave(bool answered)
    {
        lock (_sync)
        {
            _answers += answered ? 1 : 0;
            if (!_line.TryServe(true))
            {
                _calls--;
            }
        }
    }

    /// <summary>Lets nobody through any more, and sends away who waits.</summary>
    public void Close()
    {
        lock (_sync)
        {
            _closed = true;
            _line.Close(ThriftChannel.Disposed);
        }
    }

    private async Task<TimeSpan> WaitAsync(LinkedListNode<TaskCompletionSource<bool>> place, long answersBefore, CancellationToken cancellationToken)
    {
        var start = _options.TimeProvider.GetTimestamp();
        try
        {
            await _line.WaitAsync(place, _options.AcquireTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new AcquireTimeoutException(
                _endpoint.ToString(), _options.AcquireTimeout, nameof(_options.MaxConcurrentCalls), _limit, serverResponded: Volatile.Read(ref _answers) != answersBefore);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            Leave(answered: false);
            throw new OperationCanceledException(cancellationToken);
        }

        var left = _options.AcquireTimeout - _options.TimeProvider.GetElapsedTime(start);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
