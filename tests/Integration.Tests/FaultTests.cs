using System.Net.Sockets;
using Circuit.Calculators;
using Thrift.Protocol;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>What the caller sees, what the circuit counts and what becomes of the connection when servers and networks fail.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task ASilentServerIsATimeoutThatSaysWhichAndWhere()
    {
        var error = Assert.IsType<TimeoutException>(await CallMeeting(Fault.Silence));
        Assert.Contains("within the CallTimeout of 10 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HalfAReplyAndThenSilenceIsATimeout()
        => Assert.IsType<TimeoutException>(await CallMeeting(Fault.HalfReplyThenSilence));

    [Fact]
    public async Task HalfAReplyAndThenTheEndIsABrokenConnection()
    {
        var error = Assert.IsType<TTransportException>(await CallMeeting(Fault.HalfReplyThenClose));
        Assert.Equal(TTransportException.ExceptionType.EndOfFile, error.Type);
    }

    [Fact]
    public async Task AConnectionClosedInsteadOfAReplyIsABrokenConnection()
    {
        var error = Assert.IsType<TTransportException>(await CallMeeting(Fault.Close));
        Assert.Equal(TTransportException.ExceptionType.EndOfFile, error.Type);
    }

    [Fact]
    public async Task AResetConnectionIsAnIOException()
    {
        var error = Assert.IsType<IOException>(await CallMeeting(Fault.Reset));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
    }

    [Theory]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary, typeof(TTransportException))]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Compact, typeof(TProtocolException))]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Json, typeof(TProtocolException))]
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Binary, typeof(TTransportException))]
    public async Task AnAnswerThatIsNoThriftIsAnError(ThriftTransport transport, ThriftProtocol protocol, Type expected)
        => Assert.IsType(expected, await CallMeeting(Fault.Garbage, new WireFormat(transport, protocol)));

    [Fact]
    public async Task ARefusedConnectionSaysWhere()
    {
        int port;
        await using (var server = CalculatorServer.Start())
        {
            port = server.Port;
        }

        await using var guarded = new Guarded(port);
        var error = await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));
        Assert.Equal(TTransportException.ExceptionType.NotOpen, error.Type);
        Assert.StartsWith($"No connection to 127.0.0.1:{port} (buffered, binary): ", error.Message, StringComparison.Ordinal);
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task AnUnknownHostIsAFailedCallAndNotAFailedConnect()
    {
        var breaker = new CircuitBreaker(Calculator.CircuitBreakerClient.DefaultOptions);
        var outcomes = new List<CallOutcome>();
        breaker.CallCompleted += (_, call) => outcomes.Add(call.Outcome);
        await using var client = Calculator.CircuitBreakerClient.Connect(new ThriftEndpoint("no-such-host.invalid", 9090), new ThriftChannelOptions(), breaker);
        for (var call = 1; call <= 2; call++)
        {
            var error = await Assert.ThrowsAsync<TTransportException>(
                () => client.ping(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            Assert.Equal(TTransportException.ExceptionType.NotOpen, error.Type);
            Assert.IsAssignableFrom<SocketException>(error.InnerException);
            Assert.StartsWith("No connection to no-such-host.invalid:9090 (buffered, binary): ", error.Message, StringComparison.Ordinal);
            Assert.EndsWith("Check the host's name.", error.Message, StringComparison.Ordinal);
            Assert.Equal(call, breaker.FailureCount);
        }

        // To a host that there is, through the same circuit: nothing of it stays.
        await using var server = CalculatorServer.Start();
        await using var next = Calculator.CircuitBreakerClient.Connect(new ThriftEndpoint("localhost", server.Port), new ThriftChannelOptions(), breaker);
        Assert.Equal("next", await next.echo("next", TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal([CallOutcome.Failure, CallOutcome.Failure, CallOutcome.Success], outcomes);
        Assert.Equal(0, breaker.FailureCount);
    }

    [Fact]
    public async Task ABlackHoledConnectIsATimeoutThatSaysWhichAndWhere()
    {
        using var hole = await BlackHole.CreateAsync();
        await using var guarded = new Guarded(hole.Port);
        var call = guarded.Client.ping(TestContext.Current.CancellationToken);
        await guarded.TimesOutAsync(call);
        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains($"No connection to 127.0.0.1:{hole.Port} (buffered, binary) within the ConnectTimeout of 5 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task FramedAgainstUnframedIsATimeoutAndNoHang()
    {
        await using var server = CalculatorServer.Start(new WireFormat(ThriftTransport.Buffered, ThriftProtocol.Binary));
        await using var guarded = new Guarded(server.Port, new WireFormat(ThriftTransport.Framed, ThriftProtocol.Binary));
        var call = guarded.Client.ping(TestContext.Current.CancellationToken);
        await guarded.TimesOutAsync(call);
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task AOnewayCallThatFindsNoServerIsAFailure()
    {
        using var hole = await BlackHole.CreateAsync();
        await using var guarded = new Guarded(hole.Port);
        var call = guarded.Client.note("lost", TestContext.Current.CancellationToken);
        await guarded.TimesOutAsync(call);
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task OnewayCallsDoNotHideAServerThatHangs()
    {
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port);
        for (var round = 1; round <= 3; round++)
        {
            await guarded.Client.note("sent without an answer", TestContext.Current.CancellationToken);
            var call = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
            await guarded.TimesOutAsync(call);
            await Assert.ThrowsAsync<TimeoutException>(() => call);
        }

        Assert.Equal(CircuitState.Open, guarded.CircuitBreaker.State);
    }

    /// <summary>The error of a call that meets a fault on a kept connection: counted once, its connection closed, and the next call right.</summary>
    private static async Task<Exception> CallMeeting(Fault fault, WireFormat? wireFormat = null)
    {
        await using var server = CalculatorServer.Start(wireFormat);
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port, wireFormat);
        await guarded.EchoAsync(3);
        Assert.Equal(1, front.Accepted);

        var error = await guarded.MeetAsync(fault, front);

        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        await Deadline.UntilAsync(() => front.Open == 0, "the connection is closed");
        await guarded.EchoAsync(3);
        Assert.Equal(2, front.Accepted);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
        return error;
    }
}
