using System.Diagnostics;
using Circuit.Calculators;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>
/// Whatever the server does, a call ends when its time is over. The matrix shows that to the tick, on a clock of its own; here the time is real.
/// </summary>
public sealed class NoHangTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(100);

    /// <summary>Not to fail for what the machine does besides: a call that hangs does so every time.</summary>
    private const int Attempts = 5;

    private static readonly ThriftChannelOptions Options = new() { ConnectTimeout = Timeout, CallTimeout = Timeout, LeaseTimeout = Timeout, MaxConnections = 1 };

    [Theory]
    [InlineData(Fault.Silence)]
    [InlineData(Fault.HalfReplyThenSilence)]
    [InlineData(Fault.OneByteASecond)]
    [InlineData(Fault.NoMoreReading)]
    public async Task ACallEndsAtItsTimeout(Fault fault)
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultyFront(server.Port);
        await using var client = new Calculator.ChannelClient(new ThriftChannel(Speech.Default.At(front.Port), Options));
        var text = fault == Fault.NoMoreReading ? new string('x', 15_000_000) : "lost";

        await EndsInTimeAsync(() =>
        {
            front.Next = fault;
            return client.echo(text, TestContext.Current.CancellationToken);
        });
    }

    /// <summary>Thrift's JSON protocol writes its punctuation, and what it escapes, without a token.</summary>
    [Fact]
    public async Task ARequestInJsonThatNobodyReadsEndsAtItsTimeout()
    {
        var speech = new Speech(ThriftTransport.Buffered, ThriftProtocol.Json);
        await using var server = CalculatorServer.Start(speech);
        await using var front = new FaultyFront(server.Port);
        await using var client = new Calculator.ChannelClient(new ThriftChannel(speech.At(front.Port), Options));

        front.Next = Fault.NoMoreReading;
        var call = client.echo(new string('\\', 7_500_000), TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Contains("within the CallTimeout of 0.3 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABlackHoledConnectEndsAtItsTimeout()
    {
        using var hole = await BlackHole.CreateAsync();
        await using var client = new Calculator.ChannelClient(new ThriftChannel(Speech.Default.At(hole.Port), Options));

        await EndsInTimeAsync(() => client.ping(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AWaitForAConnectionEndsAtItsTimeout()
    {
        await using var server = CalculatorServer.Start();
        await using var client = new Calculator.ChannelClient(new ThriftChannel(Speech.Default.At(server.Port), Options with { CallTimeout = TimeSpan.FromMinutes(1) }));
        var slow = client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.SlowCallArrivesAsync();

        await EndsInTimeAsync(() => client.ping(TestContext.Current.CancellationToken));
        server.Handler.Release();
        await slow;
    }

    private static async Task EndsInTimeAsync(Func<Task> call)
    {
        var longest = Timeout + Slack;
        var took = TimeSpan.Zero;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var start = Stopwatch.GetTimestamp();
            await Assert.ThrowsAnyAsync<TimeoutException>(() => call().WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            took = Stopwatch.GetElapsedTime(start);
            if (took <= longest)
            {
                return;
            }
        }

        Assert.Fail($"A call with a timeout of {Timeout} took {took}, {Attempts} times.");
    }
}
