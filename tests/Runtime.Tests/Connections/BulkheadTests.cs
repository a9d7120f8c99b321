using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>How many calls may be under way, how many may wait, and what the rest is told.</summary>
public sealed class BulkheadTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AcquireTimeout = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = new();
    private Bulkhead _bulkhead;

    public BulkheadTests() => _bulkhead = Of(limit: 2, queued: 3);

    [Fact]
    public void AsManyAsTheLimitGetThroughAtOnceWithTheirWholePatience()
    {
        Assert.Equal(AcquireTimeout, EnterNow());
        Assert.Equal(AcquireTimeout, EnterNow());
        Assert.False(WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task WhoLeavesLetsTheOneThroughWhoHasWaitedLongest()
    {
        EnterNow();
        EnterNow();
        Task<TimeSpan>[] waiting = [WaitAsync(), WaitAsync(), WaitAsync()];
        foreach (var next in waiting)
        {
            Assert.Same(next, waiting.First(static turn => !turn.IsCompleted));
            _bulkhead.Leave(answered: true);
            await Soon(next);
        }
    }

    [Fact]
    public void OneTooManyIsRejected()
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
    public void WithoutAQueueTheFirstTooManyIsRejected()
    {
        _bulkhead = Of(limit: 1, queued: 0);
        EnterNow();
        Assert.Throws<BulkheadFullException>(void () => _ = WaitAsync());

        _bulkhead.Leave(answered: true);
        EnterNow();
    }

    [Fact]
    public async Task WhatIsLeftOfThePatienceIsForTheConnection()
    {
        EnterNow();
        EnterNow();
        var waiting = WaitAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));
        _bulkhead.Leave(answered: true);

        Assert.Equal(TimeSpan.FromSeconds(3), await Soon(waiting));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhoWaitsTooLongIsToldWhetherTheServerAnswers(bool answered)
    {
        EnterNow();
        EnterNow();
        var first = WaitAsync();
        var second = WaitAsync();
        _bulkhead.Leave(answered);
        await Soon(first);
        _clock.Advance(AcquireTimeout);

        var error = await Assert.ThrowsAsync<AcquireTimeoutException>(() => Soon(second));

        Assert.Equal(answered, error.ServerResponded);
        Assert.Contains("MaxConcurrentCalls", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoGivesUpLeavesItsPlaceInTheLine()
    {
        using var impatience = new CancellationTokenSource();
        EnterNow();
        EnterNow();
        var cancelled = WaitUntilAsync(impatience.Token);
        var next = WaitAsync();
        await impatience.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(cancelled));
        Assert.Equal(impatience.Token, error.CancellationToken);
        _bulkhead.Leave(answered: true);
        await Soon(next);
    }

    [Fact]
    public async Task AClosedOneSendsEverybodyAway()
    {
        EnterNow();
        EnterNow();
        var waiting = WaitAsync();
        _bulkhead.Close();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Soon(waiting));
        Assert.Throws<ObjectDisposedException>(void () => _ = WaitAsync());
    }

    private Bulkhead Of(int limit, int queued) => new(
        TestPool.Endpoint,
        new ThriftChannelOptions { MaxConcurrentCalls = limit, MaxQueuedCalls = queued, AcquireTimeout = AcquireTimeout, TimeProvider = _clock },
        limit);

    private TimeSpan EnterNow()
    {
        var turn = WaitAsync();
        Assert.True(turn.IsCompletedSuccessfully);
        return turn.GetAwaiter().GetResult();
    }

    private Task<TimeSpan> WaitAsync() => WaitUntilAsync(CancellationToken.None);

    private Task<TimeSpan> WaitUntilAsync(CancellationToken cancellationToken) => _bulkhead.EnterAsync(cancellationToken).AsTask();

    private static Task<T> Soon<T>(Task<T> turn) => turn.WaitAsync(Deadline, TestContext.Current.CancellationToken);
}
