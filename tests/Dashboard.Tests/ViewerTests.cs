using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>
/// Browsers that are slow, or vanish. Who still looks is told by what is counted: calls are, while somebody does. Alone, because the pages of
/// other tests would show the circuits too.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ViewerTests
{
    private static readonly Uri Api = new("/breakers/api", UriKind.Relative);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ViewersCostNoThreadsAndThoseThatBreakOffAreForgotten()
    {
        await using var app = await TestApp.StartAsync();
        await using var calls = new Caller("watched by many");
        var threads = ThreadPool.ThreadCount;
        var viewers = new List<Socket>();
        for (var viewer = 0; viewer < 200; viewer++)
        {
            viewers.Add(await LookAsync(app, receiveBuffer: 65_536));
        }

        await UntilCountedAsync(app, calls, isCounted: true);
        Assert.InRange(ThreadPool.ThreadCount, 0, threads + 50);

        foreach (var viewer in viewers)
        {
            // Reset, as by a machine that the browser's process has died on.
            viewer.LingerState = new LingerOption(enable: true, seconds: 0);
            viewer.Dispose();
        }

        await UntilCountedAsync(app, calls, isCounted: false);
    }

    /// <summary>
    /// Connections stay open to the end: nothing tells the app that nobody reads, as where a phone has lost its network. What is written to it fills the
    /// buffers on the way, and is taken no more. The app's time is moved by hand.
    /// </summary>
    [Fact]
    public async Task ThoseThatVanishWithoutAWordAreCutOffAndNothingIsKeptForThemMeanwhile()
    {
        var clock = new FakeTimeProvider();
        await using var app = await TestApp.StartAsync(services: services => services.AddSingleton<TimeProvider>(clock));
        await using var calls = new Caller("watched by sleepers");

        // More than fits into the buffers on the way.
        var name = new string('x', 2_000);
        CircuitBreaker[] circuits = [.. Enumerable.Range(0, 3_000).Select(number => new CircuitBreaker(new() { Name = $"{name}{number}" }))];
        CircuitBreaker[] flapping = [.. Enumerable.Range(0, 3_000).Select(static number => new CircuitBreaker(new() { Name = $"flapping {number}" }))];
        var sleepers = new List<Socket>();
        for (var viewer = 0; viewer < 5; viewer++)
        {
            sleepers.Add(await LookAsync(app, receiveBuffer: 4_096));
        }

        await UntilCountedAsync(app, calls, isCounted: true, clock);

        // All changes that are kept for everybody; then, before patience is at its end, a hundred looks that each find every one of these changed.
        Flap(flapping, rounds: 20);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var look = 0; look < 100; look++)
        {
            Flap(flapping, rounds: 1);
            clock.Advance(TimeSpan.FromMilliseconds(250));
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 5_000_000);
        await UntilCountedAsync(app, calls, isCounted: false, clock);
        foreach (var sleeper in sleepers)
        {
            await ReadToEndAsync(sleeper);
            sleeper.Dispose();
        }

        GC.KeepAlive(circuits);
    }

    private static void Flap(CircuitBreaker[] circuits, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var circuit in circuits)
            {
                if (circuit.State == CircuitState.Closed)
                {
                    circuit.Open();
                }
                else
                {
                    circuit.Close();
                }
            }
        }
    }

    /// <summary>Asks for the events, and reads nothing.</summary>
    private static async Task<Socket> LookAsync(TestApp app, int receiveBuffer)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = receiveBuffer };
        await socket.ConnectAsync(app.Address.Host, app.Address.Port, Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /breakers/events HTTP/1.1\r\nHost: {app.Address.Authority}\r\n\r\n"), Token);
        return socket;
    }

    /// <summary>The server has closed the connection, whole or broken off.</summary>
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

    private static async Task UntilCountedAsync(TestApp app, Caller calls, bool isCounted, FakeTimeProvider? clock = null)
    {
        var client = app.Client();
        var start = TimeProvider.System.GetTimestamp();

        // A second without a call that was counted may be a busy machine's.
        for (var seen = 0; seen < 4; await Task.Delay(clock is null ? 500 : 50, Token))
        {
            clock?.Advance(TimeSpan.FromSeconds(1));
            using var json = JsonDocument.Parse(await client.GetStringAsync(Api, Token));
            var rate = json.RootElement.GetProperty("circuits").EnumerateArray().Single(circuit => circuit.GetProperty("name").GetString() == calls.Name).GetProperty("calls").GetDouble();
            seen = rate > 0 == isCounted ? isCounted ? 4 : seen + 1 : 0;
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline.Long, $"Calls are{(isCounted ? " not" : "")} counted.");
        }
    }

    /// <summary>Calls a circuit all the time.</summary>
    private sealed class Caller : IAsyncDisposable
    {
        private readonly CircuitBreaker _circuit;
        private readonly CancellationTokenSource _end = new();
        private readonly Task _calls;

        public Caller(string name)
        {
            _circuit = new CircuitBreaker(new() { Name = name });
            _calls = CallAsync();
        }

        public string Name => _circuit.Name;

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
                if (_circuit.TryEnter(out var ticket))
                {
                    ticket.Complete(CallOutcome.Success);
                }

                await Task.Delay(20, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

/// <summary>Tests that run while no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
