using Circuit.Calculators;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>
/// A row for each way in which a call over a socket ends: what the caller sees, what the circuit counts, whether the connection is kept, and
/// that the next call is right. In each way of speaking. What it takes another server for stands with its kind: <see cref="TlsTests"/>,
/// <see cref="MultiplexedTests"/>, <see cref="HttpTests"/>, and in <see cref="FaultTests"/> the servers that cannot be reached.
/// </summary>
public sealed class FaultMatrixTests
{
    /// <summary>More than two sockets and what is between them can hold, and less than a frame may.</summary>
    private static readonly string LargeText = new('x', 15_000_000);

    private static readonly Dictionary<string, Row> Rows = new()
    {
        ["a result"] = new(static bench => bench.Client.echo("text", bench.Token), Error: null, CallOutcome.Success, Kept: true),
        ["a declared exception"] = new(static bench => bench.Client.calculate(Calls.OneByZero, bench.Token), typeof(DivisionByZero), CallOutcome.Success, Kept: true),
        ["an error that the contract does not declare"] = new(static bench => bench.Client.crash(bench.Token), typeof(TApplicationException), CallOutcome.Failure, Kept: true),
        ["no result where there must be one"] = new(static bench => bench.Client.history(Operation.ADD, [], bench.Token), typeof(TApplicationException), CallOutcome.Ignored, Kept: true),
        ["a method that the server does not know"] = new(static bench => bench.Client.calculate(Calls.OneByZero, bench.Token), typeof(TApplicationException), CallOutcome.Ignored, Kept: true) { OldServer = true },
        ["a oneway call"] = new(static bench => bench.Client.note("text", bench.Token), Error: null, CallOutcome.Ignored, Kept: true),
        ["a token that is cancelled already"] = new(static bench => bench.Client.ping(new CancellationToken(canceled: true)), typeof(OperationCanceledException), Counted: null, Kept: true),
        ["a caller that gives up"] = new(static bench => bench.GiveUpAsync(), typeof(OperationCanceledException), CallOutcome.Cancelled, Kept: false),
        ["a handler that makes the server hang up"] = new(static bench => bench.Client.echo(CalculatorHandler.HangUp, bench.Token), typeof(TTransportException), CallOutcome.Failure, Kept: false),
        ["a connection closed instead of a reply"] = new(static bench => bench.EchoAsync(Fault.Close), typeof(TTransportException), CallOutcome.Failure, Kept: false),
        ["a connection closed within the reply"] = new(static bench => bench.EchoAsync(Fault.HalfReplyThenClose), typeof(TTransportException), CallOutcome.Failure, Kept: false),
        ["a connection that is reset"] = new(static bench => bench.EchoAsync(Fault.Reset), typeof(IOException), CallOutcome.Failure, Kept: false),
        ["an answer that is no Thrift"] = new(static bench => bench.EchoAsync(Fault.Garbage), typeof(Exception), CallOutcome.Failure, Kept: false) { ErrorIn = GarbageIn },
        ["an answer of nothing but ones"] = new(static bench => bench.EchoAsync(Fault.Ones), typeof(Exception), CallOutcome.Failure, Kept: false) { ErrorIn = OnesIn },
        ["silence"] = new(static bench => bench.EchoAsync(Fault.Silence), typeof(TimeoutException), CallOutcome.Failure, Kept: false),
        ["half a reply, and then silence"] = new(static bench => bench.EchoAsync(Fault.HalfReplyThenSilence), typeof(TimeoutException), CallOutcome.Failure, Kept: false),
        ["a byte a second"] = new(static bench => bench.EchoAsync(Fault.OneByteASecond), typeof(TimeoutException), CallOutcome.Failure, Kept: false),
        ["a server that does not read the request"] = new(static bench => bench.EchoAsync(Fault.NoMoreReading, LargeText), typeof(TimeoutException), CallOutcome.Failure, Kept: false),
        ["an idle connection that the server has closed"] = new(static bench => bench.AfterHangUpAsync(), Error: null, CallOutcome.Success, Kept: false),
        ["a oneway call on one"] = new(static bench => bench.NoteAfterHangUpAsync(), Error: null, CallOutcome.Ignored, Kept: false),
    };

    public static TheoryData<string, ThriftTransport, ThriftProtocol> EveryRowInEveryWayOfSpeaking { get; } = new(
        from row in Rows.Keys
        from transport in Enum.GetValues<ThriftTransport>()
        from protocol in Enum.GetValues<ThriftProtocol>()
        select (row, transport, protocol));

    [Theory]
    [MemberData(nameof(EveryRowInEveryWayOfSpeaking))]
    public async Task ACallEndsAsTheMatrixSays(string name, ThriftTransport transport, ThriftProtocol protocol)
    {
        var row = Rows[name];
        var wireFormat = new WireFormat(transport, protocol);
        var served = wireFormat.WithAnswersInOnePiece;
        await using var server = row.OldServer ? CalculatorServer.StartMonitored(served) : CalculatorServer.Start(served);
        await using var front = new FaultInjectionProxy(server.Port, transport == ThriftTransport.Raw ? wireFormat : null);
        await using var guarded = new Guarded(front.Port, wireFormat);
        await guarded.EchoAsync(1);
        CallOutcome? counted = null;
        guarded.CircuitBreaker.CallCompleted += (_, call) => counted = call.Outcome;

        var call = row.Call(new Bench(server, front, guarded));
        if (row.Error == typeof(TimeoutException))
        {
            await Deadline.UntilAsync(() => front.NextIsMet, "the request has met its fault");
            guarded.Clock.Advance(new ThriftChannelOptions().CallTimeout - TimeSpan.FromTicks(1));
            Assert.False(call.IsCompleted);
            guarded.Clock.Advance(TimeSpan.FromTicks(1));
        }

        var error = await Record.ExceptionAsync(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        if ((row.ErrorIn?.Invoke(wireFormat) ?? row.Error) is { } expected)
        {
            // The exact type; only a cancellation may be one of a task.
            Assert.True(error?.GetType() == expected || (error is TaskCanceledException && expected == typeof(OperationCanceledException)), $"{error}");
        }
        else
        {
            Assert.Null(error);
        }

        Assert.Equal(row.Counted, counted);

        await guarded.EchoAsync(2, "next");
        Assert.Equal(row.Kept ? 1 : 2, front.Accepted);
    }

    /// <summary>A frame of that length, or a text in binary, is beyond the limit; what the others see is another protocol.</summary>
    private static Type GarbageIn(WireFormat wireFormat) => wireFormat.Transport == ThriftTransport.Framed || wireFormat.Protocol == ThriftProtocol.Binary ? typeof(TTransportException) : typeof(TProtocolException);

    /// <summary>A frame of -1 bytes; in binary, another version.</summary>
    private static Type OnesIn(WireFormat wireFormat) => wireFormat.Transport == ThriftTransport.Framed ? typeof(TTransportException) : typeof(TProtocolException);

    /// <param name="Call">What is done.</param>
    /// <param name="Error">What the caller gets; null: a result.</param>
    /// <param name="Counted">What the circuit is told; null: nothing, not even of the call.</param>
    /// <param name="Kept">Whether the next call goes over the same connection.</param>
    private sealed record Row(Func<Bench, Task> Call, Type? Error, CallOutcome? Counted, bool Kept)
    {
        /// <summary>Whether the server knows only what every service of the family can do.</summary>
        public bool OldServer { get; init; }

        /// <summary>What the caller gets, where that depends on how it speaks.</summary>
        public Func<WireFormat, Type>? ErrorIn { get; init; }
    }

    private sealed record Bench(CalculatorServer Server, FaultInjectionProxy Front, Guarded Guarded)
    {
        public CancellationToken Token { get; } = TestContext.Current.CancellationToken;

        public Calculator.CircuitBreakerClient Client => Guarded.Client;

        public Task<string> EchoAsync(Fault fault, string text = "lost")
        {
            Front.Next = fault;
            return Client.echo(text, Token);
        }

        public async Task GiveUpAsync()
        {
            using var impatience = new CancellationTokenSource();
            var call = Client.slow(CalculatorHandler.UntilReleased, impatience.Token);
            await Server.Handler.SlowCallArrivesAsync();
            await impatience.CancelAsync();
            await call;
        }

        public async Task AfterHangUpAsync()
        {
            await Front.HangUpAsync();
            Assert.Equal("text", await Client.echo("text", Token));
        }

        public async Task NoteAfterHangUpAsync()
        {
            await Front.HangUpAsync();
            await Client.note("arrives all the same", Token);
            Assert.Equal("arrives all the same", await Server.Handler.LastNote.Task.WaitAsync(Deadline.Short, Token));
        }
    }
}
