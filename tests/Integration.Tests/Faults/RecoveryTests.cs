using System.Diagnostics;
using System.Net.Sockets;
using Circuit.Calculators;
using Thrift;
using ThriftBreaker.Integration.Tests.Servers;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Faults;

/// <summary>
/// A Python server is killed and restarted during calls. Not run in parallel: the test measures the sockets and the
/// memory of the process.
/// </summary>
[Collection(nameof(NonParallel))]
public sealed class RecoveryTests
{
    private const int Callers = 8;
    private static readonly TimeSpan ResetTimeout = TimeSpan.FromMilliseconds(200);
    private static readonly ThriftChannelOptions Options = new() { ConnectTimeout = TimeSpan.FromSeconds(2), CallTimeout = TimeSpan.FromSeconds(2) };

    private readonly CircuitBreaker _breaker = new(Calculator.CircuitBreakerClient.DefaultOptions with { ResetTimeout = ResetTimeout });
    private int _begun;
    private int _answered;
    private int _failed;

    [Fact]
    public async Task EachRestart_CallsSucceedAgainWithoutLeaks()
    {
        var server = await ExternalPrograms.StartPythonCalculatorAsync(WireFormat.Default);
        var endpoint = WireFormat.Default.At(server.Port);
        Sockets.SkipUnlessCountable();
        var socketsBefore = Sockets.Count();
        var memoryBefore = GC.GetTotalMemory(forceFullCollection: true);
        var slowest = TimeSpan.Zero;
        using var stop = new CancellationTokenSource();
        await using (var client = Calculator.CircuitBreakerClient.Connect(endpoint, Options, _breaker))
        {
#pragma warning disable CA2025 // The tasks are awaited before the client is disposed, unless the test fails.
            var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(client, caller, stop.Token))).ToArray();
#pragma warning restore CA2025
            for (var restart = 0; restart < TestRun.Times(quick: 3, @long: 50); restart++)
            {
                await WaitForRepliesAsync(20);
                await server.DisposeAsync();
                await Deadline.UntilAsync(() => _breaker.State == CircuitState.Open, "the circuit opens");
                server = await ExternalPrograms.StartPythonCalculatorAsync(WireFormat.Default, endpoint.Port);
                var restartedAt = Stopwatch.GetTimestamp();
                await WaitForRepliesAsync(1);
                var took = Stopwatch.GetElapsedTime(restartedAt);
                slowest = took > slowest ? took : slowest;
            }

            await stop.CancelAsync();
            await Task.WhenAll(callers).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
        }

        await server.DisposeAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_begun} calls: {_answered} answered, {_failed} failed or rejected. The first reply came at most {slowest.TotalMilliseconds:0} ms after the restart.");
        Assert.Equal(_begun, _answered + _failed);
        Assert.True(slowest < ResetTimeout + Options.CallTimeout, $"{slowest}");
        await Deadline.UntilAsync(() => Sockets.Count() <= socketsBefore, "every socket is closed");
        var memoryAfter = GC.GetTotalMemory(forceFullCollection: true);
        Assert.True(memoryAfter < memoryBefore + 4_000_000, $"{memoryBefore} bytes became {memoryAfter}.");
    }

    private async Task WaitForRepliesAsync(int calls)
    {
        var target = Volatile.Read(ref _answered) + calls;
        await Deadline.UntilAsync(() => Volatile.Read(ref _answered) >= target, "calls get replies");
    }

    private async Task CallAsync(Calculator.CircuitBreakerClient client, int caller, CancellationToken stop)
    {
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            Interlocked.Increment(ref _begun);
            try
            {
                var text = $"caller {caller}, call {number}";
                Assert.Equal(text, await client.echo(text, CancellationToken.None));
                Interlocked.Increment(ref _answered);
            }
            catch (Exception error) when (error is TException or IOException or SocketException or TimeoutException)
            {
                Interlocked.Increment(ref _failed);
                await Task.Delay(2, CancellationToken.None);
            }
        }
    }
}
