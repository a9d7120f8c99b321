using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>Connections that nobody uses, or that are too old, are closed; and nothing runs when there are none.</summary>
public sealed class PoolExpiryTests
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(10);

    [Fact]
    public void AFreeConnectionIsClosedAtItsIdleTimeout()
    {
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout });
        pool.Return(pool.LeaseNow());

        pool.Clock.Advance(IdleTimeout - TestCircuit.Tick);
        Assert.Equal(1, pool.Open);
        pool.Clock.Advance(TestCircuit.Tick);

        Assert.Equal(0, pool.Open);
    }

    [Fact]
    public void EachUseBeginsTheTimeAnew()
    {
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout });
        for (var use = 0; use < 5; use++)
        {
            pool.Return(pool.LeaseNow());
            pool.Clock.Advance(IdleTimeout - TestCircuit.Tick);
        }

        Assert.Single(pool.Opened);
        Assert.Equal(1, pool.Open);
        pool.Clock.Advance(TestCircuit.Tick);
        Assert.Equal(0, pool.Open);
    }

    [Fact]
    public void AConnectionInUseDoesNotExpire()
    {
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout, MaxConnectionAge = Age });
        var connection = pool.LeaseNow();
        pool.Clock.Advance(Age * 2);

        Assert.False(connection.IsClosed);
    }

    [Fact]
    public void ThoseThatHaveBeenFreeForLongestGoFirstAndMinIdleStay()
    {
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout, MinIdleConnections = 1 });
        var connections = pool.LeaseNow(3);
        foreach (var connection in connections)
        {
            pool.Return(connection);
            pool.Clock.Advance(IdleTimeout / 4);
        }

        pool.Clock.Advance(IdleTimeout / 4);
        Assert.Equal([true, false, false], connections.Select(static connection => connection.IsClosed));
        pool.Clock.Advance(IdleTimeout * 100);
        Assert.Equal([true, true, false], connections.Select(static connection => connection.IsClosed));
    }

    [Fact]
    public void WithoutAnIdleTimeoutAFreeConnectionStays()
    {
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = null });
        pool.Return(pool.LeaseNow());
        pool.Clock.Advance(TimeSpan.FromDays(100));

        Assert.Equal(1, pool.Open);
    }

    [Fact]
    public void AFreeConnectionThatIsTooOldIsClosedEvenIfMinIdleWouldKeepIt()
    {
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = null, MaxConnectionAge = Age, MinIdleConnections = 10 });
        pool.Return(pool.LeaseNow());

        pool.Clock.Advance(Age - TestCircuit.Tick);
        Assert.Equal(1, pool.Open);
        pool.Clock.Advance(TestCircuit.Tick);

        Assert.Equal(0, pool.Open);
    }

    [Fact]
    public void AConnectionThatIsTooOldWhenItIsReturnedIsClosed()
    {
        var pool = new TestPool(new ThriftChannelOptions { MaxConnectionAge = Age });
        var connection = pool.LeaseNow();
        pool.Clock.Advance(Age);
        pool.Return(connection);

        Assert.True(connection.IsClosed);
        Assert.NotSame(connection, pool.LeaseNow());
    }

    [Fact]
    public void AgeCountsFromTheOpeningAndNotFromTheLastUse()
    {
        var pool = new TestPool(new ThriftChannelOptions { MaxConnectionAge = Age });
        for (var minute = 0; minute < 10; minute++)
        {
            pool.Return(pool.LeaseNow());
            pool.Clock.Advance(TimeSpan.FromSeconds(59));
        }

        Assert.Single(pool.Opened);
        pool.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, pool.Open);
    }

    [Fact]
    public void ThePlacesOfExpiredConnectionsAreFree()
    {
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout, MaxConnections = 3 });
        pool.Return(pool.LeaseNow(3));
        pool.Clock.Advance(IdleTimeout);

        pool.LeaseNow(3);
        Assert.Equal(6, pool.Opened.Count);
    }

    [Fact]
    public void NoTimerRunsWhileNoFreeConnectionCanExpire()
    {
        var clock = new CountingClock();
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout, MinIdleConnections = 1 }, clock);
        var connections = pool.LeaseNow(3);
        Assert.Equal(0, clock.Running);
        pool.Return(connections[0]);
        Assert.Equal(0, clock.Running);

        pool.Return(connections[1], connections[2]);
        Assert.Equal(1, clock.Running);
        clock.Advance(IdleTimeout);

        Assert.Equal(1, pool.Open);
        Assert.Equal(0, clock.Running);
    }

    [Fact]
    public void TheTimerIsNotSetForEachCall()
    {
        var clock = new CountingClock();
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout }, clock);
        for (var call = 0; call < 100; call++)
        {
            pool.Return(pool.LeaseNow());
            clock.Advance(TestCircuit.Tick);
        }

        Assert.Equal(1, clock.Settings);
    }

    [Fact]
    public void TheTimerOfAClosedPoolIsGone()
    {
        var clock = new CountingClock();
        var pool = new TestPool(new ThriftChannelOptions { IdleTimeout = IdleTimeout }, clock);
        pool.Return(pool.LeaseNow());
        pool.Pool.Close();

        Assert.Equal(0, clock.Running);
    }

    /// <summary>Counts timers that are set to run out.</summary>
    private sealed class CountingClock : FakeTimeProvider
    {
        private readonly HashSet<CountedTimer> _running = [];

        public int Running => _running.Count;

        public int Settings { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new CountedTimer(this);
            timer.Inner = base.CreateTimer(
                given =>
                {
                    _running.Remove(timer);
                    callback(given);
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
                    clock._running.Remove(this);
                }
                else
                {
                    clock.Settings++;
                    clock._running.Add(this);
                }

                return Inner.Change(dueTime, period);
            }

            public void Dispose()
            {
                clock._running.Remove(this);
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
