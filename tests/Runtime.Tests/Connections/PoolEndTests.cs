namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>A pool ends in good order: nothing new begins, what is under way ends, nothing stays open.</summary>
public sealed class PoolEndTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(7);

    private readonly TestPool _pool = new(new ThriftChannelOptions { MaxConnections = 3, DrainTimeout = DrainTimeout });

    [Fact]
    public async Task AClosedPoolLendsNothingAndClosesWhatIsFree()
    {
        _pool.Return(_pool.LeaseNow(2));
        _pool.Pool.Close();
        _pool.Pool.Close();

        Assert.Equal(0, _pool.Open);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _pool.LeaseAsync());
    }

    [Fact]
    public async Task WhoWaitsIsSentAway()
    {
        _pool.LeaseNow(3);
        var waiting = Enumerable.Range(0, 5).Select(_ => _pool.LeaseAsync()).ToArray();
        _pool.Pool.Close();

        var errors = await Task.WhenAll(waiting.Select(lease => Assert.ThrowsAsync<ObjectDisposedException>(() => lease.WaitAsync(Deadline, TestContext.Current.CancellationToken))));
        Assert.Equal(5, errors.Distinct().Count());
    }

    [Fact]
    public void AConnectionThatIsReturnedToAClosedPoolIsClosed()
    {
        var connection = _pool.LeaseNow();
        _pool.Pool.Close();
        Assert.False(connection.IsClosed);
        _pool.Return(connection);

        Assert.True(connection.IsClosed);
    }

    [Fact]
    public async Task AnEmptyPoolIsDrainedAtOnce() => await Soon(_pool.Pool.DrainAsync());

    [Fact]
    public async Task APoolWithFreeConnectionsOnlyIsDrainedAtOnce()
    {
        _pool.Return(_pool.LeaseNow(3));

        await Soon(_pool.Pool.DrainAsync());
        Assert.Equal(0, _pool.Open);
    }

    [Fact]
    public async Task DrainingWaitsForTheCallsUnderWay()
    {
        var connections = _pool.LeaseNow(2);
        var drained = _pool.Pool.DrainAsync();
        _pool.Return(connections[0]);
        Assert.False(drained.IsCompleted);
        _pool.Pool.Return(connections[1], reusable: false, answered: false);

        await Soon(drained);
        Assert.Equal(0, _pool.Open);
        Assert.DoesNotContain(connections, static connection => connection.IsCutOff);
    }

    [Fact]
    public async Task AtTheDrainTimeoutWhatIsLeftIsCutOff()
    {
        var connections = _pool.LeaseNow(2);
        var drained = _pool.Pool.DrainAsync();
        _pool.Return(connections[0]);
        _pool.Clock.Advance(DrainTimeout - TestCircuit.Tick);
        Assert.False(drained.IsCompleted);
        _pool.Clock.Advance(TestCircuit.Tick);

        await Soon(drained);
        Assert.Equal([false, true], connections.Select(static connection => connection.IsCutOff));
    }

    [Fact]
    public async Task ADrainTimeoutOfZeroDoesNotWait()
    {
        var pool = new TestPool(new ThriftChannelOptions { DrainTimeout = TimeSpan.Zero });
        var connection = pool.LeaseNow();

        await Soon(pool.Pool.DrainAsync());
        Assert.True(connection.IsCutOff);
    }

    [Fact]
    public async Task AConnectUnderWayMayEnd()
    {
        var connecting = new TaskCompletionSource();
        _pool.Connecting = _ => connecting.Task;
        var lease = _pool.LeaseAsync();
        var drained = _pool.Pool.DrainAsync();
        connecting.SetResult();
        var connection = await lease.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.False(drained.IsCompleted);

        _pool.Return(connection);
        await Soon(drained);
        Assert.True(connection.IsClosed);
    }

    [Fact]
    public async Task AConnectUnderWayIsCutOffAtTheDrainTimeout()
    {
        _pool.Connecting = static token => Task.Delay(Timeout.Infinite, token);
        var lease = _pool.LeaseAsync();
        var drained = _pool.Pool.DrainAsync();
        _pool.Clock.Advance(DrainTimeout);

        await Soon(drained);
        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => lease.WaitAsync(Deadline, TestContext.Current.CancellationToken));
        Assert.Equal("The channel to localhost:9090 (buffered, binary) was disposed, and this call had not ended within the DrainTimeout of 7 s.", error.Message);
    }

    [Fact]
    public async Task AConnectionThatIsOpenedTooLateIsClosed()
    {
        var connecting = new TaskCompletionSource();
        _pool.Connecting = _ => connecting.Task;
        var lease = _pool.LeaseAsync();
        var drained = _pool.Pool.DrainAsync();
        _pool.Clock.Advance(DrainTimeout);
        await Soon(drained);
        connecting.SetResult();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => lease.WaitAsync(Deadline, TestContext.Current.CancellationToken));
        Assert.True(Assert.Single(_pool.Opened).IsClosed);
    }

    [Fact]
    public async Task SeveralMayWaitForTheEnd()
    {
        var connection = _pool.LeaseNow();
        var first = _pool.Pool.DrainAsync();
        var second = _pool.Pool.DrainAsync();
        _pool.Return(connection);

        await Soon(first);
        await Soon(second);
    }

    private static Task Soon(Task drained) => drained.WaitAsync(Deadline, TestContext.Current.CancellationToken);
}
