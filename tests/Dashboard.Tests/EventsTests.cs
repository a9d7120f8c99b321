using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Authentication;
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
    private static readonly Uri Events = new("/breakers/events", UriKind.Relative);
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

        await browser.Clock.WaitUntilSecondAsync(0);
        for (var second = 1; second <= 14; second++)
        {
            browser.Clock.Advance(TimeSpan.FromSeconds(1));
            await browser.Clock.WaitUntilSecondAsync(second);
        }

        Assert.False(browser.HasReceivedKeepAlive);
        browser.Clock.Advance(TimeSpan.FromSeconds(2));
        await Deadline.UntilAsync(() => browser.HasReceivedKeepAlive, "a comment is sent within 16 seconds");

        await browser.DisconnectAsync(serving);
    }

    /// <summary>Only a new request is authorized again, with the present cookies of the browser.</summary>
    [Fact]
    public async Task StreamEndsAfterOneMinute()
    {
        using var browser = new SlowBrowser { AcceptsAll = true };
        var serving = browser.ViewAsync(Token);

        await browser.AdvanceUntilEndAsync(serving, notBefore: 60);

        Assert.EndsWith("event: renew\ndata:\n\n", browser.Received, StringComparison.Ordinal);
        Assert.False(browser.IsDisconnected);
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(600, 60)]
    [InlineData(-5, 1)]
    public async Task StreamEndsWithTheSignInOfItsViewer(int signedInSeconds, int endsAfter)
    {
        using var browser = new SlowBrowser { AcceptsAll = true };
        browser.SignedInUntil = browser.Clock.GetUtcNow() + TimeSpan.FromSeconds(signedInSeconds);
        var serving = browser.ViewAsync(Token);

        await browser.AdvanceUntilEndAsync(serving, notBefore: endsAfter);
    }

    /// <summary>A viewer whose stream has ended gets only what it lacks.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ViewerContinuesAfterItsLastEvent(bool byHeader)
    {
        await using var app = await TestApp.StartAsync();
        CircuitBreaker[] circuitBreakers = [.. Enumerable.Range(0, 3).Select(static number => new CircuitBreaker(new() { Name = $"Continued.{number}" }))];
        circuitBreakers[0].Open();
        var (first, id) = await ReadEventAsync(app, after: null, byHeader);
        circuitBreakers[1].Open();

        var (second, _) = await ReadEventAsync(app, id, byHeader);

        Assert.True(first.GetProperty("isFull").GetBoolean());
        Assert.False(second.GetProperty("isFull").GetBoolean());
        Assert.Contains("Continued.1", GetNames(second, "circuitBreakers"));
        Assert.DoesNotContain("Continued.2", GetNames(second, "circuitBreakers"));
        Assert.Equal(["Continued.1"], GetNames(second, "transitions"));
        GC.KeepAlive(circuitBreakers);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("1-2-3")]
    [InlineData("--")]
    [InlineData("{0}-99999-0")]
    [InlineData("{0}-1-99999999999999999999")]
    public async Task ViewerWithAnUnknownPositionStartsAgain(string position)
    {
        await using var app = await TestApp.StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = $"Started.again" });
        circuitBreaker.Open();
        var (_, id) = await ReadEventAsync(app, after: null, byHeader: false);

        var (update, _) = await ReadEventAsync(app, string.Format(CultureInfo.InvariantCulture, position, id.Split('-')[0]), byHeader: false);

        Assert.True(update.GetProperty("isFull").GetBoolean());
        Assert.Contains(circuitBreaker.Name, GetNames(update, "circuitBreakers"));
        Assert.Contains(circuitBreaker.Name, GetNames(update, "transitions"));
        GC.KeepAlive(circuitBreaker);
    }

    [Fact]
    public async Task ViewerBeyondTheLimitIsAskedToRetry()
    {
        await using var app = await TestApp.StartAsync(maxViewers: 2);
        using var first = await app.Client().GetAsync(Events, HttpCompletionOption.ResponseHeadersRead, Token);
        using var second = await app.Client().GetAsync(Events, HttpCompletionOption.ResponseHeadersRead, Token);

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using var request = new HttpRequestMessage(method, Events);
            using var refused = await app.Client().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (first.StatusCode, second.StatusCode, refused.StatusCode));
            Assert.Equal(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter?.Delta);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        }

        // The API remains usable, and the place of a viewer that has left is free.
        using var api = await app.Client().GetAsync(new Uri("/breakers/api", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.OK, api.StatusCode);
        first.Dispose();
        for (var status = HttpStatusCode.ServiceUnavailable; status != HttpStatusCode.OK;)
        {
            using var next = await app.Client().GetAsync(Events, HttpCompletionOption.ResponseHeadersRead, Token);
            status = next.StatusCode;
        }
    }

    [Fact]
    public void LimitOfViewersMustBePositive()
        => Assert.Throws<ArgumentOutOfRangeException>(static () => new ThriftBreakersDashboardOptions { MaxViewers = 0 });

    /// <summary>A viewer gets the ids of collected circuit breakers, and starts again if it lacks too many.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(1_001, false)]
    public async Task UpdateRemovesCollectedCircuitBreakers(int count, bool isDifference)
    {
        using var monitor = new CircuitBreakerMonitor(new FakeTimeProvider());
        var seen = CreateAndDrop(monitor, count, out var ids);
        Snapshot snapshot;
        do
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            snapshot = monitor.GetSnapshot();
            await Task.Yield();
        }
        while (snapshot.CircuitBreakers.Any(view => ids.Contains(view.Value.Id)));

        var update = ViewerUpdate.CreateDifference(monitor, snapshot, seen);

        Assert.Equal(isDifference, update is not null);
        Assert.True(update is null || ids.IsSubsetOf(update.Removed.Select(static id => id.Value)));
        Assert.Empty(ViewerUpdate.CreateDifference(monitor, snapshot, seen with { Snapshot = snapshot.Number })!.Removed);
    }

    /// <summary>Fifty viewers of 5,000 circuit breakers would otherwise take gigabytes.</summary>
    [Fact]
    public void ViewersShareTheBytesOfEachPart()
    {
        using var monitor = new CircuitBreakerMonitor(new FakeTimeProvider());
        var circuitBreaker = new CircuitBreaker(new() { Name = "serialized once" });
        circuitBreaker.Open();

        var (first, second) = (GetPieces(), GetPieces());

        Assert.Equal(2, first.Count);
        Assert.All(first.Zip(second), static pieces => Assert.Same(pieces.First, pieces.Second));
        GC.KeepAlive(circuitBreaker);

        List<byte[]> GetPieces()
            =>
            [
                .. JsonPieces.FromUpdate(ViewerUpdate.CreateFull(monitor, monitor.GetSnapshot()))
                    .Where(static piece => Encoding.UTF8.GetString(piece.Span).Contains("serialized once", StringComparison.Ordinal))
                    .Select(static piece => MemoryMarshal.TryGetArray(piece, out var array) ? array.Array! : []),
            ];
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

    /// <summary>Returns what a viewer has seen that knows the circuit breakers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ViewerPosition CreateAndDrop(CircuitBreakerMonitor monitor, int count, out HashSet<string> ids)
    {
        CircuitBreaker[] circuitBreakers = [.. Enumerable.Range(0, count).Select(static number => new CircuitBreaker(new() { Name = $"Collected.{number}" }))];
        var snapshot = monitor.GetSnapshot();
        ids = [.. snapshot.CircuitBreakers.Where(static view => view.Value.Name.StartsWith("Collected.", StringComparison.Ordinal)).Select(static view => view.Value.Id)];
        Assert.Equal(count, ids.Count);
        GC.KeepAlive(circuitBreakers);
        return new ViewerPosition(monitor.ProcessId, snapshot.Number, 0);
    }

    /// <summary>Reads the first event of a new stream.</summary>
    private static async Task<(JsonElement Update, string Id)> ReadEventAsync(TestApp app, string? after, bool byHeader)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, byHeader || after is null ? "/breakers/events" : $"/breakers/events?after={after}");
        if (byHeader && after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }

        using var answer = await app.Client().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync(Token));
        var (data, id) = (await events.ReadLineAsync(Token), await events.ReadLineAsync(Token));
        Assert.StartsWith("id: ", id, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(data!["data: ".Length..]);
        return (json.RootElement.Clone(), id!["id: ".Length..]);
    }

    private static IEnumerable<string?> GetNames(JsonElement update, string array) => update.GetProperty(array).EnumerateArray().Select(static each => each.GetProperty("name").GetString());

    /// <summary>Counts the reads of its timestamp.</summary>
    private sealed class CountingClock : FakeTimeProvider
    {
        private int _reads;

        public override long GetTimestamp()
        {
            _ = Interlocked.Increment(ref _reads);
            return base.GetTimestamp();
        }

        /// <summary>
        /// Waits until the endpoint has processed the snapshot of a second. The first one and its message take six
        /// reads by monitor and endpoint, the others four.
        /// </summary>
        public Task WaitUntilSecondAsync(int second) => Deadline.UntilAsync(() => Volatile.Read(ref _reads) >= 6 + (4 * second), $"the snapshot of second {second} is processed");
    }

    /// <summary>Simulates a browser whose network accepts 16 KB at a time, when the test completes an offer.</summary>
    private sealed class SlowBrowser : Stream, IHttpRequestLifetimeFeature, IAuthenticateResultFeature
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

        public bool AcceptsAll { get; init; }

        public DateTimeOffset? SignedInUntil { get; set; }

        public string Received { get; private set; } = "";

        public AuthenticateResult? AuthenticateResult
        {
            get => AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(), new AuthenticationProperties { ExpiresUtc = SignedInUntil }, "cookie"));
            set => throw new NotSupportedException();
        }

        public CancellationToken RequestAborted { get => _gone.Token; set => throw new NotSupportedException(); }

        public async Task ViewAsync(CancellationToken stopping)
        {
            await EventsEndpoint.ServeAsync(CreateContext(), Monitor, new ViewerLimit(1, TimeSpan.Zero, "viewers"), stopping);
            _offers.Writer.TryComplete();
        }

        public async Task GetApiAsync()
        {
            await ApiEndpoint.ServeStateAsync(CreateContext(), Monitor, new ViewerLimit(1, TimeSpan.Zero, "requests"), operations: false);
            _offers.Writer.TryComplete();
        }

        /// <summary>Gets the offered chunks of the first message. The test accepts a chunk by completing it.</summary>
        public IAsyncEnumerable<TaskCompletionSource> Offers => _offers.Reader.ReadAllAsync(Token);

        public async Task DisconnectAsync(Task serving)
        {
            await _gone.CancelAsync();
            await serving.WaitAsync(Deadline.Short, Token);
        }

        /// <summary>Advances the clock until the stream ends, which must not happen earlier.</summary>
        public async Task AdvanceUntilEndAsync(Task serving, int notBefore)
        {
            for (var second = 0; second < notBefore; second++)
            {
                await Clock.WaitUntilSecondAsync(second);
                Assert.False(serving.IsCompleted, $"The stream ended after {second} s.");
                Clock.Advance(TimeSpan.FromSeconds(1));
            }

            await serving.WaitAsync(Deadline.Short, Token);
        }

        private DefaultHttpContext CreateContext()
        {
            var context = new DefaultHttpContext();
            context.Features.Set<IAuthenticateResultFeature>(this);
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
            Received += Encoding.UTF8.GetString(buffer.Span);
            HasReceivedKeepAlive |= buffer.Span.SequenceEqual(":\n\n"u8);
            if (AcceptsAll)
            {
                return;
            }

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
