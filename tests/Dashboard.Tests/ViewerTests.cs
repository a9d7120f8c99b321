using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>
/// Tests viewers that are slow or vanish. Calls are counted only while the page has a viewer, so the call rate shows
/// whether one remains. The tests run alone, because the pages of other tests would show the circuit breakers too.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ViewerTests
{
    private static readonly Uri Api = new("/breakers/api", UriKind.Relative);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ViewersUseNoThreadsAndAreRemovedAfterReset()
    {
        await using var app = await TestApp.StartAsync(maxViewers: 200);
        await using var calls = new Caller("watched by many viewers");
        var threads = ThreadPool.ThreadCount;
        var viewers = new List<Socket>();
        for (var viewer = 0; viewer < 200; viewer++)
        {
            viewers.Add(await ConnectAsync(app, receiveBuffer: 65_536));
        }

        await WaitUntilCountedAsync(app, calls, isCounted: true);
        Assert.InRange(ThreadPool.ThreadCount, 0, threads + 50);

        foreach (var viewer in viewers)
        {
            // A linger time of 0 resets the connection, as a machine does for a process that died.
            viewer.LingerState = new LingerOption(enable: true, seconds: 0);
            viewer.Dispose();
        }

        await WaitUntilCountedAsync(app, calls, isCounted: false);
    }

    /// <summary>
    /// The connections stay open, as those of a phone that lost its network, so the app gets no notification. Its
    /// writes fill the network buffers until they block. The test advances the clock of the app.
    /// </summary>
    [Fact]
    public async Task VanishedViewersAreDisconnectedAndNothingIsQueuedForThem()
    {
        var clock = new FakeTimeProvider();
        await using var app = await TestApp.StartAsync(services: services => services.AddSingleton<TimeProvider>(clock));
        await using var calls = new Caller("watched by vanished viewers");

        // More data than the network buffers hold.
        var name = new string('x', 2_000);
        CircuitBreaker[] circuitBreakers = [.. Enumerable.Range(0, 3_000).Select(number => new CircuitBreaker(new() { Name = $"{name}{number}" }))];
        CircuitBreaker[] flapping = [.. Enumerable.Range(0, 3_000).Select(static number => new CircuitBreaker(new() { Name = $"flapping {number}" }))];
        var viewers = new List<Socket>();
        for (var viewer = 0; viewer < 5; viewer++)
        {
            viewers.Add(await ConnectAsync(app, receiveBuffer: 4_096));
        }

        await WaitUntilCountedAsync(app, calls, isCounted: true, clock);

        // First the shared history fills up. Then 100 snapshots, each with a change of every circuit breaker, are
        // published before the write times out.
        Flap(flapping, rounds: 20);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var snapshot = 0; snapshot < 100; snapshot++)
        {
            Flap(flapping, rounds: 1);
            clock.Advance(TimeSpan.FromMilliseconds(250));
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 5_000_000);
        await WaitUntilCountedAsync(app, calls, isCounted: false, clock);
        foreach (var viewer in viewers)
        {
            await ReadToEndAsync(viewer);
            viewer.Dispose();
        }

        GC.KeepAlive(circuitBreakers);
    }

    private static void Flap(CircuitBreaker[] circuitBreakers, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var circuitBreaker in circuitBreakers)
            {
                if (circuitBreaker.State == CircuitState.Closed)
                {
                    circuitBreaker.Open();
                }
                else
                {
                    circuitBreaker.Close();
                }
            }
        }
    }

    /// <summary>Requests the events, and reads nothing.</summary>
    private static async Task<Socket> ConnectAsync(TestApp app, int receiveBuffer)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = receiveBuffer };
        await socket.ConnectAsync(app.Address.Host, app.Address.Port, Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /breakers/events HTTP/1.1\r\nHost: {app.Address.Authority}\r\n\r\n"), Token);
        return socket;
    }

    /// <summary>Reads until the server has closed or reset the connection.</summary>
    private static async Task ReadToEndAsync(Socket socket)
    {
        var buffer = new byte[65_536];
        try
        {
            while (await socket.ReceiveAsync(buffer, Token).AsTask().WaitAsync(Deadline.Short, Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
        }
    }

    private static async Task WaitUntilCountedAsync(TestApp app, Caller calls, bool isCounted, FakeTimeProvider? clock = null)
    {
        var client = app.Client();
        var start = TimeProvider.System.GetTimestamp();

        // A busy machine can make no call within a second, so only four seconds without a counted call are conclusive.
        for (var seen = 0; seen < 4; await Task.Delay(clock is null ? 500 : 50, Token))
        {
            clock?.Advance(TimeSpan.FromSeconds(1));
            using var json = JsonDocument.Parse(await client.GetStringAsync(Api, Token));
            var rate = json.RootElement.GetProperty("circuitBreakers").EnumerateArray().Single(circuitBreaker => circuitBreaker.GetProperty("name").GetString() == calls.Name).GetProperty("callsPerSecond").GetDouble();
            seen = rate > 0 == isCounted ? isCounted ? 4 : seen + 1 : 0;
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline.Long, $"Calls are{(isCounted ? " not" : "")} counted.");
        }
    }

    /// <summary>Calls a circuit breaker permanently.</summary>
    private sealed class Caller : IAsyncDisposable
    {
        private readonly CircuitBreaker _circuitBreaker;
        private readonly CancellationTokenSource _end = new();
        private readonly Task _calls;

        public Caller(string name)
        {
            _circuitBreaker = new CircuitBreaker(new() { Name = name });
            _calls = CallAsync();
        }

        public string Name => _circuitBreaker.Name;

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _calls;
            _end.Dispose();
        }

        private async Task CallAsync()
        {
            while (!_end.IsCancellationRequested)
            {
                if (_circuitBreaker.TryEnter(out var ticket))
                {
                    ticket.Complete(CallOutcome.Success);
                }

                await Task.Delay(20, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

/// <summary>The collection of tests that do not run in parallel with others.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
