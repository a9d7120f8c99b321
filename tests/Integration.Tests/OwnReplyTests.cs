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
        where fault != Fault.None
        from transport in Enum.GetValues<ThriftTransport>()
        from protocol in Enum.GetValues<ThriftProtocol>()
        select (fault, transport, protocol));

    [Fact]
    public async Task ABareClientGivesTheNextCallerThePreviousCallersAnswer()
    {
        await using var server = CalculatorServer.Start(new Speech(ThriftTransport.Framed, ThriftProtocol.Binary));
        using var tcp = new System.Net.Sockets.TcpClient();
        await tcp.ConnectAsync("127.0.0.1", server.Port, TestContext.Current.CancellationToken);
        using var client = new Calculator.Client(new TBinaryProtocol(new TFramedTransport(new TSocketTransport(tcp, new TConfiguration()))));

        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.slow(300, impatience.Token));

        Assert.Equal(300, await client.slow(10, TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Speech.All), MemberType = typeof(Speech))]
    public async Task AfterACancelledCallEveryCallerGetsItsOwnAnswer(ThriftTransport transport, ThriftProtocol protocol)
    {
        var speech = new Speech(transport, protocol);
        await using var server = CalculatorServer.Start(speech);
        await using var guarded = new Guarded(server.Port, speech);
        await guarded.EchoAsync(1);

        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guarded.Client.slow(300, impatience.Token));

        Assert.Equal(10, await guarded.Client.slow(10, TestContext.Current.CancellationToken));
        await guarded.EchoAsync(CallsAfterwards);
    }

    [Theory]
    [MemberData(nameof(Speech.All), MemberType = typeof(Speech))]
    public async Task AfterATimedOutCallEveryCallerGetsItsOwnAnswer(ThriftTransport transport, ThriftProtocol protocol)
    {
        var speech = new Speech(transport, protocol);
        await using var server = CalculatorServer.Start(speech);
        await using var guarded = new Guarded(server.Port, speech, new ThriftChannelOptions { CallTimeout = TimeSpan.FromMilliseconds(250) });
        await guarded.EchoAsync(1);

        await Assert.ThrowsAsync<TimeoutException>(() => guarded.Client.slow(1_000, TestContext.Current.CancellationToken));

        Assert.Equal(10, await guarded.Client.slow(10, TestContext.Current.CancellationToken));
        await guarded.EchoAsync(CallsAfterwards);
    }

    [Theory]
    [MemberData(nameof(EveryFaultInEveryWayOfSpeaking))]
    public async Task AfterAFailedCallEveryCallerGetsItsOwnAnswer(Fault fault, ThriftTransport transport, ThriftProtocol protocol)
    {
        var speech = new Speech(transport, protocol);
        await using var server = CalculatorServer.Start(speech);
        await using var front = new FaultyFront(server.Port);
        await using var guarded = new Guarded(front.Port, speech, new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(1) });
        await guarded.EchoAsync(1);

        front.Next = fault;
        await Assert.ThrowsAnyAsync<Exception>(() => guarded.Client.echo("lost", TestContext.Current.CancellationToken));

        await guarded.EchoAsync(CallsAfterwards);
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
