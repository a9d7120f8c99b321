using System.Net.Sockets;
using Circuit.Calculators;
using Thrift.Protocol;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Faults;

/// <summary>The exception, the outcome and the connection of calls to servers and networks that fail.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task SilentServer_TimeoutNamesSettingAndEndpoint()
    {
        var error = Assert.IsType<TimeoutException>(await GetFaultErrorAsync(Fault.Silence));
        Assert.Contains("within the CallTimeout of 10 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HalfReplyThenSilence_IsATimeout()
        => Assert.IsType<TimeoutException>(await GetFaultErrorAsync(Fault.HalfReplyThenSilence));

    [Fact]
    public async Task HalfReplyThenClose_IsEndOfFile()
    {
        var error = Assert.IsType<TTransportException>(await GetFaultErrorAsync(Fault.HalfReplyThenClose));
        Assert.Equal(TTransportException.ExceptionType.EndOfFile, error.Type);
    }

    [Fact]
    public async Task CloseInsteadOfReply_IsEndOfFile()
    {
        var error = Assert.IsType<TTransportException>(await GetFaultErrorAsync(Fault.Close));
        Assert.Equal(TTransportException.ExceptionType.EndOfFile, error.Type);
    }

    [Fact]
    public async Task ResetConnection_IsIOException()
    {
        var error = Assert.IsType<IOException>(await GetFaultErrorAsync(Fault.Reset));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
    }

    [Theory]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary, typeof(TTransportException))]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Compact, typeof(TProtocolException))]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Json, typeof(TProtocolException))]
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Binary, typeof(TTransportException))]
    public async Task NonThriftReply_IsAnException(ThriftTransport transport, ThriftProtocol protocol, Type expected)
        => Assert.IsType(expected, await GetFaultErrorAsync(Fault.Garbage, new WireFormat(transport, protocol)));

    [Fact]
    public async Task RefusedConnection_NamesTheEndpoint()
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
    public async Task UnknownHost_FailsTheCallAndNotConnect()
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

        // A call to an existing host, with the same circuit breaker, succeeds.
        await using var server = CalculatorServer.Start();
        await using var next = Calculator.CircuitBreakerClient.Connect(new ThriftEndpoint("localhost", server.Port), new ThriftChannelOptions(), breaker);
        Assert.Equal("next", await next.echo("next", TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal([CallOutcome.Failure, CallOutcome.Failure, CallOutcome.Success], outcomes);
        Assert.Equal(0, breaker.FailureCount);
    }

    [Fact]
    public async Task BlackHoledConnect_TimeoutNamesSettingAndEndpoint()
    {
        using var hole = await BlackHole.CreateAsync();
        await using var guarded = new Guarded(hole.Port);
        var call = guarded.Client.ping(TestContext.Current.CancellationToken);
        await guarded.AdvanceUntilTimeoutAsync(call);
        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains($"No connection to 127.0.0.1:{hole.Port} (buffered, binary) within the ConnectTimeout of 5 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task FramedClientOfUnframedServer_IsATimeout()
    {
        await using var server = CalculatorServer.Start(new WireFormat(ThriftTransport.Buffered, ThriftProtocol.Binary));
        await using var guarded = new Guarded(server.Port, new WireFormat(ThriftTransport.Framed, ThriftProtocol.Binary));
        var call = guarded.Client.ping(TestContext.Current.CancellationToken);
        await guarded.AdvanceUntilTimeoutAsync(call);
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task OnewayCall_ConnectTimesOut_IsAFailure()
    {
        using var hole = await BlackHole.CreateAsync();
        await using var guarded = new Guarded(hole.Port);
        var call = guarded.Client.note("lost", TestContext.Current.CancellationToken);
        await guarded.AdvanceUntilTimeoutAsync(call);
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task OnewayCalls_DoNotResetConsecutiveFailures()
    {
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port);
        for (var round = 1; round <= 3; round++)
        {
            await guarded.Client.note("oneway", TestContext.Current.CancellationToken);
            var call = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
            await guarded.AdvanceUntilTimeoutAsync(call);
            await Assert.ThrowsAsync<TimeoutException>(() => call);
        }

        Assert.Equal(CircuitState.Open, guarded.CircuitBreaker.State);
    }

    /// <summary>
    /// Gets the exception of a call with a fault on a pooled connection. Asserts that it counts once, that its
    /// connection is closed and that the next call succeeds.
    /// </summary>
    private static async Task<Exception> GetFaultErrorAsync(Fault fault, WireFormat? wireFormat = null)
    {
        await using var server = CalculatorServer.Start(wireFormat);
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port, wireFormat);
        await guarded.EchoAsync(3);
        Assert.Equal(1, proxy.AcceptedCount);

        var error = await guarded.EchoWithFaultAsync(fault, proxy);

        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "the connection is closed");
        await guarded.EchoAsync(3);
        Assert.Equal(2, proxy.AcceptedCount);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
        return error;
    }
}
