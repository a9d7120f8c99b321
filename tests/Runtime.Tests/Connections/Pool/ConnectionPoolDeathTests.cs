namespace ThriftBreaker.Runtime.Tests.Connections.Pool;

/// <summary>A connection that died without a sign closes the idle ones that died with it.</summary>
public sealed class ConnectionPoolDeathTests
{
    private readonly TestPool _pool = new(new ThriftChannelOptions { MaxConnections = 4 });

    [Fact]
    public void CloseIdleLike_ClosesConnectionsWithoutReplySince()
    {
        var connections = _pool.AcquireNow(4);
        _pool.Release(connections);
        var dead = _pool.AcquireNow();

        _pool.Pool.CloseIdleLike(dead);

        Assert.All(connections.Except([dead]), static connection => Assert.True(connection.IsClosed));
        Assert.False(dead.IsClosed);
    }

    [Fact]
    public void CloseIdleLike_KeepsConnectionsWithReplySince()
    {
        var connections = _pool.AcquireNow(3);
        _pool.Release(connections);
        var dead = _pool.AcquireNow();
        var working = _pool.AcquireNow();
        _pool.Release(working);

        _pool.Pool.CloseIdleLike(dead);

        Assert.Equal([working], connections.Where(connection => connection != dead && !connection.IsClosed));
        Assert.Same(working, _pool.AcquireNow());
    }

    [Fact]
    public void CloseIdleLike_ClosesConnectionsReleasedWithoutReply()
    {
        var connections = _pool.AcquireNow(2);
        _pool.Release(connections);
        var dead = _pool.AcquireNow();
        var oneway = _pool.AcquireNow();
        _pool.Pool.Release(oneway, reusable: true, replied: false);

        _pool.Pool.CloseIdleLike(dead);

        Assert.True(oneway.IsClosed);
    }

    [Fact]
    public void CloseIdleLike_KeepsConnectionsInUse()
    {
        var inUse = _pool.AcquireNow();
        var dead = _pool.AcquireNow();
        _pool.Release(dead);
        Assert.Same(dead, _pool.AcquireNow());

        _pool.Pool.CloseIdleLike(dead);
        _pool.Release(inUse);

        Assert.False(inUse.IsClosed);
        Assert.Same(inUse, _pool.AcquireNow());
    }

    [Fact]
    public void CloseIdleLike_FreesSlots()
    {
        var connections = _pool.AcquireNow(4);
        _pool.Release(connections);
        var dead = _pool.AcquireNow();

        _pool.Pool.CloseIdleLike(dead);
        _pool.Pool.Release(dead, reusable: false, replied: false);

        Assert.Equal(0, _pool.Open);
        Assert.Equal(4, _pool.AcquireNow(4).Except(connections).Count());
    }

    [Fact]
    public async Task CloseIdleLike_DeadConnectionCameFromQueue_ComparesWithReplyBefore()
    {
        var connections = _pool.AcquireNow(4);
        var waiting = _pool.AcquireAsync();
        _pool.Release(connections[0]);
        var dead = await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        _pool.Release(connections[1]);

        _pool.Pool.CloseIdleLike(dead);

        Assert.Same(connections[0], dead);
        Assert.False(connections[1].IsClosed);
    }

    [Fact]
    public async Task Replace_ClosesIdleConnectionsToo()
    {
        var connections = _pool.AcquireNow(3);
        _pool.Release(connections);
        var dead = _pool.AcquireNow();

        var replacement = await _pool.Pool.ReplaceAsync(dead, CancellationToken.None);

        Assert.All(connections, static connection => Assert.True(connection.IsClosed));
        Assert.Equal(1, _pool.Open);
        Assert.False(replacement.IsClosed);
    }

    [Fact]
    public async Task CloseIdleLike_AfterShutdown_DoesNothing()
    {
        var connections = _pool.AcquireNow(2);
        _pool.Release(connections[0]);
        _pool.Pool.Close();

        _pool.Pool.CloseIdleLike(connections[1]);
        _pool.Pool.Release(connections[1], reusable: false, replied: false);

        await _pool.Pool.DrainAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(0, _pool.Open);
    }
}
