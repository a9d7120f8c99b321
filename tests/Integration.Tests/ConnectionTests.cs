using Circuit.Calculators;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>When connections are opened, kept and closed.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task NothingIsConnectedBeforeTheFirstCall()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port);
        Assert.Equal(0, front.Accepted);
        await guarded.EchoAsync(1);
        Assert.Equal(1, front.Accepted);
    }

    [Fact]
    public async Task CallsOneAfterTheOtherShareAConnection()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port);
        await guarded.EchoAsync(50);
        Assert.Equal(1, front.Accepted);
    }

    [Fact]
    public async Task ConnectionPerCallOpensOneForEachCallAndClosesIt()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port, options: new ThriftChannelOptions { ConnectionPerCall = true });
        await guarded.EchoAsync(10);
        Assert.Equal(10, front.Accepted);
        await Deadline.UntilAsync(() => front.Open == 0, "every connection is closed after its call");
    }

    [Fact]
    public async Task ACallThatFindsTheConnectionInUseOpensAnotherOne()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port);

        var slow = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.SlowCallArrivesAsync();
        await guarded.EchoAsync(5);
        server.Handler.Release();

        Assert.Equal(CalculatorHandler.UntilReleased, await slow);
        Assert.Equal(2, front.Accepted);
        Assert.Equal(2, front.Open);
    }

    [Fact]
    public async Task NoMoreConnectionsAreOpenThanMayBe()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port, options: new ThriftChannelOptions { MaxConnections = 2 });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(() => guarded.EchoAsync(50, $"caller {caller}"), TestContext.Current.CancellationToken)));

        Assert.Equal(2, front.Accepted);
    }

    [Fact]
    public async Task ACallThatCannotBeTimedGivesItsConnectionBack()
    {
        await using var server = CalculatorServer.Start();

        // The first timer is that of the connect, the second that of the call.
        await using var client = Unprotected.Connect(
            new ThriftChannel(WireFormat.Default.At(server.Port), new ThriftChannelOptions { MaxConnections = 1, MaxConcurrentCalls = 1, TimeProvider = new OneTimerShort(2) }));

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.echo("lost", TestContext.Current.CancellationToken));

        Assert.Equal("next", await client.echo("next", TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AConnectionThatNoCallNeedsIsClosed()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port, options: new ThriftChannelOptions { IdleTimeout = TimeSpan.FromSeconds(30) });
        await guarded.EchoAsync(1);

        guarded.Clock.Advance(TimeSpan.FromSeconds(30));
        await Deadline.UntilAsync(() => front.Open == 0, "the idle connection is closed");

        await guarded.EchoAsync(1);
        Assert.Equal(2, front.Accepted);
    }

    [Fact]
    public async Task ACallThatFindsNoFreeConnectionOfAServerThatHangsIsAFailure()
    {
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port, options: new ThriftChannelOptions { MaxConnections = 1 });
        var slow = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.SlowCallArrivesAsync();

        var second = guarded.Client.ping(TestContext.Current.CancellationToken);
        await guarded.TimesOutAsync(second);

        var error = await Assert.ThrowsAsync<AcquireTimeoutException>(() => second);
        Assert.Contains("within the AcquireTimeout of 5 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        server.Handler.Release();
        Assert.Equal(CalculatorHandler.UntilReleased, await slow);
        await guarded.EchoAsync(1);
    }

    [Fact]
    public async Task ACallBeyondTheBulkheadIsRejectedAndDoesNotCount()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port, options: new ThriftChannelOptions { MaxConcurrentCalls = 1, MaxQueuedCalls = 1 });
        await Assert.ThrowsAsync<Thrift.TApplicationException>(() => guarded.Client.crash(TestContext.Current.CancellationToken));
        var slow = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.SlowCallArrivesAsync();
        var queued = guarded.Client.echo("queued", TestContext.Current.CancellationToken);

        for (var call = 0; call < 5; call++)
        {
            await Assert.ThrowsAsync<BulkheadFullException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));
        }

        Assert.Equal((CircuitState.Closed, 1), (guarded.CircuitBreaker.State, guarded.CircuitBreaker.FailureCount));
        server.Handler.Release();
        Assert.Equal(CalculatorHandler.UntilReleased, await slow);
        Assert.Equal("queued", await queued.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal(1, front.Accepted);
    }

    [Fact]
    public async Task AnIdleConnectionThatTheServerClosedCostsNoCall()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port);
        await guarded.EchoAsync(1);

        await front.HangUpAsync();

        await guarded.EchoAsync(1);
        Assert.Equal(2, front.Accepted);
        Assert.Null(guarded.CircuitBreaker.LastFailure);
    }

    [Fact]
    public async Task ADisposedClientClosesItsConnectionAndSaysSo()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        var guarded = new Guarded(front.Port);
        await guarded.EchoAsync(1);

        await guarded.DisposeAsync();

        await Deadline.UntilAsync(() => front.Open == 0, "the kept connection is closed");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task ACallUnderWayOutlivesTheDisposalWhichWaitsForIt()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        var guarded = new Guarded(front.Port);

        var slow = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.SlowCallArrivesAsync();
        var ended = guarded.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));
        Assert.False(ended.IsCompleted);
        server.Handler.Release();

        Assert.Equal(CalculatorHandler.UntilReleased, await slow);
        await ended.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
        await Deadline.UntilAsync(() => front.Open == 0, "the connection is closed after the call");
    }

    [Fact]
    public async Task ACallThatOutlivesTheDrainTimeoutIsCutOffAndDoesNotCount()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        var guarded = new Guarded(front.Port, options: new ThriftChannelOptions { DrainTimeout = TimeSpan.FromSeconds(3) });

        var slow = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.SlowCallArrivesAsync();
        var ended = guarded.DisposeAsync().AsTask();
        guarded.Clock.Advance(TimeSpan.FromSeconds(3));

        await ended.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => slow.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Contains("within the DrainTimeout of 3 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
        await Deadline.UntilAsync(() => front.Open == 0, "the connection is closed");
    }

    [Theory]
    [InlineData(CallOutcome.Success, CircuitState.Closed)]
    [InlineData(CallOutcome.Failure, CircuitState.Open)]
    [InlineData(CallOutcome.Ignored, CircuitState.HalfOpen)]
    public async Task ATicketThatIsCompletedAfterTheDisposalCountsAsEver(CallOutcome late, CircuitState expected)
    {
        await using var server = CalculatorServer.Start();
        var guarded = new Guarded(server.Port);
        guarded.CircuitBreaker.HalfOpen();
        Assert.True(guarded.CircuitBreaker.TryEnter(out var probe));

        await guarded.DisposeAsync();
        probe.Complete(late);

        Assert.Equal(expected, guarded.CircuitBreaker.State);
        guarded.Clock.Advance(guarded.CircuitBreaker.RetryAfter ?? TimeSpan.Zero);
        Assert.True(guarded.CircuitBreaker.TryEnter(out _));
    }

    /// <summary>A clock that makes all timers but one.</summary>
    private sealed class OneTimerShort(int missing) : TimeProvider
    {
        private int _timers;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => Interlocked.Increment(ref _timers) == missing ? throw new InvalidOperationException("No timer is left.") : base.CreateTimer(callback, state, dueTime, period);
    }
}
