using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Thrift.Transport;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>The effect of an endpoint source's lists and failures on a channel.</summary>
public sealed class EndpointSourceReaderTests : IAsyncDisposable
{
    private readonly ScriptedSource _source = new();
    private readonly TestClock _clock = new();
    private readonly ThriftChannel _channel;

    public EndpointSourceReaderTests() => _channel = new ThriftChannel(_source, new ThriftChannelOptions { TimeProvider = _clock, ConnectTimeout = TimeSpan.FromSeconds(7) });

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    [Fact]
    public async Task FirstCall_StartsTheSource()
    {
        Assert.Equal(0, _source.WatchCount);
        Assert.Empty(_channel.Endpoints);

        var call = BeginCallAsync();
        await Eventually.BecomesTrueAsync(() => _source.WatchCount == 1);
        Assert.False(call.IsCompleted);
        _source.Provide(1);

        Assert.Equal(1, (await Eventually.CompletesAsync(call)).Server.Endpoint.Port);
        Assert.Equal([1], Ports());
    }

    [Fact]
    public async Task ConcurrentFirstCalls_StartTheSourceOnce()
    {
        var calls = Enumerable.Range(0, 10).Select(_ => BeginCallAsync()).ToArray();
        _source.Provide(1, 2);
        await Eventually.CompletesAsync(Task.WhenAll(calls));

        Assert.Equal(1, _source.WatchCount);
    }

    [Fact]
    public async Task NewList_ReplacesEndpoints()
    {
        await StartAsync(1, 2);

        _source.Provide(2, 3);

        await PortsBecomeAsync(2, 3);
    }

    [Fact]
    public async Task StreamEnds_KeepsLastList()
    {
        await StartAsync(1);

        _source.End();
        await Eventually.BecomesTrueAsync(() => _source.EndedCount == 1);

        Assert.Equal(1, (await BeginCallAsync()).Server.Endpoint.Port);
        Assert.Null(_channel.SourceException);
        Assert.Equal(1, _source.WatchCount);
    }

    [Fact]
    public async Task SourceFails_KeepsLastListAndRetries()
    {
        await StartAsync(1, 2);

        _source.Fail(new IOException("The registry is down."));
        await _clock.TimerSetAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("The registry is down.", _channel.SourceException?.Message);
        Assert.Equal([1, 2], Ports());
        Assert.Equal(1, _source.WatchCount);

        _clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.BecomesTrueAsync(() => _source.WatchCount == 2);
        _source.Provide(3);
        await PortsBecomeAsync(3);
        await Eventually.BecomesTrueAsync(() => _channel.SourceException is null);
    }

    [Fact]
    public async Task EmptyList_IsAFailure()
    {
        await StartAsync(1);

        _source.Provide();
        await _clock.TimerSetAsync(TimeSpan.FromSeconds(5));

        Assert.Contains("empty", _channel.SourceException?.Message, StringComparison.Ordinal);
        Assert.Equal([1], Ports());
    }

    [Fact]
    public async Task FirstListFails_FailsTheCallAndCallAfterPauseRetries()
    {
        var first = BeginCallAsync();
        _source.Fail(new IOException("The registry is down."));
        var error = await Assert.ThrowsAsync<TTransportException>(() => Eventually.CompletesAsync(first));
        Assert.Equal("No endpoints from the script: The registry is down.", error.Message);
        Assert.IsType<IOException>(error.InnerException);

        _clock.Advance(TimeSpan.FromMilliseconds(100));
        var second = BeginCallAsync();
        _source.Provide(1);
        await Eventually.CompletesAsync(second);
        Assert.Equal(2, _source.WatchCount);
    }

    [Fact]
    public async Task SourceThatThrowsAtOnce_IsAskedWithLongerPauses()
    {
        int[] pauses = [100, 200, 400, 800, 1600, 3200, 5000, 5000];
        for (var asked = 1; asked <= pauses.Length; asked++)
        {
            _source.Fail(new IOException($"The registry is down, {asked}."));
            await AssertFailsAsync(asked);
            for (var call = 0; call < 100; call++)
            {
                await AssertFailsAsync(asked);
            }

            _clock.Advance(TimeSpan.FromMilliseconds(pauses[asked - 1] - 1));
            await AssertFailsAsync(asked);
            Assert.Equal(asked, _source.WatchCount);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        async Task AssertFailsAsync(int asked)
        {
            var error = await Assert.ThrowsAsync<TTransportException>(() => Eventually.CompletesAsync(BeginCallAsync()));
            Assert.Equal($"No endpoints from the script: The registry is down, {asked}.", error.Message);
        }
    }

    [Fact]
    public async Task EndpointGivenTwice_CountsOnce()
    {
        await StartAsync(1, 2, 1);
        Assert.Equal([1, 2], Ports());

        _source.Provide(2, 2, 3);
        await PortsBecomeAsync(2, 3);
    }

    [Fact]
    public async Task StreamEndsWithoutList_IsAFailure()
    {
        var call = BeginCallAsync();
        _source.End();

        var error = await Assert.ThrowsAsync<TTransportException>(() => Eventually.CompletesAsync(call));
        Assert.Equal("No endpoints from the script: The source ended without a list.", error.Message);
    }

    [Fact]
    public async Task NoList_FailsTheCallAtConnectTimeout()
    {
        var call = BeginCallAsync();
        await _clock.TimerSetAsync(TimeSpan.FromSeconds(7));
        _clock.Advance(TimeSpan.FromSeconds(7));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => Eventually.CompletesAsync(call));
        Assert.Equal("No endpoints from the script within the ConnectTimeout of 7 s. Check the service that the source reads them from.", error.Message);
    }

    [Fact]
    public async Task WaitCancelled_HasCallersToken()
    {
        using var cancellation = new CancellationTokenSource();
        var call = _channel.BeginCallAsync(callTimeout: null, cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.CompletesAsync(call));
        Assert.Equal(cancellation.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Dispose_EndsStreamAndRejectsWaitingCalls()
    {
        var call = BeginCallAsync();
        await Eventually.BecomesTrueAsync(() => _source.WatchCount == 1);

        await _channel.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Eventually.CompletesAsync(call));
        await Eventually.BecomesTrueAsync(() => _source.EndedCount == 1);
        await Assert.ThrowsAsync<ObjectDisposedException>(BeginCallAsync);
    }

    /// <summary>Its callback for the token runs before that of the reader, which was registered earlier.</summary>
    [Fact]
    public async Task Dispose_SourceEndsDuringCancellation_RejectsWaitingCalls()
    {
        var source = new ImmediatelyCancelledSource();
        await using var channel = new ThriftChannel(source, new ThriftChannelOptions { TimeProvider = _clock });
        var call = channel.BeginCallAsync(callTimeout: null, CancellationToken.None).AsTask();
        await Eventually.BecomesTrueAsync(() => source.IsWaiting);

        await channel.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Eventually.CompletesAsync(call));
    }

    [Fact]
    public async Task Dispose_StopsRetryAfterFailure()
    {
        await StartAsync(1);
        _source.Fail(new IOException("The registry is down."));
        await _clock.TimerSetAsync(TimeSpan.FromSeconds(5));

        await _channel.DisposeAsync();

        await Eventually.BecomesTrueAsync(() => _clock.Timers == 0);
        Assert.Equal(1, _source.WatchCount);
    }

    [Fact]
    public async Task Source_RunsWithoutExecutionContextOfFirstCall()
    {
        var ambient = new AsyncLocal<string> { Value = "the first call's" };
        var seen = "";
        _source.OnWatch = () => seen = ambient.Value;
        await StartAsync(1);

        Assert.Null(seen);
    }

    private Task<EndpointCall> BeginCallAsync() => _channel.BeginCallAsync(callTimeout: null, CancellationToken.None).AsTask();

    private async Task StartAsync(params int[] ports)
    {
        var call = BeginCallAsync();
        _source.Provide(ports);
        (await Eventually.CompletesAsync(call)).End();
    }

    private int[] Ports() => [.. _channel.Endpoints.Select(static endpoint => endpoint.Endpoint.Port)];

    private Task PortsBecomeAsync(params int[] ports) => Eventually.BecomesTrueAsync(() => Ports().SequenceEqual(ports));

    /// <summary>A source that ends on the thread that cancels it.</summary>
    private sealed class ImmediatelyCancelledSource : IEndpointSource
    {
        private volatile bool _isWaiting;

        public bool IsWaiting => _isWaiting;

        public async IAsyncEnumerable<IReadOnlyList<ThriftEndpoint>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var ended = new TaskCompletionSource();
            using var registration = cancellationToken.Register(() => ended.TrySetCanceled(cancellationToken));
            var wait = ended.Task.ConfigureAwait(false);
            _isWaiting = true;
            await wait;
            yield break;
        }
    }

    /// <summary>A source whose lists and failures are set by the test.</summary>
    private sealed class ScriptedSource : IEndpointSource
    {
        private readonly Channel<Func<IReadOnlyList<ThriftEndpoint>?>> _steps = Channel.CreateUnbounded<Func<IReadOnlyList<ThriftEndpoint>?>>();
        private int _watchCount;
        private int _endedCount;

        public int EndedCount => Volatile.Read(ref _endedCount);

        public int WatchCount => Volatile.Read(ref _watchCount);

        public Action OnWatch { get; set; } = static () => { };

        public void Provide(params int[] ports) => _steps.Writer.TryWrite(() => [.. ports.Select(static port => new ThriftEndpoint("server", port))]);

        public void Fail(Exception reason) => _steps.Writer.TryWrite(() => throw reason);

        public void End() => _steps.Writer.TryWrite(static () => null);

        public async IAsyncEnumerable<IReadOnlyList<ThriftEndpoint>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            OnWatch();
            Interlocked.Increment(ref _watchCount);
            try
            {
                await foreach (var step in _steps.Reader.ReadAllAsync(cancellationToken))
                {
                    if (step() is not { } list)
                    {
                        yield break;
                    }

                    yield return list;
                }
            }
            finally
            {
                Interlocked.Increment(ref _endedCount);
            }
        }

        public override string ToString() => "the script";
    }
}
