using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.Dashboard.Endpoints;
using ThriftBreaker.Dashboard.Monitoring;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>
/// Tests how long the events wait for clients that read slowly or not at all. The tests run alone, because the pages of
/// other tests would show their many long names too.
/// </summary>
[Collection(nameof(Alone))]
public sealed class EventsTests
{
    private static readonly TimeSpan ChunkTimeout = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SlowClientIsServedAsLongAsItReads()
    {
        using var browser = new SlowBrowser();
        CircuitBreaker[] circuitBreakers = [.. Enumerable.Range(0, 300).Select(static number => new CircuitBreaker(new() { Name = $"Slowly.read{number}{new string('-', 900)}" }))];
        var serving = browser.ViewAsync(Token);

        await foreach (var offer in browser.Offers.WithCancellation(Token))
        {
            browser.Clock.Advance(ChunkTimeout - TimeSpan.FromSeconds(1));
            offer.SetResult();
        }

        Assert.False(browser.IsDisconnected);
        await browser.DisconnectAsync(serving);
        Assert.True(browser.Waited > 10 * ChunkTimeout, $"It took only {browser.Waited} to read the message.");
        GC.KeepAlive(circuitBreakers);
    }

    [Fact]
    public async Task ClientThatStopsReadingIsDisconnected()
    {
        using var browser = new SlowBrowser();
        CircuitBreaker[] circuitBreakers = [.. Enumerable.Range(0, 100).Select(static number => new CircuitBreaker(new() { Name = $"Never.read{number}{new string('-', 900)}" }))];
        var serving = browser.ViewAsync(Token);
        await using var offers = browser.Offers.GetAsyncEnumerator(Token);
        Assert.True(await offers.MoveNextAsync());
        offers.Current.SetResult();
        Assert.True(await offers.MoveNextAsync());

        browser.Clock.Advance(ChunkTimeout);
        await serving.WaitAsync(Deadline.Short, Token);

        Assert.True(browser.IsDisconnected);

        // No snapshot is published any more, because it was the only viewer.
        var next = browser.Monitor.GetNextSnapshotAsync(browser.Monitor.GetSnapshot());
        browser.Clock.Advance(ChunkTimeout);
        Assert.False(next.IsCompleted);
        GC.KeepAlive(circuitBreakers);
    }

    /// <summary>
    /// Only a write makes the operating system detect that the other end of a connection has vanished.
    /// </summary>
    [Fact]
    public async Task KeepAliveCommentIsSentWithoutUpdates()
    {
        // The removal of a circuit breaker of another test would be an update.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var browser = new SlowBrowser();
        var serving = browser.ViewAsync(Token);
        await foreach (var offer in browser.Offers.WithCancellation(Token))
        {
            offer.SetResult();
        }

        // The endpoint reads the clock at its start and after its first message, and the monitor at its start. Each
        // snapshot adds one read by both.
        await browser.Clock.WaitUntilReadAsync(3);
        for (var second = 1; second <= 14; second++)
        {
            browser.Clock.Advance(TimeSpan.FromSeconds(1));
            await browser.Clock.WaitUntilReadAsync(3 + (2 * second));
        }

        Assert.False(browser.HasReceivedKeepAlive);
        browser.Clock.Advance(TimeSpan.FromSeconds(2));
        await Deadline.UntilAsync(() => browser.HasReceivedKeepAlive, "a comment is sent within 16 seconds");

        await browser.DisconnectAsync(serving);
    }

    /// <summary>The JSON API has the same limit as the events.</summary>
    [Fact]
    public async Task ApiClientThatStopsReadingIsDisconnected()
    {
        using var browser = new SlowBrowser();
        CircuitBreaker[] circuitBreakers = [.. Enumerable.Range(0, 100).Select(static number => new CircuitBreaker(new() { Name = $"Asked.once{number}{new string('-', 900)}" }))];
        var serving = browser.GetApiAsync();
        await using var offers = browser.Offers.GetAsyncEnumerator(Token);
        Assert.True(await offers.MoveNextAsync());
        browser.Clock.Advance(ChunkTimeout - TimeSpan.FromSeconds(1));
        offers.Current.SetResult();
        Assert.True(await offers.MoveNextAsync());
        browser.Clock.Advance(ChunkTimeout - TimeSpan.FromSeconds(1));
        Assert.False(browser.IsDisconnected);

        browser.Clock.Advance(TimeSpan.FromSeconds(1));
        await serving.WaitAsync(Deadline.Short, Token);

        Assert.True(browser.IsDisconnected);
        GC.KeepAlive(circuitBreakers);
    }

    /// <summary>Counts the reads of its timestamp.</summary>
    private sealed class CountingClock : FakeTimeProvider
    {
        private int _reads;

        public override long GetTimestamp()
        {
            _ = Interlocked.Increment(ref _reads);
            return base.GetTimestamp();
        }

        public Task WaitUntilReadAsync(int times) => Deadline.UntilAsync(() => Volatile.Read(ref _reads) >= times, $"the clock is read {times} times");
    }

    /// <summary>Simulates a browser whose network accepts 16 KB at a time, when the test completes an offer.</summary>
    private sealed class SlowBrowser : Stream, IHttpRequestLifetimeFeature
    {
        private readonly Channel<TaskCompletionSource> _offers = Channel.CreateUnbounded<TaskCompletionSource>();
        private readonly CancellationTokenSource _gone = new();
        private readonly DateTimeOffset _start;

        public SlowBrowser()
        {
            _start = Clock.GetUtcNow();
            Monitor = new CircuitBreakerMonitor(Clock);
        }

        public CountingClock Clock { get; } = new();

        public CircuitBreakerMonitor Monitor { get; }

        public TimeSpan Waited => Clock.GetUtcNow() - _start;

        public bool IsDisconnected { get; private set; }

        public bool HasReceivedKeepAlive { get; private set; }

        public CancellationToken RequestAborted { get => _gone.Token; set => throw new NotSupportedException(); }

        public async Task ViewAsync(CancellationToken stopping)
        {
            await EventsEndpoint.ServeAsync(CreateContext(), Monitor, stopping);
            _offers.Writer.TryComplete();
        }

        public async Task GetApiAsync()
        {
            await ApiEndpoint.ServeAsync(CreateContext(), Monitor, operations: false);
            _offers.Writer.TryComplete();
        }

        /// <summary>Gets the offered chunks of the first message. The test accepts a chunk by completing it.</summary>
        public IAsyncEnumerable<TaskCompletionSource> Offers => _offers.Reader.ReadAllAsync(Token);

        public async Task DisconnectAsync(Task serving)
        {
            await _gone.CancelAsync();
            await serving.WaitAsync(Deadline.Short, Token);
        }

        private DefaultHttpContext CreateContext()
        {
            var context = new DefaultHttpContext();
            context.Features.Set<IHttpRequestLifetimeFeature>(this);
            context.Response.Body = this;
            return context;
        }

        public void Abort()
        {
            IsDisconnected = true;
            _gone.Cancel();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            HasReceivedKeepAlive |= buffer.Span.SequenceEqual(":\n\n"u8);
            while (!buffer.IsEmpty)
            {
                var offer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var accepted = buffer[..Math.Min(16_384, buffer.Length)];
                if (_offers.Writer.TryWrite(offer))
                {
                    await offer.Task.WaitAsync(cancellationToken);
                }

                buffer = buffer[accepted.Length..];
                if (accepted.Span.EndsWith("\n\n"u8))
                {
                    _offers.Writer.TryComplete();
                }
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        protected override void Dispose(bool disposing)
        {
            Monitor.Dispose();
            _gone.Dispose();
            base.Dispose(disposing);
        }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
