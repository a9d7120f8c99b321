namespace ThriftBreaker;

/// <summary>
/// Represents the connections to one endpoint: at most <see cref="ThriftChannelOptions.MaxConnections"/>, each used by
/// one call at a time. Thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// A call acquires the idle connection that was released last, so that surplus connections stay idle and expire.
/// Without an idle connection it opens a new one, and at the maximum it waits. No connection is idle while a call
/// waits, so calls are served in order of arrival. Acquire and release without contention allocate nothing.
/// </para>
/// <para>
/// The discard rule: <see cref="Release"/> keeps a connection only if its call has read a complete reply
/// (<c>reusable</c>, which <c>ChannelCore</c> decides), the pool is open, connections are pooled and the connection is
/// not too old. Acquire keeps it only if it is still not too old and its server has neither closed it nor sent
/// unexpected data (<see cref="PooledConnection.IsReusable"/>). Idle connections expire
/// (<c>ConnectionPool.Expiry.cs</c>). Every other connection is discarded: its next reply could be that of an earlier
/// call.
/// </para>
/// </remarks>
/// <typeparam name="TConnection">The type of the connections.</typeparam>
#pragma warning disable CA1001 // A token source without a timer holds nothing, and a connect attempt can use it after the shutdown.
internal sealed partial class ConnectionPool<TConnection>
#pragma warning restore CA1001
    where TConnection : PooledConnection
{
    private readonly Func<CancellationToken, Task<TConnection>> _connect;
    private readonly ThriftEndpoint _endpoint;
    private readonly ThriftChannelOptions _options;
    private readonly object _sync = new();

    /// <summary>The open connections, idle or in use.</summary>
    private readonly HashSet<TConnection> _open = [];

    /// <summary>The idle connections, the one released last at the end.</summary>
    private readonly List<TConnection> _idle = [];

    /// <summary>The calls that wait for a connection, or for an empty slot in which they open one: null.</summary>
    private readonly WaitQueue<TConnection?> _queue;

    /// <summary>The number of connections that are open or being opened.</summary>
    private int _slotsInUse;

    /// <summary>
    /// The number of calls with a reply. Shows a waiting call whether the server responds at all, and which connections
    /// have worked since a call began.
    /// </summary>
    private long _replyCount;

    /// <summary>Creates an empty pool.</summary>
    /// <param name="connect">Opens a connection within its timeout.</param>
    /// <param name="endpoint">The endpoint, for messages.</param>
    /// <param name="options">The settings.</param>
    public ConnectionPool(Func<CancellationToken, Task<TConnection>> connect, ThriftEndpoint endpoint, ThriftChannelOptions options)
    {
        _connect = connect;
        _endpoint = endpoint;
        _options = options;
        _queue = new WaitQueue<TConnection?>(_sync);
        _clock = new MonotonicClock(options.TimeProvider);
        _idleTicks = _clock.After(0, options.IdleTimeout ?? TimeSpan.MaxValue);
        _ageTicks = _clock.After(0, options.MaxConnectionAge ?? TimeSpan.MaxValue);
    }

    /// <summary>
    /// Acquires a connection, which the caller must release: an idle one, a new one, or one that another call releases.
    /// </summary>
    /// <param name="timeout">The maximum wait for a connection of another call.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="AcquireTimeoutException">No connection was released within the timeout.</exception>
    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    public ValueTask<TConnection> AcquireAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        TConnection? idle = null;
        lock (_sync)
        {
            ThrowIfClosed();
            if (_idle.Count > 0)
            {
                idle = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
                idle.AcquiredAtReply = _replyCount;
            }
            else if (_slotsInUse < _options.MaxConnections)
            {
                _slotsInUse++;
            }
            else
            {
                return new(WaitAsync(_queue.Enqueue(), timeout, _replyCount, cancellationToken));
            }
        }

        return idle is not null && IsUsable(idle) ? new(idle) : new(OpenInSlotAsync(idle, cancellationToken));
    }

    /// <summary>Releases a connection to the next waiting call or to the idle ones, or discards it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="reusable">
    /// Whether its call has left neither a part of a request nor a part of a reply on it.
    /// </param>
    /// <param name="replied">Whether the server has replied to the call.</param>
    public void Release(TConnection connection, bool reusable, bool replied)
    {
        lock (_sync)
        {
            if (replied)
            {
                connection.LastReply = ++_replyCount;
            }

            if (reusable && TryKeep(connection))
            {
                return;
            }
        }

        Discard(connection);
        FreeSlot();
    }

    /// <summary>
    /// Closes the idle connections that have carried no reply since the call of a dead connection began. What killed
    /// that one without a sign, such as a power cut, has killed them too, and each would cost a failed call.
    /// </summary>
    public void CloseIdleLike(TConnection dead)
    {
        List<TConnection> suspects = [];
        lock (_sync)
        {
            RemoveIdle(idle => idle.LastReply <= dead.AcquiredAtReply, suspects);
        }

        suspects.ForEach(static connection => connection.Dispose());
    }

    /// <summary>
    /// Discards a dead connection and the idle ones like it, and opens another in its slot. If this throws, the dead
    /// connection must still be released.
    /// </summary>
    public Task<TConnection> ReplaceAsync(TConnection dead, CancellationToken cancellationToken)
    {
        CloseIdleLike(dead);
        Discard(dead);
        return OpenAsync(cancellationToken);
    }

    /// <summary>Passes the connection to the first waiting call, or makes it idle. Called under the lock.</summary>
    private bool TryKeep(TConnection connection)
    {
        if (_isClosed || _options.ConnectionPerCall || IsTooOld(connection))
        {
            return false;
        }

        connection.AcquiredAtReply = _replyCount;
        if (!_queue.TryDequeue(connection))
        {
            _idle.Add(connection);
            StartIdleTime(connection);
        }

        return true;
    }

    private async Task<TConnection> WaitAsync(
        LinkedListNode<TaskCompletionSource<TConnection?>> waiter, TimeSpan timeout, long repliesBefore, CancellationToken cancellationToken)
    {
        TConnection? acquired;
        try
        {
            acquired = await _queue.WaitAsync(waiter, timeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var serverResponded = Volatile.Read(ref _replyCount) != repliesBefore;
            throw new AcquireTimeoutException(_endpoint.ToString(), _options.AcquireTimeout, nameof(_options.MaxConnections), _options.MaxConnections, serverResponded);
        }

        if (acquired is not null && cancellationToken.IsCancellationRequested)
        {
            // The call has sent nothing on it: the next one can use it.
            Release(acquired, reusable: true, replied: false);
            throw new OperationCanceledException(cancellationToken);
        }

        return acquired is not null && IsUsable(acquired) ? acquired : await OpenInSlotAsync(acquired, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Opens a connection in the slot of the caller, and discards the unusable connection in it, if any.
    /// </summary>
    private async Task<TConnection> OpenInSlotAsync(TConnection? unusable, CancellationToken cancellationToken)
    {
        if (unusable is not null)
        {
            Discard(unusable);
        }

        try
        {
            return await OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            FreeSlot();
            throw;
        }
    }

    private async Task<TConnection> OpenAsync(CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _abort.Token);
        try
        {
            var connection = await _connect(linked.Token).ConfigureAwait(false);
            Add(connection);
            return connection;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException cancelled) when (_abort.IsCancellationRequested)
        {
            throw CreateAbortedException(cancelled);
        }
    }

    private void Add(TConnection connection)
    {
        if (_options.MaxConnectionAge is not null)
        {
            connection.OpenedAt = _clock.Now;
        }

        lock (_sync)
        {
            if (!_isAborted)
            {
                _open.Add(connection);
                return;
            }
        }

        connection.Dispose();
        throw CreateAbortedException(symptom: null);
    }

    private void Discard(TConnection connection)
    {
        lock (_sync)
        {
            _open.Remove(connection);
        }

        connection.Dispose();
    }

    /// <summary>Passes an empty slot to the first waiting call, or frees it.</summary>
    private void FreeSlot()
    {
        lock (_sync)
        {
            if (!_queue.TryDequeue(null))
            {
                _slotsInUse--;
                CompleteDrainIfEmpty();
            }
        }
    }

    /// <summary>
    /// Removes the idle connections that match, and their slots: no call waits for a slot while the pool has idle
    /// connections. Called under the lock.
    /// </summary>
    private void RemoveIdle(Predicate<TConnection> match, List<TConnection> removed)
    {
        _idle.RemoveAll(connection =>
        {
            var isMatch = match(connection);
            if (isMatch)
            {
                removed.Add(connection);
            }

            return isMatch;
        });
        _slotsInUse -= removed.Count;
        _open.ExceptWith(removed);
    }

    private bool IsUsable(TConnection connection) => !IsTooOld(connection) && connection.IsReusable;
}
