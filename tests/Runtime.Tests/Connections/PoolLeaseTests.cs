namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>Who gets which connection.</summary>
public sealed class PoolLeaseTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TestPool _pool = new(new ThriftChannelOptions { MaxConnections = 3 });

    [Fact]
    public void NothingIsOpenedBeforeTheFirstLease() => Assert.Empty(_pool.Opened);

    [Fact]
    public void AReturnedConnectionIsLentAgain()
    {
        var connection = _pool.LeaseNow();
        _pool.Return(connection);

        Assert.Same(connection, _pool.LeaseNow());
        Assert.Single(_pool.Opened);
    }

    [Fact]
    public void NobodyGetsAConnectionThatAnotherHas()
        => Assert.Equal(3, _pool.LeaseNow(3).Distinct().Count());

    [Fact]
    public void TheOneThatWasUsedLastIsLentFirst()
    {
        var connections = _pool.LeaseNow(3);
        _pool.Return(connections[1], connections[0], connections[2]);

        Assert.Equal([connections[2], connections[0], connections[1]], _pool.LeaseNow(3));
    }

    [Fact]
    public void AConnectionWhoseCallWasNotAnsweredIsClosedAndNotLentAgain()
    {
        var connection = _pool.LeaseNow();
        _pool.Pool.Return(connection, reusable: false, answered: false);

        Assert.True(connection.IsClosed);
        Assert.NotSame(connection, _pool.LeaseNow());
    }

    [Fact]
    public void AFreeConnectionThatHasDiedIsReplacedBeforeItIsLent()
    {
        var dead = _pool.LeaseNow();
        _pool.Return(dead);
        dead.HasDied = true;

        Assert.False(_pool.LeaseNow().HasDied);
        Assert.True(dead.IsClosed);
        _pool.LeaseNow(2);
    }

    [Fact]
    public void ConnectionPerCallKeepsNone()
    {
        var pool = new TestPool(new ThriftChannelOptions { ConnectionPerCall = true });
        var connection = pool.LeaseNow();
        pool.Return(connection);

        Assert.True(connection.IsClosed);
        Assert.NotSame(connection, pool.LeaseNow());
    }

    [Fact]
    public async Task ACallTooManyWaitsForTheFirstConnectionThatIsReturned()
    {
        var connections = _pool.LeaseNow(3);
        var waiting = _pool.LeaseAsync();
        Assert.False(waiting.IsCompleted);

        _pool.Return(connections[1]);

        Assert.Same(connections[1], await Soon(waiting));
        Assert.Equal(3, _pool.Opened.Count);
    }

    [Fact]
    public async Task WhoHasWaitedLongestIsServedFirst()
    {
        var connections = _pool.LeaseNow(3);
        var waiting = Enumerable.Range(0, 20).Select(_ => _pool.LeaseAsync()).ToArray();

        foreach (var next in waiting)
        {
            Assert.Same(next, waiting.First(static lease => !lease.IsCompleted));
            _pool.Return(connections[0]);
            Assert.Same(connections[0], await Soon(next));
        }
    }

    [Fact]
    public async Task WhoComesLaterIsNotServedBeforeWhoWaits()
    {
        var connections = _pool.LeaseNow(3);
        var first = _pool.LeaseAsync();
        _pool.Return(connections[0]);
        var second = _pool.LeaseAsync();

        Assert.Same(connections[0], await Soon(first));
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task ThePlaceOfAConnectionThatWasClosedGoesToWhoWaits()
    {
        var connections = _pool.LeaseNow(3);
        var waiting = _pool.LeaseAsync();

        _pool.Pool.Return(connections[0], reusable: false, answered: false);

        var fresh = await Soon(waiting);
        Assert.DoesNotContain(fresh, connections);
        Assert.Equal(3, _pool.Open);
    }

    [Fact]
    public async Task WhoIsServedWithAConnectionThatDiedMeanwhileGetsANewOne()
    {
        var connections = _pool.LeaseNow(3);
        var waiting = _pool.LeaseAsync();

        connections[0].HasDied = true;
        _pool.Return(connections[0]);

        Assert.DoesNotContain(await Soon(waiting), connections);
        Assert.True(connections[0].IsClosed);
    }

    [Fact]
    public async Task AFailedConnectReachesItsCallerAndLeavesItsPlaceToTheNext()
    {
        var refused = new IOException("refused");
        var connecting = new TaskCompletionSource();
        _pool.LeaseNow(2);
        _pool.Connecting = _ => connecting.Task;
        var failing = _pool.LeaseAsync();
        var waiting = _pool.LeaseAsync();
        Assert.False(waiting.IsCompleted);

        _pool.Connecting = static _ => Task.CompletedTask;
        connecting.SetException(refused);

        Assert.Same(refused, await Assert.ThrowsAsync<IOException>(() => Soon(failing)));
        await Soon(waiting);
        Assert.Equal(3, _pool.Open);
    }

    [Fact]
    public async Task AfterAnOutageEveryPlaceIsThereAgain()
    {
        _pool.Connecting = static _ => Task.FromException(new IOException("refused"));
        for (var call = 0; call < 20; call++)
        {
            await Assert.ThrowsAsync<IOException>(() => _pool.LeaseAsync());
        }

        _pool.Connecting = static _ => Task.CompletedTask;
        _pool.LeaseNow(3);
    }

    [Fact]
    public async Task AWaitThatNoAnswerEndsSaysThatTheServerHangs()
    {
        var connections = _pool.LeaseNow(3);
        var waiting = _pool.LeaseAsync();
        _pool.Clock.Advance(TimeSpan.FromSeconds(5) - TestCircuit.Tick);
        Assert.False(waiting.IsCompleted);
        _pool.Clock.Advance(TestCircuit.Tick);

        var error = await Assert.ThrowsAsync<AcquireTimeoutException>(() => Soon(waiting));

        Assert.False(error.ServerResponded);
        Assert.Equal(
            "No connection to localhost:9090 (buffered, binary) became free within the AcquireTimeout of 5 s. The server has answered no call during the wait, and MaxConnections is 3. Check the server.",
            error.Message);
        _pool.Return(connections);
        _pool.LeaseNow(3);
    }

    [Fact]
    public async Task AWaitDuringWhichOthersWereAnsweredSaysThatThereAreTooManyCalls()
    {
        var connections = _pool.LeaseNow(3);
        var first = _pool.LeaseAsync();
        var second = _pool.LeaseAsync();
        _pool.Return(connections[0]);
        await Soon(first);
        _pool.Clock.Advance(TimeSpan.FromSeconds(5));

        var error = await Assert.ThrowsAsync<AcquireTimeoutException>(() => Soon(second));

        Assert.True(error.ServerResponded);
        Assert.EndsWith("The server responds, but there are more calls than MaxConnections (3) allows at a time.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACallThatWaitedForNoAnswerIsNoSignOfLife()
    {
        var connections = _pool.LeaseNow(3);
        var first = _pool.LeaseAsync();
        var second = _pool.LeaseAsync();
        _pool.Pool.Return(connections[0], reusable: true, answered: false);
        Assert.Same(connections[0], await Soon(first));
        _pool.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.False((await Assert.ThrowsAsync<AcquireTimeoutException>(() => Soon(second))).ServerResponded);
    }

    [Fact]
    public async Task ALeaseTimeoutOfZeroDoesNotWait()
    {
        var pool = new TestPool(new ThriftChannelOptions { MaxConnections = 1, AcquireTimeout = TimeSpan.Zero });
        pool.LeaseNow();

        await Assert.ThrowsAsync<AcquireTimeoutException>(() => Soon(pool.LeaseAsync()));
    }

    [Fact]
    public async Task ACancelledWaitEndsWithTheCallersTokenAndTheConnectionGoesToTheNext()
    {
        using var impatience = new CancellationTokenSource();
        var connections = _pool.LeaseNow(3);
        var cancelled = _pool.LeaseUntilAsync(impatience.Token);
        var next = _pool.LeaseAsync();

        await impatience.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(cancelled));
        Assert.Equal(impatience.Token, error.CancellationToken);

        _pool.Return(connections[0]);
        Assert.Same(connections[0], await Soon(next));
    }

    [Fact]
    public async Task ACancelledConnectEndsWithTheCallersToken()
    {
        using var impatience = new CancellationTokenSource();
        _pool.Connecting = static token => Task.Delay(Timeout.Infinite, token);
        var lease = _pool.LeaseUntilAsync(impatience.Token);

        await impatience.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(lease));
        Assert.Equal(impatience.Token, error.CancellationToken);
    }

    [Fact]
    public async Task ADeadConnectionIsReplacedInItsPlace()
    {
        var connections = _pool.LeaseNow(3);
        var fresh = await Soon(_pool.Pool.ReplaceAsync(connections[0], TestContext.Current.CancellationToken));

        Assert.True(connections[0].IsClosed);
        Assert.DoesNotContain(fresh, connections);
        _pool.Return(fresh, connections[1], connections[2]);
        Assert.Equal(3, _pool.Open);
    }

    [Fact]
    public async Task IfNoReplacementCanBeOpenedTheDeadOneIsReturned()
    {
        var connections = _pool.LeaseNow(3);
        _pool.Connecting = static _ => Task.FromException(new IOException("refused"));
        await Assert.ThrowsAsync<IOException>(() => _pool.Pool.ReplaceAsync(connections[0], TestContext.Current.CancellationToken));
        _pool.Pool.Return(connections[0], reusable: false, answered: false);

        _pool.Connecting = static _ => Task.CompletedTask;
        _pool.LeaseNow();
        Assert.Equal(3, _pool.Open);
    }

    [Fact]
    public void AnUncontendedLeaseAndReturnAllocateNothing()
    {
        var pool = new ConnectionPool<TestConnection>(static _ => Task.FromResult(new TestConnection()), TestPool.Endpoint, new ThriftChannelOptions());

        Allocations.None(() =>
        {
            var lease = pool.LeaseAsync(TimeSpan.Zero, CancellationToken.None);
            Assert.True(lease.IsCompletedSuccessfully);
            pool.Return(lease.GetAwaiter().GetResult(), reusable: true, answered: true);
        });
    }

    private static Task<T> Soon<T>(Task<T> lease) => lease.WaitAsync(Deadline, TestContext.Current.CancellationToken);
}
