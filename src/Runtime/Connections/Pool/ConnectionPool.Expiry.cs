namespace ThriftBreaker;

// Free connections that nobody has used for a while, and those that are too old. A timer runs only while there is one that can expire.
internal sealed partial class ConnectionPool<TConnection>
{
    private const long Never = long.MaxValue;

    private readonly MonotonicClock _clock;
    private readonly long _idleSpan;
    private readonly long _ageSpan;
    private ITimer? _timer;

    /// <summary>When the timer runs out.</summary>
    private long _timerDue = Never;

    private bool IsTooOld(TConnection connection)
        => _options.MaxConnectionAge is not null && _clock.Now - connection.OpenedAt >= _ageSpan;

    /// <summary>Notes since when a connection is free, and sees to it that it does not stay so for too long. Under the lock.</summary>
    private void BecameFree(TConnection connection)
    {
        if (_options.IdleTimeout is null && _options.MaxConnectionAge is null)
        {
            return;
        }

        connection.IdleSince = _clock.Now;

        // The timer is set once for many calls: when it runs out it looks who is due, and for how long to sleep again.
        var due = NextDue();
        if (due < _timerDue)
        {
            SetTimer(due);
        }
    }

    /// <summary>When the next free connection expires. Under the lock.</summary>
    private long NextDue()
    {
        // Those that have been free for longest are first.
        var due = _options.IdleTimeout is not null && _free.Count > _options.MinIdleConnections ? After(_free[0].IdleSince, _idleSpan) : Never;
        if (_options.MaxConnectionAge is not null)
        {
            foreach (var connection in _free)
            {
                due = Math.Min(due, After(connection.OpenedAt, _ageSpan));
            }
        }

        return due;
    }

    private void SetTimer(long due)
    {
        _timerDue = due;
        _timer ??= CreateTimer();
        _timer.Change(due == Never ? Timeout.InfiniteTimeSpan : Wait(due), Timeout.InfiniteTimeSpan);
    }

    private void CloseExpired()
    {
        List<TConnection> expired = [];
        lock (_sync)
        {
            if (_closed)
            {
                return;
            }

            var now = _clock.Now;
            _free.RemoveAll(connection => IsDue(connection, now, expired));
            _places -= expired.Count; // Nobody waits for one while there are free ones.
            _open.ExceptWith(expired);
            SetTimer(NextDue());
        }

        expired.ForEach(static connection => connection.Dispose());
    }

    private bool IsDue(TConnection connection, long now, List<TConnection> expired)
    {
        var isDue = (_options.MaxConnectionAge is not null && now - connection.OpenedAt >= _ageSpan)
            || (_options.IdleTimeout is not null && now - connection.IdleSince >= _idleSpan && _free.Count - expired.Count > _options.MinIdleConnections);
        if (isDue)
        {
            expired.Add(connection);
        }

        return isDue;
    }

    /// <summary>What the platform's timers can run to, at most; they wake early rather than never.</summary>
    private TimeSpan Wait(long due)
    {
        var wait = _clock.Between(_clock.Now, due);
        return wait < ThriftChannelOptions.LongestTimeout ? wait : ThriftChannelOptions.LongestTimeout;
    }

    /// <summary>Without the ambient state of the call that happens to be the first.</summary>
    private ITimer CreateTimer()
    {
        if (!ExecutionContext.IsFlowSuppressed())
        {
            using var without = ExecutionContext.SuppressFlow();
            return CreateTimer();
        }

        return _options.TimeProvider.CreateTimer(
            static pool => ((ConnectionPool<TConnection>)pool!).CloseExpired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private static long After(long timestamp, long span) => timestamp < Never - span ? timestamp + span : Never;
}
