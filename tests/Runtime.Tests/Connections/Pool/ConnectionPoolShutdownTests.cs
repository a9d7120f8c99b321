namespace ThriftBreaker.Runtime.Tests.Connections.Pool;

/// <summary>
/// A pool shuts down in order: new calls are rejected, in-flight calls end, no connection stays open.
/// </summary>
public sealed class ConnectionPoolShutdownTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(7);

    private readonly TestPool _pool = new(new ThriftChannelOptions { MaxConnections = 3, DrainTimeout = DrainTimeout });

    [Fact]
    public async Task Close_ClosesIdleConnectionsAndRejectsNewCalls()
    {
        _pool.Release(_pool.AcquireNow(2));
        _pool.Pool.Close();
        _pool.Pool.Close();

        Assert.Equal(0, _pool.Open);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _pool.AcquireAsync());
    }

    [Fact]
    public async Task Close_RejectsWaitingCalls()
    {
        _pool.AcquireNow(3);
        var waiting = Enumerable.Range(0, 5).Select(_ => _pool.AcquireAsync()).ToArray();
        _pool.Pool.Close();

        var errors = await Task.WhenAll(waiting.Select(acquire => Assert.ThrowsAsync<ObjectDisposedException>(() => acquire.WaitAsync(Deadline, TestContext.Current.CancellationToken))));
        Assert.Equal(5, errors.Distinct().Count());
    }

    [Fact]
    public void Release_AfterClose_ClosesConnection()
    {
        var connection = _pool.AcquireNow();
        _pool.Pool.Close();
        Assert.False(connection.IsClosed);
        _pool.Release(connection);

        Assert.True(connection.IsClosed);
    }

    [Fact]
    public async Task Drain_EmptyPool_CompletesAtOnce() => await WithinDeadline(_pool.Pool.DrainAsync());

    [Fact]
    public async Task Drain_IdleConnectionsOnly_CompletesAtOnce()
    {
        _pool.Release(_pool.AcquireNow(3));

        await WithinDeadline(_pool.Pool.DrainAsync());
        Assert.Equal(0, _pool.Open);
    }

    [Fact]
    public async Task Drain_WaitsForInFlightCalls()
    {
        var connections = _pool.AcquireNow(2);
        var drained = _pool.Pool.DrainAsync();
        _pool.Release(connections[0]);
        Assert.False(drained.IsCompleted);
        _pool.Pool.Release(connections[1], reusable: false, replied: false);

        await WithinDeadline(drained);
        Assert.Equal(0, _pool.Open);
        Assert.DoesNotContain(connections, static connection => connection.IsAborted);
    }

    [Fact]
    public async Task Drain_AtTimeout_AbortsRemainingCalls()
    {
        var connections = _pool.AcquireNow(2);
        var drained = _pool.Pool.DrainAsync();
        _pool.Release(connections[0]);
        _pool.Clock.Advance(DrainTimeout - TestCircuit.Tick);
        Assert.False(drained.IsCompleted);
        _pool.Clock.Advance(TestCircuit.Tick);

        await WithinDeadline(drained);
        Assert.Equal([false, true], connections.Select(static connection => connection.IsAborted));
    }

    [Fact]
    public async Task Drain_WithTimeoutZero_DoesNotWait()
    {
        var pool = new TestPool(new ThriftChannelOptions { DrainTimeout = TimeSpan.Zero });
        var connection = pool.AcquireNow();

        await WithinDeadline(pool.Pool.DrainAsync());
        Assert.True(connection.IsAborted);
    }

    [Fact]
    public async Task Drain_WaitsForConnectAttempt()
    {
        var connecting = new TaskCompletionSource();
        _pool.Connecting = _ => connecting.Task;
        var acquire = _pool.AcquireAsync();
        var drained = _pool.Pool.DrainAsync();
        connecting.SetResult();
        var connection = await acquire.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.False(drained.IsCompleted);

        _pool.Release(connection);
        await WithinDeadline(drained);
        Assert.True(connection.IsClosed);
    }

    [Fact]
    public async Task Drain_AtTimeout_AbortsConnectAttempt()
    {
        _pool.Connecting = static token => Task.Delay(Timeout.Infinite, token);
        var acquire = _pool.AcquireAsync();
        var drained = _pool.Pool.DrainAsync();
        _pool.Clock.Advance(DrainTimeout);

        await WithinDeadline(drained);
        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => acquire.WaitAsync(Deadline, TestContext.Current.CancellationToken));
        Assert.Equal("The channel to localhost:9090 (buffered, binary) was disposed, and this call had not ended within the DrainTimeout of 7 s.", error.Message);
    }

    [Fact]
    public async Task Drain_ConnectionOpenedAfterTimeout_IsClosed()
    {
        var connecting = new TaskCompletionSource();
        _pool.Connecting = _ => connecting.Task;
        var acquire = _pool.AcquireAsync();
        var drained = _pool.Pool.DrainAsync();
        _pool.Clock.Advance(DrainTimeout);
        await WithinDeadline(drained);
        connecting.SetResult();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => acquire.WaitAsync(Deadline, TestContext.Current.CancellationToken));
        Assert.True(Assert.Single(_pool.Opened).IsClosed);
    }

    [Fact]
    public async Task Drain_ConcurrentCalls_AllComplete()
    {
        var connection = _pool.AcquireNow();
        var first = _pool.Pool.DrainAsync();
        var second = _pool.Pool.DrainAsync();
        _pool.Release(connection);

        await WithinDeadline(first);
        await WithinDeadline(second);
    }

    private static Task WithinDeadline(Task drained) => drained.WaitAsync(Deadline, TestContext.Current.CancellationToken);
}
