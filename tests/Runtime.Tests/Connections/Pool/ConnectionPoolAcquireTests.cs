namespace ThriftBreaker.Runtime.Tests.Connections.Pool;

/// <summary>The connection that each call acquires, and when a connection is released or discarded.</summary>
public sealed class ConnectionPoolAcquireTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TestPool _pool = new(new ThriftChannelOptions { MaxConnections = 3 });

    [Fact]
    public void Pool_BeforeFirstAcquire_OpensNothing() => Assert.Empty(_pool.Opened);

    [Fact]
    public void Acquire_ReusesReleasedConnection()
    {
        var connection = _pool.AcquireNow();
        _pool.Release(connection);

        Assert.Same(connection, _pool.AcquireNow());
        Assert.Single(_pool.Opened);
    }

    [Fact]
    public void Acquire_ConnectionsInUse_OpensAnother()
        => Assert.Equal(3, _pool.AcquireNow(3).Distinct().Count());

    [Fact]
    public void Acquire_ReusesConnectionReleasedLast()
    {
        var connections = _pool.AcquireNow(3);
        _pool.Release(connections[1], connections[0], connections[2]);

        Assert.Equal([connections[2], connections[0], connections[1]], _pool.AcquireNow(3));
    }

    [Fact]
    public void Release_NotReusable_DiscardsConnection()
    {
        var connection = _pool.AcquireNow();
        _pool.Pool.Release(connection, reusable: false, replied: false);

        Assert.True(connection.IsClosed);
        Assert.NotSame(connection, _pool.AcquireNow());
    }

    [Fact]
    public void Acquire_DeadIdleConnection_OpensAnother()
    {
        var dead = _pool.AcquireNow();
        _pool.Release(dead);
        dead.HasDied = true;

        Assert.False(_pool.AcquireNow().HasDied);
        Assert.True(dead.IsClosed);
        _pool.AcquireNow(2);
    }

    [Fact]
    public void Release_WithConnectionPerCall_DiscardsConnection()
    {
        var pool = new TestPool(new ThriftChannelOptions { ConnectionPerCall = true });
        var connection = pool.AcquireNow();
        pool.Release(connection);

        Assert.True(connection.IsClosed);
        Assert.NotSame(connection, pool.AcquireNow());
    }

    [Fact]
    public async Task Acquire_AtMaxConnections_WaitsForRelease()
    {
        var connections = _pool.AcquireNow(3);
        var waiting = _pool.AcquireAsync();
        Assert.False(waiting.IsCompleted);

        _pool.Release(connections[1]);

        Assert.Same(connections[1], await WithinDeadline(waiting));
        Assert.Equal(3, _pool.Opened.Count);
    }

    [Fact]
    public async Task Acquire_WaitingCalls_AreServedInOrder()
    {
        var connections = _pool.AcquireNow(3);
        var waiting = Enumerable.Range(0, 20).Select(_ => _pool.AcquireAsync()).ToArray();

        foreach (var next in waiting)
        {
            Assert.Same(next, waiting.First(static acquire => !acquire.IsCompleted));
            _pool.Release(connections[0]);
            Assert.Same(connections[0], await WithinDeadline(next));
        }
    }

    [Fact]
    public async Task Acquire_LaterCall_IsNotServedBeforeWaitingCall()
    {
        var connections = _pool.AcquireNow(3);
        var first = _pool.AcquireAsync();
        _pool.Release(connections[0]);
        var second = _pool.AcquireAsync();

        Assert.Same(connections[0], await WithinDeadline(first));
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task Release_NotReusable_PassesSlotToWaitingCall()
    {
        var connections = _pool.AcquireNow(3);
        var waiting = _pool.AcquireAsync();

        _pool.Pool.Release(connections[0], reusable: false, replied: false);

        var replacement = await WithinDeadline(waiting);
        Assert.DoesNotContain(replacement, connections);
        Assert.Equal(3, _pool.Open);
    }

    [Fact]
    public async Task Release_DeadConnection_WaitingCallOpensAnother()
    {
        var connections = _pool.AcquireNow(3);
        var waiting = _pool.AcquireAsync();

        connections[0].HasDied = true;
        _pool.Release(connections[0]);

        Assert.DoesNotContain(await WithinDeadline(waiting), connections);
        Assert.True(connections[0].IsClosed);
    }

    [Fact]
    public async Task Acquire_ConnectFails_PassesSlotToWaitingCall()
    {
        var refused = new IOException("refused");
        var connecting = new TaskCompletionSource();
        _pool.AcquireNow(2);
        _pool.Connecting = _ => connecting.Task;
        var failing = _pool.AcquireAsync();
        var waiting = _pool.AcquireAsync();
        Assert.False(waiting.IsCompleted);

        _pool.Connecting = static _ => Task.CompletedTask;
        connecting.SetException(refused);

        Assert.Same(refused, await Assert.ThrowsAsync<IOException>(() => WithinDeadline(failing)));
        await WithinDeadline(waiting);
        Assert.Equal(3, _pool.Open);
    }

    [Fact]
    public async Task Acquire_AfterFailedConnects_AllSlotsAreAvailable()
    {
        _pool.Connecting = static _ => Task.FromException(new IOException("refused"));
        for (var call = 0; call < 20; call++)
        {
            await Assert.ThrowsAsync<IOException>(() => _pool.AcquireAsync());
        }

        _pool.Connecting = static _ => Task.CompletedTask;
        _pool.AcquireNow(3);
    }

    [Fact]
    public async Task Acquire_TimeoutWithoutReplies_ReportsServer()
    {
        var connections = _pool.AcquireNow(3);
        var waiting = _pool.AcquireAsync();
        _pool.Clock.Advance(TimeSpan.FromSeconds(5) - TestCircuit.Tick);
        Assert.False(waiting.IsCompleted);
        _pool.Clock.Advance(TestCircuit.Tick);

        var error = await Assert.ThrowsAsync<AcquireTimeoutException>(() => WithinDeadline(waiting));

        Assert.False(error.ServerResponded);
        Assert.Equal(
            "No connection to localhost:9090 (buffered, binary) became free within the AcquireTimeout of 5 s. The server has answered no call during the wait, and MaxConnections is 3. Check the server.",
            error.Message);
        _pool.Release(connections);
        _pool.AcquireNow(3);
    }

    [Fact]
    public async Task Acquire_TimeoutWithReplies_ReportsMaxConnections()
    {
        var connections = _pool.AcquireNow(3);
        var first = _pool.AcquireAsync();
        var second = _pool.AcquireAsync();
        _pool.Release(connections[0]);
        await WithinDeadline(first);
        _pool.Clock.Advance(TimeSpan.FromSeconds(5));

        var error = await Assert.ThrowsAsync<AcquireTimeoutException>(() => WithinDeadline(second));

        Assert.True(error.ServerResponded);
        Assert.EndsWith("The server responds, but there are more calls than MaxConnections (3) allows at a time.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_OnewayCalls_DoNotCountAsReplies()
    {
        var connections = _pool.AcquireNow(3);
        var first = _pool.AcquireAsync();
        var second = _pool.AcquireAsync();
        _pool.Pool.Release(connections[0], reusable: true, replied: false);
        Assert.Same(connections[0], await WithinDeadline(first));
        _pool.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.False((await Assert.ThrowsAsync<AcquireTimeoutException>(() => WithinDeadline(second))).ServerResponded);
    }

    [Fact]
    public async Task Acquire_WithTimeoutZero_DoesNotWait()
    {
        var pool = new TestPool(new ThriftChannelOptions { MaxConnections = 1, AcquireTimeout = TimeSpan.Zero });
        pool.AcquireNow();

        await Assert.ThrowsAsync<AcquireTimeoutException>(() => WithinDeadline(pool.AcquireAsync()));
    }

    [Fact]
    public async Task Acquire_WaitCancelled_HasCallersTokenAndNextIsServed()
    {
        using var cancellation = new CancellationTokenSource();
        var connections = _pool.AcquireNow(3);
        var cancelled = _pool.AcquireCancellableAsync(cancellation.Token);
        var next = _pool.AcquireAsync();

        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WithinDeadline(cancelled));
        Assert.Equal(cancellation.Token, error.CancellationToken);

        _pool.Release(connections[0]);
        Assert.Same(connections[0], await WithinDeadline(next));
    }

    [Fact]
    public async Task Acquire_ConnectCancelled_HasCallersToken()
    {
        using var cancellation = new CancellationTokenSource();
        _pool.Connecting = static token => Task.Delay(Timeout.Infinite, token);
        var acquire = _pool.AcquireCancellableAsync(cancellation.Token);

        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WithinDeadline(acquire));
        Assert.Equal(cancellation.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Replace_OpensAnotherInTheSameSlot()
    {
        var connections = _pool.AcquireNow(3);
        var replacement = await WithinDeadline(_pool.Pool.ReplaceAsync(connections[0], TestContext.Current.CancellationToken));

        Assert.True(connections[0].IsClosed);
        Assert.DoesNotContain(replacement, connections);
        _pool.Release(replacement, connections[1], connections[2]);
        Assert.Equal(3, _pool.Open);
    }

    [Fact]
    public async Task Replace_Fails_DeadConnectionIsReleased()
    {
        var connections = _pool.AcquireNow(3);
        _pool.Connecting = static _ => Task.FromException(new IOException("refused"));
        await Assert.ThrowsAsync<IOException>(() => _pool.Pool.ReplaceAsync(connections[0], TestContext.Current.CancellationToken));
        _pool.Pool.Release(connections[0], reusable: false, replied: false);

        _pool.Connecting = static _ => Task.CompletedTask;
        _pool.AcquireNow();
        Assert.Equal(3, _pool.Open);
    }

    [Fact]
    public void AcquireAndRelease_WithoutContention_AllocateNothing()
    {
        var pool = new ConnectionPool<TestConnection>(static _ => Task.FromResult(new TestConnection()), TestPool.Endpoint, new ThriftChannelOptions());

        Allocations.None(() =>
        {
            var acquire = pool.AcquireAsync(TimeSpan.Zero, CancellationToken.None);
            Assert.True(acquire.IsCompletedSuccessfully);
            pool.Release(acquire.GetAwaiter().GetResult(), reusable: true, replied: true);
        });
    }

    private static Task<T> WithinDeadline<T>(Task<T> acquire) => acquire.WaitAsync(Deadline, TestContext.Current.CancellationToken);
}
