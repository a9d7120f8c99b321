namespace ThriftBreaker;

/// <summary>
/// The connections to one endpoint: lends each to one call at a time, keeps those that are free, and never has more than
/// <see cref="ThriftChannelOptions.MaxConnections"/>. Thread-safe.
/// </summary>
/// <remarks>
/// A call gets the connection that was used last, so that those which are not needed grow old and are closed; else a place for a new one; else
/// it waits. While somebody waits nothing is free, so nobody who comes later can be served first. An uncontended lease and return
/// allocate nothing.
/// </remarks>
/// <typeparam name="TConnection">The connections.</typeparam>
#pragma warning disable CA1001 // A token source without a timer holds nothing, and a connect may come to it after the end.
internal sealed partial class ConnectionPool<TConnection>
#pragma warning restore CA1001
    where TConnection : PooledConnection
{
    private readonly Func<CancellationToken, Task<TConnection>> _connect;
    private readonly ThriftEndpoint _endpoint;
    private readonly ThriftChannelOptions _options;
    private readonly object _sync = new();

    /// <summary>Those that are open, free or not.</summary>
    private readonly HashSet<TConnection> _open = [];

    /// <summary>Those that are free, the one that was used last at the end.</summary>
    private readonly List<TConnection> _free = [];

    /// <summary>Calls that wait for a connection, or for the place to open one: null.</summary>
    private readonly WaitQueue<TConnection?> _line;

    /// <summary>How many connections are open or being opened.</summary>
    private int _places;

    /// <summary>How many calls have got their answer: whether the server answers at all, for those that wait.</summary>
    private long _answers;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="connect">Opens a connection, within the time that it may take.</param>
    /// <param name="endpoint">Where to, for messages.</param>
    /// <param name="options">The settings.</param>
    public ConnectionPool(Func<CancellationToken, Task<TConnection>> connect, ThriftEndpoint endpoint, ThriftChannelOptions options)
    {
        _connect = connect;
        _endpoint = endpoint;
        _options = options;
        _line = new WaitQueue<TConnection?>(_sync);
        _clock = new MonotonicClock(options.TimeProvider);
        _idleSpan = _clock.After(0, options.IdleTimeout ?? TimeSpan.MaxValue);
        _ageSpan = _clock.After(0, options.MaxConnectionAge ?? TimeSpan.MaxValue);
    }

    /// <summary>A connection that is the caller's until it is returned: a free one, a new one, or one that another call returns.</summary>
    /// <param name="patience">How long to wait for another call's.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="AcquireTimeoutException">No connection has become free.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been closed.</exception>
    public ValueTask<TConnection> LeaseAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        TConnection? free = null;
        lock (_sync)
        {
            ThrowIfClosed();
            if (_free.Count > 0)
            {
                free = _free[^1];
                _free.RemoveAt(_free.Count - 1);
            }
            else if (_places < _options.MaxConnections)
            {
                _places++;
            }
            else
            {
                return new(WaitAsync(_line.Join(), patience, _answers, cancellationToken));
            }
        }

        return free is not null && IsFit(free) ? new(free) : new(OpenInPlaceOfAsync(free, cancellationToken));
    }

    /// <summary>Takes a connection back, to be lent again or to be closed.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="reusable">Whether nothing of its call is left on it.</param>
    /// <param name="answered">Whether the server has answered.</param>
    public void Return(TConnection connection, bool reusable, bool answered)
    {
        lock (_sync)
        {
            _answers += answered ? 1 : 0;
            if (reusable && TryGiveOn(connection))
            {
                return;
            }
        }

        Close(connection);
        GiveUpPlace();
    }

    /// <summary>
    /// Closes a connection that turned out to be dead and opens another one in its place. If that fails, the dead one is still to be returned.
    /// </summary>
    public Task<TConnection> ReplaceAsync(TConnection dead, CancellationToken cancellationToken)
    {
        Close(dead);
        return OpenAsync(cancellationToken);
    }

    /// <summary>To the call that has waited longest, else to the free ones. Under the lock.</summary>
    private bool TryGiveOn(TConnection connection)
    {
        if (_closed || _options.ConnectionPerCall || IsTooOld(connection))
        {
            return false;
        }

        if (!_line.TryServe(connection))
        {
            _free.Add(connection);
            BecameFree(connection);
        }

        return true;
    }

    private async Task<TConnection> WaitAsync(
        LinkedListNode<TaskCompletionSource<TConnection?>> place, TimeSpan patience, long answersBefore, CancellationToken cancellationToken)
    {
        TConnection? given;
        try
        {
            given = await _line.WaitAsync(place, patience, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new AcquireTimeoutException(
                _endpoint.ToString(), _options.AcquireTimeout, nameof(_options.MaxConnections), _options.MaxConnections, serverResponded: Volatile.Read(ref _answers) != answersBefore);
        }

        if (given is not null && cancellationToken.IsCancellationRequested)
        {
            // Nothing has been sent on it: the next caller can have it.
            Return(given, reusable: true, answered: false);
            throw new OperationCanceledException(cancellationToken);
        }

        return given is not null && IsFit(given) ? given : await OpenInPlaceOfAsync(given, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a connection in a place that the caller has, which may still hold one that is not fit to be used.</summary>
    private async Task<TConnection> OpenInPlaceOfAsync(TConnection? unfit, CancellationToken cancellationToken)
    {
        if (unfit is not null)
        {
            Close(unfit);
        }

        try
        {
            return await OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            GiveUpPlace();
            throw;
        }
    }

    private async Task<TConnection> OpenAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _abort.Token);
        try
        {
            var connection = await _connect(either.Token).ConfigureAwait(false);
            Opened(connection);
            return connection;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException cancelled) when (_abort.IsCancellationRequested)
        {
            throw CutOff(cancelled);
        }
    }

    private void Opened(TConnection connection)
    {
        if (_options.MaxConnectionAge is not null)
        {
            connection.OpenedAt = _clock.Now;
        }

        lock (_sync)
        {
            if (!_aborted)
            {
                _open.Add(connection);
                return;
            }
        }

        connection.Dispose();
        throw CutOff(symptom: null);
    }

    private void Close(TConnection connection)
    {
        lock (_sync)
        {
            _open.Remove(connection);
        }

        connection.Dispose();
    }

    /// <summary>Leaves a place in which there is no connection to the call that has waited longest, else to nobody.</summary>
    private void GiveUpPlace()
    {
        lock (_sync)
        {
            if (!_line.TryServe(null))
            {
                _places--;
                DrainedIfEmpty();
            }
        }
    }

    private bool IsFit(TConnection connection) => !IsTooOld(connection) && connection.IsQuiet;
}
