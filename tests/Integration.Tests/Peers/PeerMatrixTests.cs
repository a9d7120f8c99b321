using Circuit.Calculators;
using Circuit.Example;
using Thrift;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Peers;

/// <summary>
/// A row for each result of a call, against servers of other libraries and languages, in each wire format that they
/// support: the exception of the call, its outcome, the number of connections, and the success of the next call.
/// </summary>
public sealed class PeerMatrixTests(PeerServers peers) : IClassFixture<PeerServers>
{
    /// <summary>Larger than the buffers of both sides and of the sockets.</summary>
    private static readonly string LargeText = new('x', 500_000);

    private static readonly Dictionary<string, Row> Rows = new()
    {
        ["results of every kind"] = new(static bench => Calls.MakeEachKindAsync(bench.Client), new(Error: null, CallOutcome.Success, Connections: 1)),
        ["a declared exception"] = new(static bench => bench.Client.calculate(Calls.DivideByZero, bench.Token), new(typeof(DivisionByZero), CallOutcome.Success, Connections: 1)),
        ["an undeclared exception"] = new(static bench => bench.Client.crash(bench.Token), new(typeof(TApplicationException), CallOutcome.Failure, Connections: 1))
        {
            // It closes the connection.
            Exception = (Peer.ThriftPy, new(typeof(TTransportException), CallOutcome.Failure, Connections: 2)),
        },
        ["a missing result"] = new(static bench => bench.Client.history(Operation.ADD, [], bench.Token), new(typeof(TApplicationException), CallOutcome.Ignored, Connections: 1))
        {
            // It has no null lists: the result is an empty one.
            Exception = (Peer.Cpp, new(Error: null, CallOutcome.Success, Connections: 1)),
        },
        ["a method unknown to the server"] = new(static bench => bench.CallUnknownMethodAsync(), new(typeof(TApplicationException), CallOutcome.Ignored, Connections: 2))
        {
            // It sends no exception type: its library sends a field that is never set.
            Exception = (Peer.Node, new(typeof(TApplicationException), CallOutcome.Failure, Connections: 2)),
        },
        ["a oneway call"] = new(static bench => bench.NoteArrivesAsync(), new(Error: null, CallOutcome.Ignored, Connections: 1)),
        ["a slow call"] = new(static bench => bench.Client.slow(100, bench.Token), new(Error: null, CallOutcome.Success, Connections: 1)),
        ["a slow call that times out"] = new(static bench => bench.TimeOutAsync(), new(typeof(TimeoutException), CallOutcome.Failure, Connections: 2)),
        ["a slow call that is cancelled"] = new(static bench => bench.CancelAsync(), new(typeof(OperationCanceledException), CallOutcome.Cancelled, Connections: 2)),
        ["a large reply"] = new(static bench => bench.LargeReplyAsync(), new(Error: null, CallOutcome.Success, Connections: 1)),
    };

    public static TheoryData<Peer, ThriftTransport, ThriftProtocol> EveryPeerAndWireFormat { get; } = new(
        from peer in Enum.GetValues<Peer>()
        from wireFormat in PeerServers.GetWireFormats(peer)
        select (peer, wireFormat.Transport, wireFormat.Protocol));

    public static TheoryData<Peer, ThriftTransport, ThriftProtocol, string> EveryPeerWireFormatAndRow { get; } = new(
        from peer in EveryPeerAndWireFormat
        from row in Rows.Keys
        select (peer.Data.Item1, peer.Data.Item2, peer.Data.Item3, row));

    [Theory]
    [MemberData(nameof(EveryPeerWireFormatAndRow))]
    public async Task Call_EndsAsInMatrix(Peer peer, ThriftTransport transport, ThriftProtocol protocol, string name)
    {
        var wireFormat = new WireFormat(transport, protocol);
        var row = Rows[name];
        var expected = row.Exception is { } exception && exception.Peer == peer ? exception.Expected : row.Expected;
        var server = await peers.GetAsync(peer, wireFormat);
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port, wireFormat);
        await guarded.EchoAsync(1);
        CallOutcome? outcome = null;
        guarded.CircuitBreaker.CallCompleted += (_, call) => outcome = call.Outcome;

        var error = await Record.ExceptionAsync(() => row.Call(new Bench(server, wireFormat.At(proxy.Port), guarded)).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));

        Assert.True(expected.Error is null ? error is null : expected.Error.IsInstanceOfType(error), $"{error}");
        Assert.Equal(expected.Outcome, outcome);
        await guarded.EchoAsync(3, "next");
        Assert.Equal(expected.Connections, proxy.AcceptedCount);
    }

    [Theory]
    [MemberData(nameof(EveryPeerAndWireFormat))]
    public async Task KilledAndRestartedServer_OpensAndClosesCircuit(Peer peer, ThriftTransport transport, ThriftProtocol protocol)
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

        await peers.RestartAsync(peer, wireFormat, server.Port);
        guarded.Clock.Advance(Guarded.ResetTimeout);
        await guarded.EchoAsync(3, "next");
        Assert.Equal(CircuitState.Closed, guarded.CircuitBreaker.State);
    }

    /// <param name="Call">Makes the call.</param>
    /// <param name="Expected">The expected result.</param>
    private sealed record Row(Func<Bench, Task> Call, Expected Expected)
    {
        /// <summary>The peer with a different result, and that result.</summary>
        public (Peer Peer, Expected Expected)? Exception { get; init; }
    }

    /// <param name="Error">The type of the exception; null for none.</param>
    /// <param name="Outcome">The outcome that the circuit breaker records.</param>
    /// <param name="Connections">
    /// The number of connections after the next call, which includes that of the previous call.
    /// </param>
    private sealed record Expected(Type? Error, CallOutcome Outcome, int Connections);

    private sealed record Bench(PeerProcess Server, ThriftEndpoint Endpoint, Guarded Guarded)
    {
        public CancellationToken Token { get; } = TestContext.Current.CancellationToken;

        public Calculator.CircuitBreakerClient Client => Guarded.Client;

        public async Task CallUnknownMethodAsync()
        {
            await using var other = MyService.CircuitBreakerClient.Connect(Endpoint, new ThriftChannelOptions(), Guarded.CircuitBreaker);
            await other.doSomething(new Request { Data = "to another server" }, Token);
        }

        public async Task NoteArrivesAsync()
        {
            var text = $"sent {Guid.NewGuid()}";
            await Client.note(text, Token);
            await Server.PrintsAsync($"note {text}");
        }

        public async Task TimeOutAsync()
        {
            var call = await BeginSlowCallAsync(Token);
            Guarded.Clock.Advance(new ThriftChannelOptions().CallTimeout - TimeSpan.FromTicks(1));
            Assert.False(call.IsCompleted);
            Guarded.Clock.Advance(TimeSpan.FromTicks(1));
            await call;
        }

        public async Task CancelAsync()
        {
            using var cancellation = new CancellationTokenSource();
            var call = await BeginSlowCallAsync(cancellation.Token);
            await cancellation.CancelAsync();
            await call;
        }

        public async Task LargeReplyAsync() => Assert.Equal(LargeText, await Client.echo(LargeText, Token));

        /// <summary>Begins a call that takes the server longer than the test.</summary>
        private async Task<Task> BeginSlowCallAsync(CancellationToken cancellationToken)
        {
            var milliseconds = Random.Shared.Next(20_000, 30_000);
            var call = Client.slow(milliseconds, cancellationToken);
            await Server.PrintsAsync($"slow {milliseconds}");
            return call;
        }
    }
}
