using Circuit.Calculators;
using Thrift.Protocol;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

#pragma warning disable TB0014 // OnConnected uses a bare client on the new connection.

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>The callback of new connections, for example a login.</summary>
public sealed class OnConnectedTests
{
    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task Callback_RunsOncePerConnection(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        var logins = 0;
        await using var server = CalculatorServer.Start(wireFormat);
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port, wireFormat, Options(async (protocol, token) =>
        {
            using var session = new Calculator.Client(protocol);
            Assert.Equal("user", await session.echo("user", token));
            Assert.Equal("password", await session.echo("password", token));
            logins++;
        }));
        Assert.Equal(0, logins);

        await guarded.EchoAsync(10);
        Assert.Equal((1, 1), (logins, proxy.AcceptedCount));

        await proxy.CloseConnectionsAsync();
        await guarded.EchoAsync(10);
        Assert.Equal((2, 2), (logins, proxy.AcceptedCount));
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    /// <summary>The client of the callback starts its sequence IDs at 1, as that of the calls does.</summary>
    [Fact]
    public async Task ReplyToOnewayCall_IsNotReturnedToAnyCall()
    {
        var hasSent = false;
        await using var server = CalculatorServer.StartMonitored();
        await using var guarded = new Guarded(server.Port, options: Options(async (protocol, token) =>
        {
            if (!hasSent)
            {
                hasSent = true;
                using var session = new Calculator.Client(protocol);
                await session.note("unknown to this server, which replies nevertheless", token);
            }
        }));

        await Assert.ThrowsAsync<TProtocolException>(() => guarded.EchoAsync(1));
        await guarded.EchoAsync(10);
    }

    [Fact]
    public async Task CallbackThrows_ConnectionFails()
    {
        var isWrong = true;
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port, options: Options(async (protocol, token) =>
        {
            using var session = new Calculator.Client(protocol);
            await session.calculate(isWrong ? Calls.DivideByZero : new Work(1, 1), token);
        }));

        var error = await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));

        // Not a declared exception of the call: the call itself has got no reply.
        Assert.IsType<DivisionByZero>(error.InnerException);
        Assert.Equal(TTransportException.ExceptionType.NotOpen, error.Type);
        Assert.StartsWith($"No connection to 127.0.0.1:{proxy.Port} (buffered, binary): ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("OnConnected has failed.", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "the connection is closed");

        isWrong = false;
        await guarded.EchoAsync(3);
        Assert.Equal(2, proxy.AcceptedCount);
    }

    [Fact]
    public async Task CallbackWaitsForServer_ConnectTimeoutApplies()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port, options: Options(static async (protocol, token) =>
        {
            using var session = new Calculator.Client(protocol);
            await session.slow(CalculatorHandler.UntilReleased, token);
        }));

        await AdvanceUntilTimeoutAsync(guarded, () => server.Handler.WaitForSlowCallAsync());
        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "the connection is closed");
    }

    [Fact]
    public async Task CallbackIgnoresToken_ConnectTimeoutApplies()
    {
        var isWaiting = false;
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port, options: Options(async (_, _) =>
        {
            isWaiting = true;
            await new TaskCompletionSource().Task;
        }));

        await AdvanceUntilTimeoutAsync(guarded, () => Deadline.UntilAsync(() => Volatile.Read(ref isWaiting), "the callback runs"));
    }

    /// <summary>A callback that blocks its thread cannot be interrupted, but its call can.</summary>
    [Fact]
    public async Task CallbackBlocksItsThread_ConnectTimeoutApplies()
    {
        using var release = new ManualResetEventSlim();
        using var isBlocking = new ManualResetEventSlim();
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port, options: Options((_, _) =>
        {
            isBlocking.Set();
            release.Wait(CancellationToken.None);
            return ValueTask.CompletedTask;
        }));

        var call = Task.Run(() => guarded.Client.ping(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        await Deadline.UntilAsync(() => isBlocking.IsSet, "the callback runs");
        guarded.Clock.Advance(new ThriftChannelOptions().ConnectTimeout);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        release.Set();
        Assert.Contains("within the ConnectTimeout of 5 s. OnConnected has not completed", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task CallbackSucceedsAfterConnectTimeout_CallFails()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        var isLate = true;
        Guarded? late = null;
        await using var guarded = late = new Guarded(proxy.Port, options: Options((_, _) =>
        {
            late!.Clock.Advance(isLate ? new ThriftChannelOptions().ConnectTimeout : TimeSpan.Zero);
            return ValueTask.CompletedTask;
        }));

        await Assert.ThrowsAsync<TimeoutException>(() => guarded.Client.ping(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));

        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "the connection is closed");
        isLate = false;
        await guarded.EchoAsync(3);
        Assert.Equal(2, proxy.AcceptedCount);
    }

    [Fact]
    public async Task CallCancelledDuringCallback_HasCallersToken()
    {
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port, options: Options(static async (protocol, token) =>
        {
            using var session = new Calculator.Client(protocol);
            await session.slow(CalculatorHandler.UntilReleased, token);
        }));
        using var cancellation = new CancellationTokenSource();
        var call = guarded.Client.ping(cancellation.Token);
        await server.Handler.WaitForSlowCallAsync();

        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal(cancellation.Token, error.CancellationToken);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    private static ThriftChannelOptions Options(Func<TProtocol, CancellationToken, ValueTask> onConnected) => new() { OnConnected = onConnected };

    private static async Task AdvanceUntilTimeoutAsync(Guarded guarded, Func<Task> waitForStart)
    {
        var call = guarded.Client.ping(TestContext.Current.CancellationToken);
        await waitForStart();
        guarded.Clock.Advance(new ThriftChannelOptions().ConnectTimeout);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Contains("within the ConnectTimeout of 5 s. OnConnected has not completed", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }
}
