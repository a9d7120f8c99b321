using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Thrift.Transport;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>What a channel makes of what its source says.</summary>
public sealed class EndpointWatchTests : IAsyncDisposable
{
    private readonly ScriptedSource _source = new();
    private readonly TestClock _clock = new();
    private readonly ThriftChannel _channel;

    public EndpointWatchTests() => _channel = new ThriftChannel(_source, new ThriftChannelOptions { TimeProvider = _clock, ConnectTimeout = TimeSpan.FromSeconds(7) });

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    [Fact]
    public async Task TheSourceIsAskedByTheFirstCall()
    {
        Assert.Equal(0, _source.Watches);
        Assert.Empty(_channel.Endpoints);

        var call = TakeTurnAsync();
        await Eventually.HoldsAsync(() => _source.Watches == 1);
        Assert.False(call.IsCompleted);
        _source.Name(1);

        Assert.Equal(1, (await Eventually.EndsAsync(call)).Server.Endpoint.Port);
        Assert.Equal([1], Ports());
    }

    [Fact]
    public async Task ManyFirstCallsAskOnce()
    {
        var calls = Enumerable.Range(0, 10).Select(_ => TakeTurnAsync()).ToArray();
        _source.Name(1, 2);
        await Eventually.EndsAsync(Task.WhenAll(calls));

        Assert.Equal(1, _source.Watches);
    }

    [Fact]
    public async Task ANewListIsInForceWhenItComes()
    {
        await StartAsync(1, 2);

        _source.Name(2, 3);

        await BecomesAsync(2, 3);
    }

    [Fact]
    public async Task AListThatEndsIsFinal()
    {
        await StartAsync(1);

        _source.End();
        await Eventually.HoldsAsync(() => _source.Ended == 1);

        Assert.Equal(1, (await TakeTurnAsync()).Server.Endpoint.Port);
        Assert.Null(_channel.SourceFailure);
        Assert.Equal(1, _source.Watches);
    }

    [Fact]
    public async Task ASourceThatFailsLeavesItsLastListInForceAndIsAskedAgain()
    {
        await StartAsync(1, 2);

        _source.Fail(new IOException("The registry is down."));
        await _clock.TimerAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("The registry is down.", _channel.SourceFailure?.Message);
        Assert.Equal([1, 2], Ports());
        Assert.Equal(1, _source.Watches);

        _clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.HoldsAsync(() => _source.Watches == 2);
        _source.Name(3);
        await BecomesAsync(3);
        await Eventually.HoldsAsync(() => _channel.SourceFailure is null);
    }

    [Fact]
    public async Task AnEmptyListIsAFailure()
    {
        await StartAsync(1);

        _source.Name();
        await _clock.TimerAsync(TimeSpan.FromSeconds(5));

        Assert.Contains("empty", _channel.SourceFailure?.Message, StringComparison.Ordinal);
        Assert.Equal([1], Ports());
    }

    [Fact]
    public async Task WithoutAFirstListTheCallFailsAndTheNextOneAsksAgain()
    {
        var first = TakeTurnAsync();
        _source.Fail(new IOException("The registry is down."));
        var error = await Assert.ThrowsAsync<TTransportException>(() => Eventually.EndsAsync(first));
        Assert.Equal("No endpoints from the script: The registry is down.", error.Message);
        Assert.IsType<IOException>(error.InnerException);

        var second = TakeTurnAsync();
        _source.Name(1);
        await Eventually.EndsAsync(second);
        Assert.Equal(2, _source.Watches);
    }

    [Fact]
    public async Task ASourceThatEndsWithoutAListIsAFailure()
    {
        var call = TakeTurnAsync();
        _source.End();

        var error = await Assert.ThrowsAsync<TTransportException>(() => Eventually.EndsAsync(call));
        Assert.Equal("No endpoints from the script: It has ended without naming any.", error.Message);
    }

    [Fact]
    public async Task ASourceThatSaysNothingEndsTheCallAtItsTimeout()
    {
        var call = TakeTurnAsync();
        await _clock.TimerAsync(TimeSpan.FromSeconds(7));
        _clock.Advance(TimeSpan.FromSeconds(7));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => Eventually.EndsAsync(call));
        Assert.Equal("No endpoints from the script within the ConnectTimeout of 7 s. Check what it asks for them.", error.Message);
    }

    [Fact]
    public async Task ACallerThatGivesUpGetsItsOwnCancellation()
    {
        using var impatience = new CancellationTokenSource();
        var call = _channel.TakeTurnAsync(callTimeout: null, impatience.Token).AsTask();
        await impatience.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.EndsAsync(call));
        Assert.Equal(impatience.Token, error.CancellationToken);
    }

    [Fact]
    public async Task TheEndOfTheChannelEndsTheStreamAndSendsAwayWhoWaits()
    {
        var call = TakeTurnAsync();
        await Eventually.HoldsAsync(() => _source.Watches == 1);

        await _channel.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Eventually.EndsAsync(call));
        await Eventually.HoldsAsync(() => _source.Ended == 1);
        await Assert.ThrowsAsync<ObjectDisposedException>(TakeTurnAsync);
    }

    [Fact]
    public async Task TheEndOfTheChannelEndsTheWaitAfterAFailure()
    {
        await StartAsync(1);
        _source.Fail(new IOException("The registry is down."));
        await _clock.TimerAsync(TimeSpan.FromSeconds(5));

        await _channel.DisposeAsync();

        await Eventually.HoldsAsync(() => _clock.Timers == 0);
        Assert.Equal(1, _source.Watches);
    }

    [Fact]
    public async Task WhatTheFirstCallCarriesIsNotTheSources()
    {
        var ambient = new AsyncLocal<string> { Value = "the first call's" };
        var seen = "";
        _source.OnWatch = () => seen = ambient.Value;
        await StartAsync(1);

        Assert.Null(seen);
    }

    private Task<EndpointCall> TakeTurnAsync() => _channel.TakeTurnAsync(callTimeout: null, CancellationToken.None).AsTask();

    private async Task StartAsync(params int[] ports)
    {
        var call = TakeTurnAsync();
        _source.Name(ports);
        (await Eventually.EndsAsync(call)).End();
    }

    private int[] Ports() => [.. _channel.Endpoints.Select(static endpoint => endpoint.Endpoint.Port)];

    private Task BecomesAsync(params int[] ports) => Eventually.HoldsAsync(() => Ports().SequenceEqual(ports));

    /// <summary>A source that says what the test says.</summary>
    private sealed class ScriptedSource : IEndpointSource
    {
        private readonly Channel<Func<IReadOnlyList<ThriftEndpoint>?>> _script = Channel.CreateUnbounded<Func<IReadOnlyList<ThriftEndpoint>?>>();
        private int _watches;
        private int _ended;

        public int Ended => Volatile.Read(ref _ended);

        public int Watches => Volatile.Read(ref _watches);

        public Action OnWatch { get; set; } = static () => { };

        public void Name(params int[] ports) => _script.Writer.TryWrite(() => [.. ports.Select(static port => new ThriftEndpoint("server", port))]);

        public void Fail(Exception reason) => _script.Writer.TryWrite(() => throw reason);

        public void End() => _script.Writer.TryWrite(static () => null);

        public async IAsyncEnumerable<IReadOnlyList<ThriftEndpoint>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            OnWatch();
            Interlocked.Increment(ref _watches);
            try
            {
                await foreach (var line in _script.Reader.ReadAllAsync(cancellationToken))
                {
                    if (line() is not { } list)
                    {
                        yield break;
                    }

                    yield return list;
                }
            }
            finally
            {
                Interlocked.Increment(ref _ended);
            }
        }

        public override string ToString() => "the script";
    }
}
