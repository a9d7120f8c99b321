using Circuit.Calculators;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Faults;

/// <summary>
/// A row for each result of a call over a socket, in each wire format: the exception, the outcome, whether the
/// connection is kept, and the success of the next call. Rows that require another server are in
/// <see cref="TlsTests"/>, <see cref="MultiplexedTests"/> and <see cref="HttpTests"/>; unreachable servers are in
/// <see cref="FaultTests"/>.
/// </summary>
public sealed class FaultMatrixTests
{
    /// <summary>Larger than the buffers of two sockets, and smaller than the frame limit.</summary>
    private static readonly string LargeText = new('x', 15_000_000);

    private static readonly Dictionary<string, Row> Rows = new()
    {
        ["a result"] = new(static bench => bench.Client.echo("text", bench.Token), Error: null, CallOutcome.Success, Kept: true),
        ["a declared exception"] = new(static bench => bench.Client.calculate(Calls.DivideByZero, bench.Token), typeof(DivisionByZero), CallOutcome.Success, Kept: true),
        ["an undeclared exception"] = new(static bench => bench.Client.crash(bench.Token), typeof(TApplicationException), CallOutcome.Failure, Kept: true),
        ["a missing result"] = new(static bench => bench.Client.history(Operation.ADD, [], bench.Token), typeof(TApplicationException), CallOutcome.Ignored, Kept: true),
        ["a method unknown to the server"] = new(static bench => bench.Client.calculate(Calls.DivideByZero, bench.Token), typeof(TApplicationException), CallOutcome.Ignored, Kept: true) { OldServer = true },
        ["a oneway call"] = new(static bench => bench.Client.note("text", bench.Token), Error: null, CallOutcome.Ignored, Kept: true),
        ["a token that is cancelled already"] = new(static bench => bench.Client.ping(new CancellationToken(canceled: true)), typeof(OperationCanceledException), Outcome: null, Kept: true),
        ["a cancelled call"] = new(static bench => bench.CancelAsync(), typeof(OperationCanceledException), CallOutcome.Cancelled, Kept: false),
        ["a handler that makes the server close the connection"] = new(static bench => bench.Client.echo(CalculatorHandler.CloseConnection, bench.Token), typeof(TTransportException), CallOutcome.Failure, Kept: false),
        ["a connection closed instead of a reply"] = new(static bench => bench.EchoAsync(Fault.Close), typeof(TTransportException), CallOutcome.Failure, Kept: false),
        ["a connection closed within the reply"] = new(static bench => bench.EchoAsync(Fault.HalfReplyThenClose), typeof(TTransportException), CallOutcome.Failure, Kept: false),
        ["a connection that is reset"] = new(static bench => bench.EchoAsync(Fault.Reset), typeof(IOException), CallOutcome.Failure, Kept: false),
        ["a reply that is not Thrift"] = new(static bench => bench.EchoAsync(Fault.Garbage), typeof(Exception), CallOutcome.Failure, Kept: false) { ErrorIn = GetGarbageError },
        ["a reply of all ones"] = new(static bench => bench.EchoAsync(Fault.Ones), typeof(Exception), CallOutcome.Failure, Kept: false) { ErrorIn = GetOnesError },
        ["silence"] = new(static bench => bench.EchoAsync(Fault.Silence), typeof(TimeoutException), CallOutcome.Failure, Kept: false),
        ["half a reply, and then silence"] = new(static bench => bench.EchoAsync(Fault.HalfReplyThenSilence), typeof(TimeoutException), CallOutcome.Failure, Kept: false),
        ["a byte a second"] = new(static bench => bench.EchoAsync(Fault.OneBytePerSecond), typeof(TimeoutException), CallOutcome.Failure, Kept: false),
        ["a server that does not read the request"] = new(static bench => bench.EchoAsync(Fault.StopReading, LargeText), typeof(TimeoutException), CallOutcome.Failure, Kept: false),
        ["an idle connection that the server has closed"] = new(static bench => bench.EchoAfterCloseAsync(), Error: null, CallOutcome.Success, Kept: false),
        ["a oneway call on a connection that the server has closed"] = new(static bench => bench.NoteAfterCloseAsync(), Error: null, CallOutcome.Ignored, Kept: false),
    };

    public static TheoryData<string, ThriftTransport, ThriftProtocol> EveryRowAndWireFormat { get; } = new(
        from row in Rows.Keys
        from transport in Enum.GetValues<ThriftTransport>()
        from protocol in Enum.GetValues<ThriftProtocol>()
        select (row, transport, protocol));

    [Theory]
    [MemberData(nameof(EveryRowAndWireFormat))]
    public async Task Call_EndsAsInMatrix(string name, ThriftTransport transport, ThriftProtocol protocol)
    {
        var row = Rows[name];
        var wireFormat = new WireFormat(transport, protocol);
        var serverFormat = wireFormat.WithSingleWriteReplies;
        await using var server = row.OldServer ? CalculatorServer.StartMonitored(serverFormat) : CalculatorServer.Start(serverFormat);
        await using var proxy = new FaultInjectionProxy(server.Port, transport == ThriftTransport.Raw ? wireFormat : null);
        await using var guarded = new Guarded(proxy.Port, wireFormat);
        await guarded.EchoAsync(1);
        CallOutcome? outcome = null;
        guarded.CircuitBreaker.CallCompleted += (_, call) => outcome = call.Outcome;

        var call = row.Call(new Bench(server, proxy, guarded));
        if (row.Error == typeof(TimeoutException))
        {
            await Deadline.UntilAsync(() => proxy.NextFaultWasApplied, "the fault is applied to the request");
            guarded.Clock.Advance(new ThriftChannelOptions().CallTimeout - TimeSpan.FromTicks(1));
            Assert.False(call.IsCompleted);
            guarded.Clock.Advance(TimeSpan.FromTicks(1));
        }

        var error = await Record.ExceptionAsync(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        if ((row.ErrorIn?.Invoke(wireFormat) ?? row.Error) is { } expected)
        {
            // The exact type; a cancellation can also be a TaskCanceledException.
            Assert.True(error?.GetType() == expected || (error is TaskCanceledException && expected == typeof(OperationCanceledException)), $"{error}");
        }
        else
        {
            Assert.Null(error);
        }

        Assert.Equal(row.Outcome, outcome);

        await guarded.EchoAsync(2, "next");
        Assert.Equal(row.Kept ? 1 : 2, proxy.AcceptedCount);
    }

    /// <summary>
    /// As a frame length or a binary string length, the bytes exceed the limit; other formats detect another protocol.
    /// </summary>
    private static Type GetGarbageError(WireFormat wireFormat) => wireFormat.Transport == ThriftTransport.Framed || wireFormat.Protocol == ThriftProtocol.Binary ? typeof(TTransportException) : typeof(TProtocolException);

    /// <summary>A frame of -1 bytes, or another version of the binary protocol.</summary>
    private static Type GetOnesError(WireFormat wireFormat) => wireFormat.Transport == ThriftTransport.Framed ? typeof(TTransportException) : typeof(TProtocolException);

    /// <param name="Call">Makes the call.</param>
    /// <param name="Error">The type of the exception; null for none.</param>
    /// <param name="Outcome">The outcome that the circuit breaker records; null for none.</param>
    /// <param name="Kept">Whether the next call uses the same connection.</param>
    private sealed record Row(Func<Bench, Task> Call, Type? Error, CallOutcome? Outcome, bool Kept)
    {
        /// <summary>Whether the server knows only the methods of the base service.</summary>
        public bool OldServer { get; init; }

        /// <summary>The type of the exception, if it depends on the wire format.</summary>
        public Func<WireFormat, Type>? ErrorIn { get; init; }
    }

    private sealed record Bench(CalculatorServer Server, FaultInjectionProxy Proxy, Guarded Guarded)
    {
        public CancellationToken Token { get; } = TestContext.Current.CancellationToken;

        public Calculator.CircuitBreakerClient Client => Guarded.Client;

        public Task<string> EchoAsync(Fault fault, string text = "lost")
        {
            Proxy.NextFault = fault;
            return Client.echo(text, Token);
        }

        public async Task CancelAsync()
        {
            using var cancellation = new CancellationTokenSource();
            var call = Client.slow(CalculatorHandler.UntilReleased, cancellation.Token);
            await Server.Handler.WaitForSlowCallAsync();
            await cancellation.CancelAsync();
            await call;
        }

        public async Task EchoAfterCloseAsync()
        {
            await Proxy.CloseConnectionsAsync();
            Assert.Equal("text", await Client.echo("text", Token));
        }

        public async Task NoteAfterCloseAsync()
        {
            await Proxy.CloseConnectionsAsync();
            await Client.note("oneway", Token);
            Assert.Equal("oneway", await Server.Handler.LastNote.Task.WaitAsync(Deadline.Short, Token));
        }
    }
}
