using Circuit.Calculators;
using Thrift.Protocol;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

#pragma warning disable TB0014 // A new connection is spoken to before there is a guarded client over it.

namespace ThriftBreaker.Integration.Tests;

/// <summary>What a connection does before its first call: a login, say.</summary>
public sealed class OnConnectedTests
{
    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task ItRunsOncePerConnection(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        var logins = 0;
        await using var server = CalculatorServer.Start(wireFormat);
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port, wireFormat, Options(async (protocol, token) =>
        {
            using var session = new Calculator.Client(protocol);
            Assert.Equal("user", await session.echo("user", token));
            Assert.Equal("password", await session.echo("password", token));
            logins++;
        }));
        Assert.Equal(0, logins);

        await guarded.EchoAsync(10);
        Assert.Equal((1, 1), (logins, front.Accepted));

        await front.HangUpAsync();
        await guarded.EchoAsync(10);
        Assert.Equal((2, 2), (logins, front.Accepted));
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    /// <summary>Its client numbers its requests from 1, as the one of the calls does.</summary>
    [Fact]
    public async Task AnAnswerToItsOnewayCallIsNobodysAnswer()
    {
        var hasGreeted = false;
        await using var server = CalculatorServer.StartMonitored();
        await using var guarded = new Guarded(server.Port, options: Options(async (protocol, token) =>
        {
            if (!hasGreeted)
            {
                hasGreeted = true;
                using var session = new Calculator.Client(protocol);
                await session.note("unknown to this server, which answers all the same", token);
            }
        }));

        await Assert.ThrowsAsync<TProtocolException>(() => guarded.EchoAsync(1));
        await guarded.EchoAsync(10);
    }

    [Fact]
    public async Task WhenItFailsSoHasTheConnection()
    {
        var isWrong = true;
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port, options: Options(async (protocol, token) =>
        {
            using var session = new Calculator.Client(protocol);
            await session.calculate(isWrong ? Calls.OneByZero : new Work(1, 1), token);
        }));

        var error = await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));

        // Not what the contract of the method declares: the call itself has had no answer.
        Assert.IsType<DivisionByZero>(error.InnerException);
        Assert.Equal(TTransportException.ExceptionType.NotOpen, error.Type);
        Assert.StartsWith($"No connection to 127.0.0.1:{front.Port} (buffered, binary): ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("OnConnected has failed.", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        await Deadline.UntilAsync(() => front.Open == 0, "the connection is closed");

        isWrong = false;
        await guarded.EchoAsync(3);
        Assert.Equal(2, front.Accepted);
    }

    [Fact]
    public async Task ItIsPartOfConnecting()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port, options: Options(static async (protocol, token) =>
        {
            using var session = new Calculator.Client(protocol);
            await session.slow(CalculatorHandler.UntilReleased, token);
        }));

        await TimesOutAsync(guarded, () => server.Handler.SlowCallArrivesAsync());
        await Deadline.UntilAsync(() => front.Open == 0, "the connection is closed");
    }

    [Fact]
    public async Task OneThatWaitsForSomethingElseIsNotWaitedFor()
    {
        var isWaiting = false;
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port, options: Options(async (_, _) =>
        {
            isWaiting = true;
            await new TaskCompletionSource().Task;
        }));

        await TimesOutAsync(guarded, () => Deadline.UntilAsync(() => Volatile.Read(ref isWaiting), "the hook runs"));
    }

    [Fact]
    public async Task ACallerThatGivesUpMeanwhileGetsItsOwnCancellation()
    {
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port, options: Options(static async (protocol, token) =>
        {
            using var session = new Calculator.Client(protocol);
            await session.slow(CalculatorHandler.UntilReleased, token);
        }));
        using var impatience = new CancellationTokenSource();
        var call = guarded.Client.ping(impatience.Token);
        await server.Handler.SlowCallArrivesAsync();

        await impatience.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal(impatience.Token, error.CancellationToken);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    private static ThriftChannelOptions Options(Func<TProtocol, CancellationToken, ValueTask> onConnected) => new() { OnConnected = onConnected };

    private static async Task TimesOutAsync(Guarded guarded, Func<Task> begun)
    {
        var call = guarded.Client.ping(TestContext.Current.CancellationToken);
        await begun();
        guarded.Clock.Advance(new ThriftChannelOptions().ConnectTimeout);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Contains("within the ConnectTimeout of 5 s. OnConnected has not ended", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }
}
