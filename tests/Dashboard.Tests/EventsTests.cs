using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.Dashboard.Circuits;
using ThriftBreaker.Dashboard.Serving;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>How long the events wait for who reads them slowly, or not at all. Alone: what takes long to read would be on the pages of other tests too.</summary>
[Collection(nameof(Alone))]
public sealed class EventsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASlowBrowserIsWaitedForAsLongAsItReads()
    {
        using var phone = new Phone();
        CircuitBreaker[] circuits = [.. Enumerable.Range(0, 300).Select(static number => new CircuitBreaker(new() { Name = $"Slowly.read{number}{new string('-', 900)}" }))];
        var serving = phone.LookAsync(Token);

        await foreach (var offer in phone.Offers.WithCancellation(Token))
        {
            phone.Clock.Advance(Patience - TimeSpan.FromSeconds(1));
            offer.SetResult();
        }

        Assert.False(phone.IsCutOff);
        await phone.HangUpAsync(serving);
        Assert.True(phone.Waited > 10 * Patience, $"It took only {phone.Waited} to read the message.");
        GC.KeepAlive(circuits);
    }

    [Fact]
    public async Task OneThatStopsIsCutOff()
    {
        using var phone = new Phone();
        CircuitBreaker[] circuits = [.. Enumerable.Range(0, 100).Select(static number => new CircuitBreaker(new() { Name = $"Never.read{number}{new string('-', 900)}" }))];
        var serving = phone.LookAsync(Token);
        await using var offers = phone.Offers.GetAsyncEnumerator(Token);
        Assert.True(await offers.MoveNextAsync());
        offers.Current.SetResult();
        Assert.True(await offers.MoveNextAsync());

        phone.Clock.Advance(Patience);
        await serving.WaitAsync(Deadline.Short, Token);

        Assert.True(phone.IsCutOff);

        // Nor are the circuits looked at any longer: there was no other viewer.
        var next = phone.Watch.NextAsync(phone.Watch.Look());
        phone.Clock.Advance(Patience);
        Assert.False(next.IsCompleted);
        GC.KeepAlive(circuits);
    }

    /// <summary>Only what is written can be missed: of a connection whose other end is gone, the system then says so.</summary>
    [Fact]
    public async Task WhereNothingChangesAWordIsSaidAllTheSame()
    {
        // Circuits of other tests that would be gone in the middle are news.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var phone = new Phone();
        var serving = phone.LookAsync(Token);
        await foreach (var offer in phone.Offers.WithCancellation(Token))
        {
            offer.SetResult();
        }

        // Once when it begins, once when the first message is written; then once for each look, and once by the watch.
        await phone.Clock.UntilAskedAsync(3);
        for (var second = 1; second <= 14; second++)
        {
            phone.Clock.Advance(TimeSpan.FromSeconds(1));
            await phone.Clock.UntilAskedAsync(3 + (2 * second));
        }

        Assert.False(phone.HasHeardAWord);
        phone.Clock.Advance(TimeSpan.FromSeconds(2));
        await Deadline.UntilAsync(() => phone.HasHeardAWord, "a word is said within sixteen seconds");

        await phone.HangUpAsync(serving);
    }

    /// <summary>Who asks for the JSON is no better than who looks.</summary>
    [Fact]
    public async Task SoIsOneThatAsksOnceAndStops()
    {
        using var phone = new Phone();
        CircuitBreaker[] circuits = [.. Enumerable.Range(0, 100).Select(static number => new CircuitBreaker(new() { Name = $"Asked.once{number}{new string('-', 900)}" }))];
        var serving = phone.AskAsync();
        await using var offers = phone.Offers.GetAsyncEnumerator(Token);
        Assert.True(await offers.MoveNextAsync());
        phone.Clock.Advance(Patience - TimeSpan.FromSeconds(1));
        offers.Current.SetResult();
        Assert.True(await offers.MoveNextAsync());
        phone.Clock.Advance(Patience - TimeSpan.FromSeconds(1));
        Assert.False(phone.IsCutOff);

        phone.Clock.Advance(TimeSpan.FromSeconds(1));
        await serving.WaitAsync(Deadline.Short, Token);

        Assert.True(phone.IsCutOff);
        GC.KeepAlive(circuits);
    }

    /// <summary>Tells how often it has been asked for the time that has passed.</summary>
    private sealed class AskedClock : FakeTimeProvider
    {
        private int _asked;

        public override long GetTimestamp()
        {
            _ = Interlocked.Increment(ref _asked);
            return base.GetTimestamp();
        }

        public Task UntilAskedAsync(int times) => Deadline.UntilAsync(() => Volatile.Read(ref _asked) >= times, $"the time is looked at {times} times");
    }

    /// <summary>A browser whose network takes sixteen kilobytes when it is told to.</summary>
    private sealed class Phone : Stream, IHttpRequestLifetimeFeature
    {
        private readonly Channel<TaskCompletionSource> _offers = Channel.CreateUnbounded<TaskCompletionSource>();
        private readonly CancellationTokenSource _gone = new();
        private readonly DateTimeOffset _start;

        public Phone()
        {
            _start = Clock.GetUtcNow();
            Watch = new CircuitWatch(Clock);
        }

        public AskedClock Clock { get; } = new();

        public CircuitWatch Watch { get; }

        public TimeSpan Waited => Clock.GetUtcNow() - _start;

        public bool IsCutOff { get; private set; }

        public bool HasHeardAWord { get; private set; }

        public CancellationToken RequestAborted { get => _gone.Token; set => throw new NotSupportedException(); }

        public async Task LookAsync(CancellationToken stopping)
        {
            await EventsEndpoint.ServeAsync(Request(), Watch, stopping);
            _offers.Writer.TryComplete();
        }

        public async Task AskAsync()
        {
            await ApiEndpoint.ServeAsync(Request(), Watch, operations: false);
            _offers.Writer.TryComplete();
        }

        /// <summary>What it is offered of the first message, piece by piece; each is taken when it is completed.</summary>
        public IAsyncEnumerable<TaskCompletionSource> Offers => _offers.Reader.ReadAllAsync(Token);

        public async Task HangUpAsync(Task serving)
        {
            await _gone.CancelAsync();
            await serving.WaitAsync(Deadline.Short, Token);
        }

        private DefaultHttpContext Request()
        {
            var context = new DefaultHttpContext();
            context.Features.Set<IHttpRequestLifetimeFeature>(this);
            context.Response.Body = this;
            return context;
        }

        public void Abort()
        {
            IsCutOff = true;
            _gone.Cancel();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            HasHeardAWord |= buffer.Span.SequenceEqual(":\n\n"u8);
            while (!buffer.IsEmpty)
            {
                var offer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var taken = buffer[..Math.Min(16_384, buffer.Length)];
                if (_offers.Writer.TryWrite(offer))
                {
                    await offer.Task.WaitAsync(cancellationToken);
                }

                buffer = buffer[taken.Length..];
                if (taken.Span.EndsWith("\n\n"u8))
                {
                    _offers.Writer.TryComplete();
                }
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        protected override void Dispose(bool disposing)
        {
            Watch.Dispose();
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
