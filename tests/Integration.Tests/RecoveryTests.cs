using System.Diagnostics;
using System.Net.Sockets;
using Circuit.Calculators;
using Thrift;
using ThriftBreaker.Integration.Tests.Servers;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests;

/// <summary>A server of another language is killed and started again, while calls go on. Run alone: sockets and memory of the whole process are counted.</summary>
[Collection(nameof(Alone))]
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
    public async Task AfterEachRestartCallsSucceedAgainAndNothingIsLeftBehind()
    {
        var server = await Tools.StartPythonCalculatorAsync(WireFormat.Default);
        var endpoint = WireFormat.Default.At(server.Port);
        Sockets.SkipWhereNobodyCanTell();
        var socketsBefore = Sockets.Count();
        var memoryBefore = GC.GetTotalMemory(forceFullCollection: true);
        var slowest = TimeSpan.Zero;
        using var over = new CancellationTokenSource();
        await using (var client = Calculator.CircuitBreakerClient.Connect(endpoint, Options, _breaker))
        {
#pragma warning disable CA2025 // Awaited before the client is disposed, unless the test fails: then they end with it.
            var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(client, caller, over.Token))).ToArray();
#pragma warning restore CA2025
            for (var restart = 0; restart < TestRun.Times(quick: 3, @long: 50); restart++)
            {
                await AnsweredAsync(20);
                await server.DisposeAsync();
                await Deadline.UntilAsync(() => _breaker.State == CircuitState.Open, "the circuit opens");
                server = await Tools.StartPythonCalculatorAsync(WireFormat.Default, endpoint.Port);
                var back = Stopwatch.GetTimestamp();
                await AnsweredAsync(1);
                var took = Stopwatch.GetElapsedTime(back);
                slowest = took > slowest ? took : slowest;
            }

            await over.CancelAsync();
            await Task.WhenAll(callers).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
        }

        await server.DisposeAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_begun} calls: {_answered} answered, {_failed} failed or rejected. Answered again at most {slowest.TotalMilliseconds:0} ms after the server listened.");
        Assert.Equal(_begun, _answered + _failed);
        Assert.True(slowest < ResetTimeout + Options.CallTimeout, $"{slowest}");
        await Deadline.UntilAsync(() => Sockets.Count() <= socketsBefore, "every socket is closed");
        var memoryAfter = GC.GetTotalMemory(forceFullCollection: true);
        Assert.True(memoryAfter < memoryBefore + 4_000_000, $"{memoryBefore} bytes became {memoryAfter}.");
    }

    private async Task AnsweredAsync(int calls)
    {
        var wanted = Volatile.Read(ref _answered) + calls;
        await Deadline.UntilAsync(() => Volatile.Read(ref _answered) >= wanted, "calls are answered");
    }

    private async Task CallAsync(Calculator.CircuitBreakerClient client, int caller, CancellationToken over)
    {
        for (var number = 0; !over.IsCancellationRequested; number++)
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
