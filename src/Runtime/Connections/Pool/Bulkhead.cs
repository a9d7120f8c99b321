namespace ThriftBreaker;

/// <summary>
/// Limits the in-flight calls to <see cref="ThriftChannelOptions.MaxConcurrentCalls"/>. Up to
/// <see cref="ThriftChannelOptions.MaxQueuedCalls"/> further calls wait in order of arrival, and the rest are rejected.
/// Thread-safe.
/// </summary>
/// <remarks>
/// Named after the walls that divide a ship's hold: one slow server does not take every thread and all memory.
/// </remarks>
internal sealed class Bulkhead
{
    private readonly ThriftEndpoint _endpoint;
    private readonly ThriftChannelOptions _options;
    private readonly int _limit;
    private readonly object _sync = new();
    private readonly WaitQueue<bool> _queue;
    private int _activeCalls;
    private long _replyCount;
    private bool _isClosed;

    public Bulkhead(ThriftEndpoint endpoint, ThriftChannelOptions options, int limit)
    {
        _endpoint = endpoint;
        _options = options;
        _limit = limit;
        _queue = new WaitQueue<bool>(_sync);
    }

    /// <summary>Acquires the permission for one call, and waits for it if necessary.</summary>
    /// <returns>The rest of <see cref="ThriftChannelOptions.AcquireTimeout"/>, for the connection.</returns>
    /// <exception cref="BulkheadFullException">
    /// <see cref="ThriftChannelOptions.MaxQueuedCalls"/> calls wait already.
    /// </exception>
    /// <exception cref="AcquireTimeoutException">
    /// The wait exceeded <see cref="ThriftChannelOptions.AcquireTimeout"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The channel has been disposed.</exception>
    public ValueTask<TimeSpan> AcquireAsync(CancellationToken cancellationToken)
    {
        lock (_sync)
        {
            if (_isClosed)
            {
                throw ThriftChannel.CreateDisposedException();
            }

            if (_activeCalls < _limit)
            {
                _activeCalls++;
                return new(_options.AcquireTimeout);
            }

            if (_queue.Count >= _options.MaxQueuedCalls)
            {
                throw new BulkheadFullException(_endpoint.ToString(), _limit, _options.MaxQueuedCalls);
            }

            return new(WaitAsync(_queue.Enqueue(), _replyCount, cancellationToken));
        }
    }

    /// <summary>Releases the permission of a call that has ended, to the first waiting call if there is one.</summary>
    /// <param name="replied">Whether the server has replied to the call.</param>
    public void Release(bool replied)
    {
        lock (_sync)
        {
            _replyCount += replied ? 1 : 0;
            if (!_queue.TryDequeue(true))
            {
                _activeCalls--;
            }
        }
    }

    /// <summary>Rejects waiting and new calls.</summary>
    public void Close()
    {
        lock (_sync)
        {
            _isClosed = true;
            _queue.RejectAll(ThriftChannel.CreateDisposedException);
        }
    }

    private async Task<TimeSpan> WaitAsync(LinkedListNode<TaskCompletionSource<bool>> waiter, long repliesBefore, CancellationToken cancellationToken)
    {
        var start = _options.TimeProvider.GetTimestamp();
        try
        {
            await _queue.WaitAsync(waiter, _options.AcquireTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var serverResponded = Volatile.Read(ref _replyCount) != repliesBefore;
            throw new AcquireTimeoutException(_endpoint.ToString(), _options.AcquireTimeout, nameof(_options.MaxConcurrentCalls), _limit, serverResponded);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            Release(replied: false);
            throw new OperationCanceledException(cancellationToken);
        }

        var remaining = _options.AcquireTimeout - _options.TimeProvider.GetElapsedTime(start);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }
}
