namespace ThriftBreaker;

// Expiry: closes idle connections after IdleTimeout and MaxConnectionAge. A timer runs only while a connection can
// expire.
internal sealed partial class ConnectionPool<TConnection>
{
    private const long Never = long.MaxValue;

    private readonly MonotonicClock _clock;
    private readonly long _idleTicks;
    private readonly long _ageTicks;
    private ITimer? _timer;

    /// <summary>The timestamp at which the timer fires.</summary>
    private long _timerDue = Never;

    private bool IsTooOld(TConnection connection)
        => _options.MaxConnectionAge is not null && _clock.Now - connection.OpenedAt >= _ageTicks;

    /// <summary>Starts the idle time of a connection. Called under the lock.</summary>
    private void StartIdleTime(TConnection connection)
    {
        if (_options.IdleTimeout is null && _options.MaxConnectionAge is null)
        {
            return;
        }

        connection.IdleSince = _clock.Now;

        // Most releases do not set the timer: when it fires, it finds the expired connections and the next due time.
        var due = GetNextExpiry();
        if (due < _timerDue)
        {
            SetTimer(due);
        }
    }

    /// <summary>Gets the timestamp at which the next idle connection expires. Called under the lock.</summary>
    private long GetNextExpiry()
    {
        // The list is ordered by the start of the idle time, but not by age.
        var due = _options.IdleTimeout is not null && _idle.Count > _options.MinIdleConnections ? After(_idle[0].IdleSince, _idleTicks) : Never;
        if (_options.MaxConnectionAge is not null)
        {
            foreach (var connection in _idle)
            {
                due = Math.Min(due, After(connection.OpenedAt, _ageTicks));
            }
        }

        return due;
    }

    private void SetTimer(long due)
    {
        _timerDue = due;
        _timer ??= CreateTimer();
        _timer.Change(due == Never ? Timeout.InfiniteTimeSpan : GetDelay(due), Timeout.InfiniteTimeSpan);
    }

    private void CloseExpired()
    {
        List<TConnection> expired = [];
        lock (_sync)
        {
            if (_isClosed)
            {
                return;
            }

            var now = _clock.Now;
            RemoveIdle(connection => IsExpired(connection, now, expired.Count), expired);
            SetTimer(GetNextExpiry());
        }

        expired.ForEach(static connection => connection.Dispose());
    }

    private bool IsExpired(TConnection connection, long now, int expiredCount)
        => (_options.MaxConnectionAge is not null && now - connection.OpenedAt >= _ageTicks)
            || (_options.IdleTimeout is not null && now - connection.IdleSince >= _idleTicks && _idle.Count - expiredCount > _options.MinIdleConnections);

    /// <summary>
    /// Gets the delay of the timer, limited to the range of the platform's timers: it can fire too early.
    /// </summary>
    private TimeSpan GetDelay(long due)
    {
        var delay = _clock.Between(_clock.Now, due);
        return delay < ThriftChannelOptions.LongestTimeout ? delay : ThriftChannelOptions.LongestTimeout;
    }

    /// <summary>Creates the timer without the execution context of the call that happens to create it.</summary>
    private ITimer CreateTimer()
    {
        if (!ExecutionContext.IsFlowSuppressed())
        {
            using var suppressed = ExecutionContext.SuppressFlow();
            return CreateTimer();
        }

        return _options.TimeProvider.CreateTimer(
            static pool => ((ConnectionPool<TConnection>)pool!).CloseExpired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private static long After(long timestamp, long ticks) => timestamp < Never - ticks ? timestamp + ticks : Never;
}
