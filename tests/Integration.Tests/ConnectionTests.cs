using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>When connections are opened, kept and closed.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task NothingIsConnectedBeforeTheFirstCall()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultyFront(server.Port);
        await using var guarded = new Guarded(front.Port);
        Assert.Equal(0, front.Accepted);
        await guarded.EchoAsync(1);
        Assert.Equal(1, front.Accepted);
    }

    [Fact]
    public async Task CallsOneAfterTheOtherShareAConnection()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultyFront(server.Port);
        await using var guarded = new Guarded(front.Port);
        await guarded.EchoAsync(50);
        Assert.Equal(1, front.Accepted);
    }

    [Fact]
    public async Task ConnectionPerCallOpensOneForEachCallAndClosesIt()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultyFront(server.Port);
        await using var guarded = new Guarded(front.Port, options: new ThriftChannelOptions { ConnectionPerCall = true });
        await guarded.EchoAsync(10);
        Assert.Equal(10, front.Accepted);
        await Deadline.UntilAsync(() => front.Open == 0, "every connection is closed after its call");
    }

    [Fact]
    public async Task ACallThatFindsTheConnectionInUseOpensAnotherOne()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultyFront(server.Port);
        await using var guarded = new Guarded(front.Port);

        var slow = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.SlowCallArrivesAsync();
        await guarded.EchoAsync(5);
        server.Handler.Release();

        Assert.Equal(CalculatorHandler.UntilReleased, await slow);
        Assert.Equal(2, front.Accepted);
        await Deadline.UntilAsync(() => front.Open == 1, "one connection is kept, the other closed");
    }

    [Fact]
    public async Task AnIdleConnectionThatTheServerClosedCostsNoCall()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultyFront(server.Port);
        await using var guarded = new Guarded(front.Port);
        await guarded.EchoAsync(1);

        await front.HangUpAsync();

        await guarded.EchoAsync(1);
        Assert.Equal(2, front.Accepted);
        Assert.Null(guarded.Breaker.LastFailure);
    }

    [Fact]
    public async Task ADisposedClientClosesItsConnectionAndSaysSo()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultyFront(server.Port);
        var guarded = new Guarded(front.Port);
        await guarded.EchoAsync(1);

        await guarded.DisposeAsync();

        await Deadline.UntilAsync(() => front.Open == 0, "the kept connection is closed");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));
        Assert.Equal(0, guarded.Breaker.FailureCount);
    }

    [Fact]
    public async Task ACallUnderWayOutlivesTheDisposalAndClosesItsConnection()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultyFront(server.Port);
        var guarded = new Guarded(front.Port);

        var slow = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.SlowCallArrivesAsync();
        await guarded.DisposeAsync();
        server.Handler.Release();

        Assert.Equal(CalculatorHandler.UntilReleased, await slow);
        await Deadline.UntilAsync(() => front.Open == 0, "the connection is closed after the call");
    }
}
