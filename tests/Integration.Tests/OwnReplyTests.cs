using Circuit.Calculators;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using Thrift.Transport.Client;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>
/// The trap: the Thrift client does not check which request a reply belongs to. After a call that did not read its reply, the
/// next caller gets the previous caller's answer.
/// </summary>
public sealed class OwnReplyTests
{
    private const int CallsAfterwards = 1_000;

    public static TheoryData<Fault, ThriftTransport, ThriftProtocol> EveryFaultInEveryWayOfSpeaking { get; } = new(
        from fault in Enum.GetValues<Fault>()
        where fault is not (Fault.None or Fault.LateReply or Fault.ReplyTwice or Fault.OneByteASecond or Fault.NoMoreReading)
        from transport in Enum.GetValues<ThriftTransport>()
        where transport != ThriftTransport.Raw // There the front could not tell where a message ends.
        from protocol in Enum.GetValues<ThriftProtocol>()
        select (fault, transport, protocol));

    [Fact]
    public async Task ABareClientGivesTheNextCallerThePreviousCallersAnswer()
    {
        await using var server = CalculatorServer.Start(new WireFormat(ThriftTransport.Framed, ThriftProtocol.Binary));
        using var tcp = new System.Net.Sockets.TcpClient();
        await tcp.ConnectAsync("127.0.0.1", server.Port, TestContext.Current.CancellationToken);
#pragma warning disable TB0014 // The trap is that of a bare client.
        using var client = new Calculator.Client(new TBinaryProtocol(new TFramedTransport(new TSocketTransport(tcp, new TConfiguration()))));
#pragma warning restore TB0014

        using var impatience = new CancellationTokenSource();
        var call = client.slow(CalculatorHandler.UntilReleased, impatience.Token);
        await server.Handler.SlowCallArrivesAsync();
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        server.Handler.Release();

        Assert.Equal(
            CalculatorHandler.UntilReleased,
            await client.slow(10, TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(WireFormat.InOnePiece), MemberType = typeof(WireFormat))]
    public async Task AfterACancelledCallEveryCallerGetsItsOwnAnswer(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var guarded = new Guarded(server.Port, wireFormat);
        await guarded.EchoAsync(1);

        using var impatience = new CancellationTokenSource();
        var call = guarded.Client.slow(CalculatorHandler.UntilReleased, impatience.Token);
        await server.Handler.SlowCallArrivesAsync();
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        server.Handler.Release();

        Assert.Equal(10, await guarded.Client.slow(10, TestContext.Current.CancellationToken));
        await guarded.EchoAsync(CallsAfterwards);
    }

    [Theory]
    [MemberData(nameof(WireFormat.InOnePiece), MemberType = typeof(WireFormat))]
    public async Task AfterATimedOutCallEveryCallerGetsItsOwnAnswer(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var guarded = new Guarded(server.Port, wireFormat);
        await guarded.EchoAsync(1);

        var call = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.SlowCallArrivesAsync();
        await guarded.TimesOutAsync(call);
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        server.Handler.Release();

        Assert.Equal(10, await guarded.Client.slow(10, TestContext.Current.CancellationToken));
        await guarded.EchoAsync(CallsAfterwards);
    }

    [Theory]
    [MemberData(nameof(EveryFaultInEveryWayOfSpeaking))]
    public async Task AfterAFailedCallEveryCallerGetsItsOwnAnswer(Fault fault, ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port, wireFormat);
        await guarded.EchoAsync(1);

        await guarded.MeetAsync(fault, front);

        await guarded.EchoAsync(CallsAfterwards);
    }

    /// <summary>Endings after which the connection is kept: here a reply too many would shift every later caller.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AfterAnErrorThatWasReadWholeEveryCallerGetsItsOwnAnswer(bool connectionPerCall)
    {
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port, options: new ThriftChannelOptions { ConnectionPerCall = connectionPerCall });
        var token = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<TApplicationException>(() => guarded.Client.crash(token));
        await guarded.EchoAsync(CallsAfterwards);
        await Assert.ThrowsAsync<TApplicationException>(() => guarded.Client.history(Operation.ADD, [], token));
        await guarded.EchoAsync(CallsAfterwards);
        await Assert.ThrowsAsync<DivisionByZero>(() => guarded.Client.calculate(Calls.OneByZero, token));
        await guarded.EchoAsync(CallsAfterwards);
        await guarded.Client.note("nobody answers", token);
        await guarded.EchoAsync(CallsAfterwards);
    }

    [Theory]
    [MemberData(nameof(WireFormat.InOnePiece), MemberType = typeof(WireFormat))]
    public async Task AReplyTooManyIsNobodysAnswer(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port, wireFormat);
        await guarded.EchoAsync(1);

        front.Next = Fault.ReplyTwice;
        Assert.Equal("twice", await guarded.Client.echo("twice", TestContext.Current.CancellationToken));

        // The next caller finds the surplus reply in the socket, and gets a new connection, or in the buffer, and is told.
        var next = await Record.ExceptionAsync(() => guarded.EchoAsync(1, "next"));
        Assert.True(next is null or TProtocolException, $"{next}");
        await guarded.EchoAsync(CallsAfterwards);
    }

    /// <summary>A server that does not know a oneway method answers it all the same: Thrift's own processor does.</summary>
    [Fact]
    public async Task AnAnswerToAOnewayCallIsNobodysAnswer()
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
    public async Task ManyCallersAtOnceEachGetTheirOwnAnswer()
    {
        const int Callers = 8;
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port);
        var calls = ThriftBreaker.Tests.TestRun.Times(quick: 300, @long: 5_000);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => guarded.EchoAsync(calls, $"caller {caller}"))))
            .WaitAsync(Deadline.Long, TestContext.Current.CancellationToken);
    }
}
