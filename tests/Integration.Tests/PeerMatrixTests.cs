using Circuit.Calculators;
using Circuit.Example;
using Thrift;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>
/// A row for each way in which a call ends, against the servers of other libraries and languages, in each way of speaking that they know: what
/// the caller sees, what the circuit counts, how many connections it took, and that the next call is right.
/// </summary>
public sealed class PeerMatrixTests(Peers peers) : IClassFixture<Peers>
{
    /// <summary>More than the buffers of both sides and what is between them.</summary>
    private static readonly string LargeText = new('x', 500_000);

    private static readonly Dictionary<string, Row> Rows = new()
    {
        ["results of every kind"] = new(static bench => Calls.OfEveryKindAsync(bench.Client), new(Error: null, CallOutcome.Success, Connections: 1)),
        ["a declared exception"] = new(static bench => bench.Client.calculate(Calls.OneByZero, bench.Token), new(typeof(DivisionByZero), CallOutcome.Success, Connections: 1)),
        ["an error that the contract does not declare"] = new(static bench => bench.Client.crash(bench.Token), new(typeof(TApplicationException), CallOutcome.Failure, Connections: 1))
        {
            // It hangs up.
            Except = (Peer.ThriftPy, new(typeof(TTransportException), CallOutcome.Failure, Connections: 2)),
        },
        ["no result where there must be one"] = new(static bench => bench.Client.history(Operation.ADD, [], bench.Token), new(typeof(TApplicationException), CallOutcome.Ignored, Connections: 1)),
        ["a method that the server does not know"] = new(static bench => bench.AskAnotherServiceAsync(), new(typeof(TApplicationException), CallOutcome.Ignored, Connections: 2))
        {
            // It never says what kind of error it is: its library sends a field that nobody has set.
            Except = (Peer.Node, new(typeof(TApplicationException), CallOutcome.Failure, Connections: 2)),
        },
        ["a oneway call"] = new(static bench => bench.NoteArrivesAsync(), new(Error: null, CallOutcome.Ignored, Connections: 1)),
        ["a slow call"] = new(static bench => bench.Client.slow(100, bench.Token), new(Error: null, CallOutcome.Success, Connections: 1)),
        ["a slow call that times out"] = new(static bench => bench.TimeOutAsync(), new(typeof(TimeoutException), CallOutcome.Failure, Connections: 2)),
        ["a slow call whose caller gives up"] = new(static bench => bench.GiveUpAsync(), new(typeof(OperationCanceledException), CallOutcome.Cancelled, Connections: 2)),
        ["a large reply"] = new(static bench => bench.LargeReplyAsync(), new(Error: null, CallOutcome.Success, Connections: 1)),
    };

    public static TheoryData<Peer, ThriftTransport, ThriftProtocol> EveryPeerAsItSpeaks { get; } = new(
        from peer in Enum.GetValues<Peer>()
        from wireFormat in Peers.SpeechesOf(peer)
        select (peer, wireFormat.Transport, wireFormat.Protocol));

    public static TheoryData<Peer, ThriftTransport, ThriftProtocol, string> EveryRow { get; } = new(
        from peer in EveryPeerAsItSpeaks
        from row in Rows.Keys
        select (peer.Data.Item1, peer.Data.Item2, peer.Data.Item3, row));

    [Theory]
    [MemberData(nameof(EveryRow))]
    public async Task ACallEndsAsTheMatrixSays(Peer peer, ThriftTransport transport, ThriftProtocol protocol, string name)
    {
        var wireFormat = new WireFormat(transport, protocol);
        var row = Rows[name];
        var end = row.Except is { } exception && exception.Of == peer ? exception.End : row.End;
        var server = await peers.GetAsync(peer, wireFormat);
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port, wireFormat);
        await guarded.EchoAsync(1);
        CallOutcome? counted = null;
        guarded.CircuitBreaker.CallCompleted += (_, call) => counted = call.Outcome;

        var error = await Record.ExceptionAsync(() => row.Call(new Bench(server, wireFormat.At(front.Port), guarded)).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));

        Assert.True(end.Error is null ? error is null : end.Error.IsInstanceOfType(error), $"{error}");
        Assert.Equal(end.Counted, counted);
        await guarded.EchoAsync(3, "next");
        Assert.Equal(end.Connections, front.Accepted);
    }

    [Theory]
    [MemberData(nameof(EveryPeerAsItSpeaks))]
    public async Task AServerThatIsKilledAndStartedAgainOpensAndClosesTheCircuit(Peer peer, ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        var server = await peers.GetAsync(peer, wireFormat);
        await using var guarded = new Guarded(server.Port, wireFormat);
        await guarded.EchoAsync(3);

        await server.DisposeAsync();
        for (var call = 1; call <= 3; call++)
        {
            var error = await Assert.ThrowsAnyAsync<Exception>(() => guarded.Client.echo("lost", TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            Assert.Contains($"{wireFormat.At(server.Port)}", error.Message, StringComparison.Ordinal);
            Assert.Equal(call, guarded.CircuitBreaker.FailureCount);
        }

        await Assert.ThrowsAsync<CircuitOpenException>(() => guarded.Client.echo("rejected", TestContext.Current.CancellationToken));

        await peers.StartAgainAsync(peer, wireFormat, server.Port);
        guarded.Clock.Advance(Guarded.ResetTimeout);
        await guarded.EchoAsync(3, "next");
        Assert.Equal(CircuitState.Closed, guarded.CircuitBreaker.State);
    }

    /// <param name="Call">What is done.</param>
    /// <param name="End">What comes of it.</param>
    private sealed record Row(Func<Bench, Task> Call, End End)
    {
        /// <summary>Whose server does otherwise, and what comes of it there.</summary>
        public (Peer Of, End End)? Except { get; init; }
    }

    /// <param name="Error">What the caller gets; null: a result.</param>
    /// <param name="Counted">What the circuit is told.</param>
    /// <param name="Connections">How many there have been after the next call, with that of the call before.</param>
    private sealed record End(Type? Error, CallOutcome Counted, int Connections);

    private sealed record Bench(PeerProcess Server, ThriftEndpoint Endpoint, Guarded Guarded)
    {
        public CancellationToken Token { get; } = TestContext.Current.CancellationToken;

        public Calculator.CircuitBreakerClient Client => Guarded.Client;

        public async Task AskAnotherServiceAsync()
        {
            await using var other = MyService.CircuitBreakerClient.Connect(Endpoint, new ThriftChannelOptions(), Guarded.CircuitBreaker);
            await other.doSomething(new Request { Data = "to another server" }, Token);
        }

        public async Task NoteArrivesAsync()
        {
            var text = $"sent {Guid.NewGuid()}";
            await Client.note(text, Token);
            await Server.SaysAsync($"note {text}");
        }

        public async Task TimeOutAsync()
        {
            var call = await BeginSlowCallAsync(Token);
            Guarded.Clock.Advance(new ThriftChannelOptions().CallTimeout - TimeSpan.FromTicks(1));
            Assert.False(call.IsCompleted);
            Guarded.Clock.Advance(TimeSpan.FromTicks(1));
            await call;
        }

        public async Task GiveUpAsync()
        {
            using var impatience = new CancellationTokenSource();
            var call = await BeginSlowCallAsync(impatience.Token);
            await impatience.CancelAsync();
            await call;
        }

        public async Task LargeReplyAsync() => Assert.Equal(LargeText, await Client.echo(LargeText, Token));

        /// <summary>A call that the server works on, and will for longer than the test takes.</summary>
        private async Task<Task> BeginSlowCallAsync(CancellationToken cancellationToken)
        {
            var milliseconds = Random.Shared.Next(20_000, 30_000);
            var call = Client.slow(milliseconds, cancellationToken);
            await Server.SaysAsync($"slow {milliseconds}");
            return call;
        }
    }
}
