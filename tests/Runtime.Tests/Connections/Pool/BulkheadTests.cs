using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Connections.Pool;

/// <summary>The limits of in-flight and waiting calls, and the rejection of the rest.</summary>
public sealed class BulkheadTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AcquireTimeout = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = new();
    private Bulkhead _bulkhead;

    public BulkheadTests() => _bulkhead = CreateBulkhead(limit: 2, maxQueued: 3);

    [Fact]
    public void Acquire_BelowLimit_ReturnsWholeTimeoutAtOnce()
    {
        Assert.Equal(AcquireTimeout, AcquireNow());
        Assert.Equal(AcquireTimeout, AcquireNow());
        Assert.False(WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task Release_AdmitsTheFirstWaitingCall()
    {
        AcquireNow();
        AcquireNow();
        Task<TimeSpan>[] waiting = [WaitAsync(), WaitAsync(), WaitAsync()];
        foreach (var next in waiting)
        {
            Assert.Same(next, waiting.First(static turn => !turn.IsCompleted));
            _bulkhead.Release(replied: true);
            await WithinDeadline(next);
        }
    }

    [Fact]
    public void Acquire_QueueFull_IsRejected()
    {
        for (var call = 0; call < 5; call++)
        {
            _ = WaitAsync();
        }

        var rejection = Assert.Throws<BulkheadFullException>(void () => _ = WaitAsync());

        Assert.Equal((2, 3), (rejection.MaxConcurrentCalls, rejection.MaxQueuedCalls));
        Assert.Equal(
            "The call to localhost:9090 (buffered, binary) was rejected without being sent: MaxConcurrentCalls (2) are in flight and MaxQueuedCalls (3) wait.",
            rejection.Message);
    }

    [Fact]
    public void Acquire_WithoutQueue_IsRejectedAtLimit()
    {
        _bulkhead = CreateBulkhead(limit: 1, maxQueued: 0);
        AcquireNow();
        Assert.Throws<BulkheadFullException>(void () => _ = WaitAsync());

        _bulkhead.Release(replied: true);
        AcquireNow();
    }

    [Fact]
    public async Task Acquire_AfterWait_ReturnsRemainingTimeout()
    {
        AcquireNow();
        AcquireNow();
        var waiting = WaitAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));
        _bulkhead.Release(replied: true);

        Assert.Equal(TimeSpan.FromSeconds(3), await WithinDeadline(waiting));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Acquire_AtTimeout_ReportsWhetherServerResponds(bool replied)
    {
        AcquireNow();
        AcquireNow();
        var first = WaitAsync();
        var second = WaitAsync();
        _bulkhead.Release(replied);
        await WithinDeadline(first);
        _clock.Advance(AcquireTimeout);

        var error = await Assert.ThrowsAsync<AcquireTimeoutException>(() => WithinDeadline(second));

        Assert.Equal(replied, error.ServerResponded);
        Assert.Contains("MaxConcurrentCalls", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_Cancelled_LeavesTheQueue()
    {
        using var cancellation = new CancellationTokenSource();
        AcquireNow();
        AcquireNow();
        var cancelled = WaitUntilAsync(cancellation.Token);
        var next = WaitAsync();
        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WithinDeadline(cancelled));
        Assert.Equal(cancellation.Token, error.CancellationToken);
        _bulkhead.Release(replied: true);
        await WithinDeadline(next);
    }

    [Fact]
    public async Task Close_RejectsWaitingAndNewCalls()
    {
        AcquireNow();
        AcquireNow();
        var waiting = WaitAsync();
        _bulkhead.Close();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => WithinDeadline(waiting));
        Assert.Throws<ObjectDisposedException>(void () => _ = WaitAsync());
    }

    private Bulkhead CreateBulkhead(int limit, int maxQueued) => new(
        TestPool.Endpoint,
        new ThriftChannelOptions { MaxConcurrentCalls = limit, MaxQueuedCalls = maxQueued, AcquireTimeout = AcquireTimeout, TimeProvider = _clock },
        limit);

    private TimeSpan AcquireNow()
    {
        var turn = WaitAsync();
        Assert.True(turn.IsCompletedSuccessfully);
        return turn.GetAwaiter().GetResult();
    }

    private Task<TimeSpan> WaitAsync() => WaitUntilAsync(CancellationToken.None);

    private Task<TimeSpan> WaitUntilAsync(CancellationToken cancellationToken) => _bulkhead.AcquireAsync(cancellationToken).AsTask();

    private static Task<T> WithinDeadline<T>(Task<T> turn) => turn.WaitAsync(Deadline, TestContext.Current.CancellationToken);
}
