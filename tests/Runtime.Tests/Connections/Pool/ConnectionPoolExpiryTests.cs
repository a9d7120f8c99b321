using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Connections.Pool;

/// <summary>Idle and old connections are closed, and no timer runs unless a connection can expire.</summary>
public sealed class ConnectionPoolExpiryTests
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    [Fact]
    public void IdleTimeout_ClosesIdleConnection()
    {
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout });
        pool.Release(pool.AcquireNow());

        pool.Clock.Advance(IdleTimeout - TestCircuit.Tick);
        Assert.Equal(1, pool.Open);
        pool.Clock.Advance(TestCircuit.Tick);

        Assert.Equal(0, pool.Open);
    }

    [Fact]
    public void IdleTimeout_RestartsWithEachUse()
    {
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout });
        for (var use = 0; use < 5; use++)
        {
            pool.Release(pool.AcquireNow());
            pool.Clock.Advance(IdleTimeout - TestCircuit.Tick);
        }

        Assert.Single(pool.Opened);
        Assert.Equal(1, pool.Open);
        pool.Clock.Advance(TestCircuit.Tick);
        Assert.Equal(0, pool.Open);
    }

    [Fact]
    public void ConnectionInUse_DoesNotExpire()
    {
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout, MaxConnectionAge = MaxAge });
        var connection = pool.AcquireNow();
        pool.Clock.Advance(MaxAge * 2);

        Assert.False(connection.IsClosed);
    }

    [Fact]
    public void IdleTimeout_ClosesOldestFirstAndKeepsMinIdle()
    {
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout, MinIdleConnections = 1 });
        var connections = pool.AcquireNow(3);
        foreach (var connection in connections)
        {
            pool.Release(connection);
            pool.Clock.Advance(IdleTimeout / 4);
        }

        pool.Clock.Advance(IdleTimeout / 4);
        Assert.Equal([true, false, false], connections.Select(static connection => connection.IsClosed));
        pool.Clock.Advance(IdleTimeout * 100);
        Assert.Equal([true, true, false], connections.Select(static connection => connection.IsClosed));
    }

    [Fact]
    public void IdleTimeout_Null_KeepsConnection()
    {
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = null });
        pool.Release(pool.AcquireNow());
        pool.Clock.Advance(TimeSpan.FromDays(100));

        Assert.Equal(1, pool.Open);
    }

    [Fact]
    public void MaxConnectionAge_ClosesIdleConnectionDespiteMinIdle()
    {
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = null, MaxConnectionAge = MaxAge, MinIdleConnections = 10 });
        pool.Release(pool.AcquireNow());

        pool.Clock.Advance(MaxAge - TestCircuit.Tick);
        Assert.Equal(1, pool.Open);
        pool.Clock.Advance(TestCircuit.Tick);

        Assert.Equal(0, pool.Open);
    }

    [Fact]
    public void MaxConnectionAge_ClosesReleasedConnection()
    {
        var pool = new TestPool(new ThriftChannelOptions { MaxConnectionAge = MaxAge });
        var connection = pool.AcquireNow();
        pool.Clock.Advance(MaxAge);
        pool.Release(connection);

        Assert.True(connection.IsClosed);
        Assert.NotSame(connection, pool.AcquireNow());
    }

    [Fact]
    public void MaxConnectionAge_CountsFromOpening()
    {
        var pool = new TestPool(new ThriftChannelOptions { MaxConnectionAge = MaxAge });
        for (var minute = 0; minute < 10; minute++)
        {
            pool.Release(pool.AcquireNow());
            pool.Clock.Advance(TimeSpan.FromSeconds(59));
        }

        Assert.Single(pool.Opened);
        pool.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, pool.Open);
    }

    [Fact]
    public void ExpiredConnections_FreeTheirSlots()
    {
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout, MaxConnections = 3 });
        pool.Release(pool.AcquireNow(3));
        pool.Clock.Advance(IdleTimeout);

        pool.AcquireNow(3);
        Assert.Equal(6, pool.Opened.Count);
    }

    [Fact]
    public void Timer_RunsOnlyWhileConnectionCanExpire()
    {
        var clock = new CountingClock();
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout, MinIdleConnections = 1 }, clock);
        var connections = pool.AcquireNow(3);
        Assert.Equal(0, clock.ActiveCount);
        pool.Release(connections[0]);
        Assert.Equal(0, clock.ActiveCount);

        pool.Release(connections[1], connections[2]);
        Assert.Equal(1, clock.ActiveCount);
        clock.Advance(IdleTimeout);

        Assert.Equal(1, pool.Open);
        Assert.Equal(0, clock.ActiveCount);
    }

    [Fact]
    public void Timer_IsNotSetForEachCall()
    {
        var clock = new CountingClock();
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout }, clock);
        for (var call = 0; call < 100; call++)
        {
            pool.Release(pool.AcquireNow());
            clock.Advance(TestCircuit.Tick);
        }

        Assert.Equal(1, clock.SetCount);
    }

    [Fact]
    public void Timer_AfterClose_DoesNotRun()
    {
        var clock = new CountingClock();
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout }, clock);
        pool.Release(pool.AcquireNow());
        pool.Pool.Close();

        Assert.Equal(0, clock.ActiveCount);
    }

    /// <summary>Counts the active timers.</summary>
    private sealed class CountingClock : FakeTimeProvider
    {
        private readonly HashSet<CountedTimer> _active = [];

        public int ActiveCount => _active.Count;

        public int SetCount { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new CountedTimer(this);
            timer.Inner = base.CreateTimer(
                timerState =>
                {
                    _active.Remove(timer);
                    callback(timerState);
                },
                state,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
            timer.Change(dueTime, period);
            return timer;
        }

        private sealed class CountedTimer(CountingClock clock) : ITimer
        {
            public ITimer Inner { get; set; } = null!;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    clock._active.Remove(this);
                }
                else
                {
                    clock.SetCount++;
                    clock._active.Add(this);
                }

                return Inner.Change(dueTime, period);
            }

            public void Dispose()
            {
                clock._active.Remove(this);
                Inner.Dispose();
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }
}
