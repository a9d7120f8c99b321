using Circuit.Calculators;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>When connections are opened, released, discarded and closed.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task FirstCall_OpensTheConnection()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port);
        Assert.Equal(0, proxy.AcceptedCount);
        await guarded.EchoAsync(1);
        Assert.Equal(1, proxy.AcceptedCount);
    }

    [Fact]
    public async Task SequentialCalls_ShareAConnection()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port);
        await guarded.EchoAsync(50);
        Assert.Equal(1, proxy.AcceptedCount);
    }

    [Fact]
    public async Task ConnectionPerCall_OpensAndClosesOnePerCall()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port, options: new ThriftChannelOptions { ConnectionPerCall = true });
        await guarded.EchoAsync(10);
        Assert.Equal(10, proxy.AcceptedCount);
        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "every connection is closed after its call");
    }

    [Fact]
    public async Task ConnectionInUse_NextCallOpensAnother()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port);

        var slow = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.WaitForSlowCallAsync();
        await guarded.EchoAsync(5);
        server.Handler.Release();

        Assert.Equal(CalculatorHandler.UntilReleased, await slow);
        Assert.Equal(2, proxy.AcceptedCount);
        Assert.Equal(2, proxy.OpenCount);
    }

    [Fact]
    public async Task MaxConnections_IsNotExceeded()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port, options: new ThriftChannelOptions { MaxConnections = 2 });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(() => guarded.EchoAsync(50, $"caller {caller}"), TestContext.Current.CancellationToken)));

        Assert.Equal(2, proxy.AcceptedCount);
    }

    [Fact]
    public async Task TimerCreationFails_ReleasesConnection()
    {
        await using var server = CalculatorServer.Start();

        // The first timer is that of the connect attempt, the second that of the call.
        await using var client = Unprotected.Connect(
            new ThriftChannel(WireFormat.Default.At(server.Port), new ThriftChannelOptions { MaxConnections = 1, MaxConcurrentCalls = 1, TimeProvider = new FailingTimerProvider(2) }));

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.echo("lost", TestContext.Current.CancellationToken));

        Assert.Equal("next", await client.echo("next", TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task IdleTimeout_ClosesConnection()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port, options: new ThriftChannelOptions { IdleTimeout = TimeSpan.FromSeconds(30) });
        await guarded.EchoAsync(1);

        guarded.Clock.Advance(TimeSpan.FromSeconds(30));
        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "the idle connection is closed");

        await guarded.EchoAsync(1);
        Assert.Equal(2, proxy.AcceptedCount);
    }

    [Fact]
    public async Task AcquireTimeout_WithHangingServer_IsAFailure()
    {
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port, options: new ThriftChannelOptions { MaxConnections = 1 });
        var slow = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.WaitForSlowCallAsync();

        var second = guarded.Client.ping(TestContext.Current.CancellationToken);
        await guarded.AdvanceUntilTimeoutAsync(second);

        var error = await Assert.ThrowsAsync<AcquireTimeoutException>(() => second);
        Assert.Contains("within the AcquireTimeout of 5 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        server.Handler.Release();
        Assert.Equal(CalculatorHandler.UntilReleased, await slow);
        await guarded.EchoAsync(1);
    }

    [Fact]
    public async Task BulkheadFull_RejectsAndIsNotCounted()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port, options: new ThriftChannelOptions { MaxConcurrentCalls = 1, MaxQueuedCalls = 1 });
        await Assert.ThrowsAsync<Thrift.TApplicationException>(() => guarded.Client.crash(TestContext.Current.CancellationToken));
        var slow = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.WaitForSlowCallAsync();
        var queued = guarded.Client.echo("queued", TestContext.Current.CancellationToken);

        for (var call = 0; call < 5; call++)
        {
            await Assert.ThrowsAsync<BulkheadFullException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));
        }

        Assert.Equal((CircuitState.Closed, 1), (guarded.CircuitBreaker.State, guarded.CircuitBreaker.FailureCount));
        server.Handler.Release();
        Assert.Equal(CalculatorHandler.UntilReleased, await slow);
        Assert.Equal("queued", await queued.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal(1, proxy.AcceptedCount);
    }

    [Fact]
    public async Task IdleConnectionClosedByServer_NoCallFails()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port);
        await guarded.EchoAsync(1);

        await proxy.CloseConnectionsAsync();

        await guarded.EchoAsync(1);
        Assert.Equal(2, proxy.AcceptedCount);
        Assert.Null(guarded.CircuitBreaker.LastException);
    }

    [Fact]
    public async Task Dispose_ClosesConnectionAndRejectsCalls()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        var guarded = new Guarded(proxy.Port);
        await guarded.EchoAsync(1);

        await guarded.DisposeAsync();

        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "the idle connection is closed");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task DisposeAsync_WaitsForInFlightCall()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        var guarded = new Guarded(proxy.Port);

        var slow = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.WaitForSlowCallAsync();
        var disposal = guarded.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));
        Assert.False(disposal.IsCompleted);
        server.Handler.Release();

        Assert.Equal(CalculatorHandler.UntilReleased, await slow);
        await disposal.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "the connection is closed after the call");
    }

    [Fact]
    public async Task DisposeAsync_AtDrainTimeout_AbortsCallUncounted()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        var guarded = new Guarded(proxy.Port, options: new ThriftChannelOptions { DrainTimeout = TimeSpan.FromSeconds(3) });

        var slow = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.WaitForSlowCallAsync();
        var disposal = guarded.DisposeAsync().AsTask();
        guarded.Clock.Advance(TimeSpan.FromSeconds(3));

        await disposal.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => slow.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Contains("within the DrainTimeout of 3 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "the connection is closed");
    }

    [Theory]
    [InlineData(CallOutcome.Success, CircuitState.Closed)]
    [InlineData(CallOutcome.Failure, CircuitState.Open)]
    [InlineData(CallOutcome.Ignored, CircuitState.HalfOpen)]
    public async Task Ticket_CompletedAfterDispose_IsCounted(CallOutcome late, CircuitState expected)
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

    /// <summary>A clock that throws for one timer.</summary>
    private sealed class FailingTimerProvider(int missing) : TimeProvider
    {
        private int _timers;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => Interlocked.Increment(ref _timers) == missing ? throw new InvalidOperationException("The timer cannot be created.") : base.CreateTimer(callback, state, dueTime, period);
    }
}
