using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>The caller gives up: its own affair, and no word against the server.</summary>
public sealed class CancellationTests
{
    [Fact]
    public async Task ACancelledCallEndsWithTheCallersTokenAndDoesNotCount()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port);

        for (var number = 1; number <= 5; number++)
        {
            using var impatience = new CancellationTokenSource();
            var call = guarded.Client.slow(CalculatorHandler.UntilReleased, impatience.Token);
            await server.Handler.SlowCallArrivesAsync(number);
            await impatience.CancelAsync();
            var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            Assert.Equal(impatience.Token, cancelled.CancellationToken);
        }

        Assert.Equal(CircuitState.Closed, guarded.CircuitBreaker.State);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
        await Deadline.UntilAsync(() => front.Open == 0, "the connections of cancelled calls are closed");
        Assert.Equal(5, front.Accepted);
    }

    [Fact]
    public async Task ACallCancelledWhileConnectingEndsAtOnceAndDoesNotCount()
    {
        using var hole = await BlackHole.CreateAsync();
        await using var guarded = new Guarded(hole.Port);
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => guarded.Client.ping(impatience.Token).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));

        Assert.Equal(impatience.Token, cancelled.CancellationToken);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task ATokenCancelledBeforehandSendsNothing()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guarded.Client.ping(new CancellationToken(canceled: true)));

        Assert.Equal(0, front.Accepted);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }
}
