using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>Calls cancelled by the caller, which do not count as failures.</summary>
public sealed class CancellationTests
{
    [Fact]
    public async Task CancelledCall_HasCallersTokenAndIsNotAFailure()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port);

        for (var number = 1; number <= 5; number++)
        {
            using var cancellation = new CancellationTokenSource();
            var call = guarded.Client.slow(CalculatorHandler.UntilReleased, cancellation.Token);
            await server.Handler.WaitForSlowCallAsync(number);
            await cancellation.CancelAsync();
            var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        }

        Assert.Equal(CircuitState.Closed, guarded.CircuitBreaker.State);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "the connections of cancelled calls are closed");
        Assert.Equal(5, proxy.AcceptedCount);
    }

    [Fact]
    public async Task CancelledConnect_EndsAtOnceAndIsNotAFailure()
    {
        using var hole = await BlackHole.CreateAsync();
        await using var guarded = new Guarded(hole.Port);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => guarded.Client.ping(cancellation.Token).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));

        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task TokenCancelledBeforeCall_SendsNothing()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guarded.Client.ping(new CancellationToken(canceled: true)));

        Assert.Equal(0, proxy.AcceptedCount);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }
}
