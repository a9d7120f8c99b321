using Circuit.Calculators;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using Thrift.Transport.Client;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Faults;

/// <summary>
/// Each call gets its own reply. The Thrift client does not check which request a reply answers: after a call that did
/// not read its reply, the next call returns that reply.
/// </summary>
public sealed class OwnReplyTests
{
    private const int CallsAfterwards = 1_000;

    public static TheoryData<Fault, ThriftTransport, ThriftProtocol> EveryFaultAndWireFormat { get; } = new(
        from fault in Enum.GetValues<Fault>()
        where fault is not (Fault.None or Fault.LateReply or Fault.ReplyTwice or Fault.OneBytePerSecond or Fault.StopReading)
        from transport in Enum.GetValues<ThriftTransport>()
        where transport != ThriftTransport.Raw // The proxy cannot detect the end of a message in unbuffered writes.
        from protocol in Enum.GetValues<ThriftProtocol>()
        select (fault, transport, protocol));

    [Fact]
    public async Task BareClient_NextCallGetsPreviousReply()
    {
        await using var server = CalculatorServer.Start(new WireFormat(ThriftTransport.Framed, ThriftProtocol.Binary));
        using var tcp = new System.Net.Sockets.TcpClient();
        await tcp.ConnectAsync("127.0.0.1", server.Port, TestContext.Current.CancellationToken);
#pragma warning disable TB0014 // The test requires a client without a circuit breaker.
        using var client = new Calculator.Client(new TBinaryProtocol(new TFramedTransport(new TSocketTransport(tcp, new TConfiguration()))));
#pragma warning restore TB0014

        using var cancellation = new CancellationTokenSource();
        var call = client.slow(CalculatorHandler.UntilReleased, cancellation.Token);
        await server.Handler.WaitForSlowCallAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        server.Handler.Release();

        Assert.Equal(
            CalculatorHandler.UntilReleased,
            await client.slow(10, TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(WireFormat.SingleWrite), MemberType = typeof(WireFormat))]
    public async Task AfterCancelledCall_EachCallGetsItsOwnReply(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var guarded = new Guarded(server.Port, wireFormat);
        await guarded.EchoAsync(1);

        using var cancellation = new CancellationTokenSource();
        var call = guarded.Client.slow(CalculatorHandler.UntilReleased, cancellation.Token);
        await server.Handler.WaitForSlowCallAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        server.Handler.Release();

        Assert.Equal(10, await guarded.Client.slow(10, TestContext.Current.CancellationToken));
        await guarded.EchoAsync(CallsAfterwards);
    }

    [Theory]
    [MemberData(nameof(WireFormat.SingleWrite), MemberType = typeof(WireFormat))]
    public async Task AfterTimedOutCall_EachCallGetsItsOwnReply(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var guarded = new Guarded(server.Port, wireFormat);
        await guarded.EchoAsync(1);

        var call = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.WaitForSlowCallAsync();
        await guarded.AdvanceUntilTimeoutAsync(call);
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        server.Handler.Release();

        Assert.Equal(10, await guarded.Client.slow(10, TestContext.Current.CancellationToken));
        await guarded.EchoAsync(CallsAfterwards);
    }

    [Theory]
    [MemberData(nameof(EveryFaultAndWireFormat))]
    public async Task AfterFailedCall_EachCallGetsItsOwnReply(Fault fault, ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port, wireFormat);
        await guarded.EchoAsync(1);

        await guarded.EchoWithFaultAsync(fault, proxy);

        await guarded.EchoAsync(CallsAfterwards);
    }

    /// <summary>
    /// Errors after which the connection is kept: a surplus reply would shift the replies of all later calls.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AfterErrorReply_EachCallGetsItsOwnReply(bool connectionPerCall)
    {
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port, options: new ThriftChannelOptions { ConnectionPerCall = connectionPerCall });
        var token = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<TApplicationException>(() => guarded.Client.crash(token));
        await guarded.EchoAsync(CallsAfterwards);
        await Assert.ThrowsAsync<TApplicationException>(() => guarded.Client.history(Operation.ADD, [], token));
        await guarded.EchoAsync(CallsAfterwards);
        await Assert.ThrowsAsync<DivisionByZero>(() => guarded.Client.calculate(Calls.DivideByZero, token));
        await guarded.EchoAsync(CallsAfterwards);
        await guarded.Client.note("oneway", token);
        await guarded.EchoAsync(CallsAfterwards);
    }

    [Theory]
    [MemberData(nameof(WireFormat.SingleWrite), MemberType = typeof(WireFormat))]
    public async Task SurplusReply_IsNotReturnedToAnyCall(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port, wireFormat);
        await guarded.EchoAsync(1);

        proxy.NextFault = Fault.ReplyTwice;
        Assert.Equal("twice", await guarded.Client.echo("twice", TestContext.Current.CancellationToken));

        // If the surplus reply is in the socket, the next call opens a connection. If it is in the buffer, the call
        // fails.
        var next = await Record.ExceptionAsync(() => guarded.EchoAsync(1, "next"));
        Assert.True(next is null or TProtocolException, $"{next}");
        await guarded.EchoAsync(CallsAfterwards);
    }

    /// <summary>Thrift's processor replies to a oneway method that it does not know.</summary>
    [Fact]
    public async Task ReplyToOnewayCall_IsNotReturnedToAnyCall()
    {
        await using var server = CalculatorServer.StartMonitored();
        await using var guarded = new Guarded(server.Port);
        await guarded.EchoAsync(1);

        for (var round = 0; round < 20; round++)
        {
            await guarded.Client.note("unknown to this server", TestContext.Current.CancellationToken);
            var next = await Record.ExceptionAsync(() => guarded.EchoAsync(1, "next"));
            Assert.True(next is null or TProtocolException, $"{next}");
            await guarded.EchoAsync(50);
        }
    }

    [Fact]
    public async Task ConcurrentCallers_EachCallGetsItsOwnReply()
    {
        const int Callers = 8;
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port);
        var calls = ThriftBreaker.Tests.TestRun.Times(quick: 300, @long: 5_000);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => guarded.EchoAsync(calls, $"caller {caller}"))))
            .WaitAsync(Deadline.Long, TestContext.Current.CancellationToken);
    }
}
