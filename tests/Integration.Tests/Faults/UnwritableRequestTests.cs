using System.Net.Sockets;
using Circuit.Calculators;
using Thrift;
using Thrift.Protocol;
using Thrift.Protocol.Entities;
using Thrift.Transport;
using Thrift.Transport.Client;
using ThriftBreaker.GeneratedCode;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Faults;

/// <summary>
/// A request that cannot be written says nothing about the service: no circuit counts it, and its connection is closed.
/// </summary>
public sealed class UnwritableRequestTests : IDisposable
{
    private static readonly ThriftMethod Echo = new("echo");

    /// <summary>Exceptions that the writing of a request can throw, whatever they mean elsewhere.</summary>
    private static readonly Dictionary<string, Func<Exception>> Errors = new(StringComparer.Ordinal)
    {
        ["null in a collection"] = static () => new ArgumentNullException("s"),
        ["collection changed"] = static () => new InvalidOperationException("Collection was modified; enumeration operation may not execute."),
        ["union without a value"] = static () => new TProtocolException(TProtocolException.INVALID_DATA, "Cannot write a union with no set value."),
        ["reading of an argument"] = static () => new IOException("The file that the argument comes from is gone."),
        ["timeout of an argument"] = static () => new TimeoutException(),
        ["declared exception"] = static () => new DivisionByZero(),
        ["message of a server"] = static () => new TApplicationException(TApplicationException.ExceptionType.InternalError, "another service's"),
    };

    private readonly HttpClient _http = new();

    /// <summary>The wire formats; without a transport, HTTP.</summary>
    public static TheoryData<ThriftTransport?, ThriftProtocol> WireFormats { get; } = new(
        from transport in Enum.GetValues<ThriftTransport>().Select(static transport => (ThriftTransport?)transport).Append(null)
        from protocol in Enum.GetValues<ThriftProtocol>()
        select (transport, protocol));

    public static TheoryData<string> ErrorNames { get; } = [.. Errors.Keys];

    public void Dispose() => _http.Dispose();

    [Theory]
    [MemberData(nameof(WireFormats))]
    public async Task NullInACollection_IsIgnored_NextCallWorks(ThriftTransport? transport, ThriftProtocol protocol)
    {
        await using var http = new HttpServer(protocol);
        await using var server = CalculatorServer.Start(new(transport ?? default, protocol));
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(GetEndpoint(transport, protocol, proxy.Port, http.Address));
        await guarded.EchoAsync(1);
        var outcomes = guarded.RecordOutcomes();

        for (var call = 0; call < 3; call++)
        {
            var error = await Assert.ThrowsAnyAsync<Exception>(() => guarded.Client.history(Operation.ADD, [null!], TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            Assert.False(error is TTransportException or TimeoutException, error.ToString());
        }

        Assert.Equal([CallOutcome.Ignored, CallOutcome.Ignored, CallOutcome.Ignored], outcomes);
        Assert.Equal((CircuitState.Closed, 0), (guarded.CircuitBreaker.State, guarded.CircuitBreaker.FailureCount));
        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "the connections are closed");
        await guarded.EchoAsync(2);
    }

    [Theory]
    [MemberData(nameof(ErrorNames))]
    public async Task AnyExceptionWhileWriting_ReachesTheCaller_IsIgnored(string name)
    {
        foreach (var (transport, protocol) in WireFormats.Select(static row => row.Data))
        {
            await using var http = new HttpServer(protocol);
            await using var server = CalculatorServer.Start(new(transport ?? default, protocol));
            var error = Errors[name]();
            await using var channel = new ThriftChannel(GetEndpoint(transport, protocol, server.Port, http.Address));
            var breaker = new CircuitBreaker(new() { FailMax = 1 });
            var calls = Connect(channel, breaker, error);

            Assert.Same(error, await Assert.ThrowsAnyAsync<Exception>(() => EchoAsync(calls)));

            Assert.Equal((CircuitState.Closed, 0, null), (breaker.State, breaker.FailureCount, breaker.LastException));
            await AssertWorksAsync(channel);
        }
    }

    [Theory]
    [MemberData(nameof(ErrorNames))]
    public async Task ProbeThatCannotBeWritten_FreesItsPlace(string name)
    {
        await using var server = CalculatorServer.Start();
        await using var channel = new ThriftChannel(WireFormat.Default.At(server.Port));
        var breaker = new CircuitBreaker();
        breaker.HalfOpen();

        await Assert.ThrowsAnyAsync<Exception>(() => EchoAsync(Connect(channel, breaker, Errors[name]())));
        Assert.Equal(CircuitState.HalfOpen, breaker.State);
        Assert.Equal("x", await EchoAsync(Connect(channel, breaker, error: null)));

        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Theory]
    [MemberData(nameof(ErrorNames))]
    public async Task ReusedConnection_IsClosedAlone_CallIsNotRepeated(string name)
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var channel = new ThriftChannel(WireFormat.Default.At(proxy.Port));
        var breaker = new CircuitBreaker(new() { FailMax = 1 });
        Exception? error = null;
        var attempts = 0;
        var method = new ThriftMethod("echo") { Idempotent = true };
        var service = new ThriftService<Calculator.IAsync>("Calculator", breaker.Options, method)
        {
            CreateClient = protocol => new WritingClient(protocol, () =>
            {
                attempts++;
                return error;
            }),
        };
        var calls = new CallInvoker<Calculator.IAsync>(service, channel, breaker, fallback: null);
        Task<string> EchoAsync() => calls.CallAsync(method, 0, static (service, _, token) => service.echo("x", token), TestContext.Current.CancellationToken);
        while (proxy.OpenCount < 3)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => EchoAsync()));
        }

        var connections = proxy.OpenCount;
        (attempts, error) = (0, Errors[name]());
        Assert.Same(error, await Assert.ThrowsAnyAsync<Exception>(EchoAsync));
        Assert.Equal((1, CircuitState.Closed), (attempts, breaker.State));
        await Deadline.UntilAsync(() => proxy.OpenCount == connections - 1, "the connection is closed");

        error = null;
        await EchoAsync();
        Assert.Equal(connections - 1, proxy.OpenCount);
    }

    [Fact]
    public async Task SlowArgumentThatThrowsAfterTheTimeout_IsIgnored()
    {
        await using var server = CalculatorServer.Start();
        await using var channel = new ThriftChannel(WireFormat.Default.At(server.Port), new() { CallTimeout = TimeSpan.FromMilliseconds(1) });
        var breaker = new CircuitBreaker(new() { FailMax = 1 });
        var error = new InvalidOperationException("The argument was slow.");
        var service = new ThriftService<Calculator.IAsync>("Calculator", breaker.Options, Echo)
        {
            CreateClient = protocol => new WritingClient(protocol, () => error) { BeforeError = static token => token.WaitHandle.WaitOne() },
        };

        Assert.Same(error, await Assert.ThrowsAsync<InvalidOperationException>(() => EchoAsync(new(service, channel, breaker, fallback: null))));

        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Fact]
    public async Task CircuitOfTheEndpoint_StaysClosed()
    {
        await using var server = CalculatorServer.Start();
        await using var channel = new ThriftChannel([WireFormat.Default.At(server.Port)], new() { EndpointCircuitBreaker = new() { FailMax = 1 } });
        await using var client = Calculator.CircuitBreakerClient.Connect(channel);

        await Assert.ThrowsAsync<ArgumentNullException>(() => client.history(Operation.ADD, [null!], TestContext.Current.CancellationToken));

        Assert.All(channel.Endpoints, static endpoint => Assert.Equal((CircuitState.Closed, 0), (endpoint.CircuitBreaker.State, endpoint.CircuitBreaker.FailureCount)));
        Assert.Equal("x", await client.echo("x", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task UsersListsComeFirst()
    {
        await using var server = CalculatorServer.Start();
        await using var channel = new ThriftChannel(WireFormat.Default.At(server.Port));
        var breaker = new CircuitBreaker(new() { FailMax = 1, FailOn = [typeof(ArgumentNullException)] });

        await Assert.ThrowsAsync<ArgumentNullException>(() => EchoAsync(Connect(channel, breaker, new ArgumentNullException("s"))));

        Assert.Equal(CircuitState.Open, breaker.State);
    }

    /// <summary>The stream of a connection can fail with any exception, at once or later.</summary>
    [Theory]
    [InlineData(ThriftTransport.Raw, true)]
    [InlineData(ThriftTransport.Raw, false)]
    [InlineData(ThriftTransport.Buffered, true)]
    [InlineData(ThriftTransport.Buffered, false)]
    [InlineData(ThriftTransport.Framed, true)]
    [InlineData(ThriftTransport.Framed, false)]
    public async Task ExceptionOfTheConnection_IsAFailure(ThriftTransport transport, bool atOnce)
    {
        foreach (var protocol in Enum.GetValues<ThriftProtocol>())
        {
            var error = new InvalidOperationException("The stream is not connected.");
            await using var channel = new ThriftChannel(ThriftEndpoint.FromStream("broken", () => new BrokenStream(error, atOnce)) with { Transport = transport, Protocol = protocol });
            var breaker = new CircuitBreaker(new() { FailMax = 1 });

            Assert.Same(error, await Assert.ThrowsAsync<InvalidOperationException>(() => EchoAsync(Connect(channel, breaker, error: null))));

            Assert.Equal(CircuitState.Open, breaker.State);
        }
    }

    [Theory]
    [MemberData(nameof(WireFormats))]
    public async Task HandWrittenInnerClient_ExceptionOfItsArguments_IsIgnored(ThriftTransport? transport, ThriftProtocol protocol)
    {
        foreach (var layers in Enum.GetValues<Layers>())
        {
            await using var server = CalculatorServer.Start(new(transport ?? default, protocol));
            using var inner = await HandWrittenClient.ConnectAsync(new(transport ?? default, protocol), server.Port, layers);
            var breaker = new CircuitBreaker(new() { FailMax = 1 });
            using var client = new Calculator.CircuitBreakerClient(inner, breaker);

            var error = await Assert.ThrowsAnyAsync<Exception>(() => client.history(Operation.ADD, [null!], TestContext.Current.CancellationToken));

            Assert.True(breaker.State == CircuitState.Closed, $"{layers}: {error}");
            Assert.Equal(0, breaker.FailureCount);
        }
    }

    [Fact]
    public async Task Execute_ExceptionOfArguments_IsIgnored()
    {
        await using var server = CalculatorServer.Start();
        using var client = await HandWrittenClient.ConnectAsync(WireFormat.Default, server.Port, Layers.None);
        var breaker = new CircuitBreaker(new() { FailMax = 1 });

        await Assert.ThrowsAsync<ArgumentNullException>(() => breaker.ExecuteAsync(token => client.history(Operation.ADD, [null!], token), TestContext.Current.CancellationToken));

        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Fact]
    public async Task HandWrittenInnerClient_OtherExceptions_AreFailures()
    {
        await using var server = CalculatorServer.Start();
        using var inner = await HandWrittenClient.ConnectAsync(WireFormat.Default, server.Port, Layers.None);
        var breaker = new CircuitBreaker(new() { FailMax = 9 });
        using var client = new Calculator.CircuitBreakerClient(inner, breaker);

        // Its own exception; the transport's, while a request is written; and one of another method's arguments.
        inner.Before = static () => throw new InvalidOperationException("The client's own.");
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ping(TestContext.Current.CancellationToken));
        inner.Before = () => throw new InvalidOperationException("The client's own.");
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.history(Operation.ADD, [], TestContext.Current.CancellationToken));
        inner.Before = static () => { };
        inner.Close();
        await Assert.ThrowsAnyAsync<Exception>(() => client.history(Operation.ADD, ["tag"], TestContext.Current.CancellationToken));

        Assert.Equal(3, breaker.FailureCount);
    }

    private static CallInvoker<Calculator.IAsync> Connect(ThriftChannel channel, CircuitBreaker breaker, Exception? error)
        => new(new ThriftService<Calculator.IAsync>("Calculator", breaker.Options, Echo) { CreateClient = protocol => new WritingClient(protocol, () => error) }, channel, breaker, fallback: null);

    private static Task<string> EchoAsync(CallInvoker<Calculator.IAsync> calls)
        => calls.CallAsync(Echo, 0, static (service, _, token) => service.echo("x", token), TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);

    private static async Task AssertWorksAsync(ThriftChannel channel)
        => Assert.Equal("x", await EchoAsync(Connect(channel, new CircuitBreaker(), error: null)));

    private ThriftEndpoint GetEndpoint(ThriftTransport? transport, ThriftProtocol protocol, int port, Uri address)
        => transport is { } known ? new WireFormat(known, protocol).At(port) : ThriftEndpoint.Http(address, _http) with { Protocol = protocol };

    /// <summary>What is between a hand-written client and its caller.</summary>
    public enum Layers
    {
        None,
        Rethrows,
        Wraps,
    }

    /// <summary>A Thrift client that throws in the middle of its request, after several kilobytes.</summary>
    private sealed class WritingClient(TProtocol protocol, Func<Exception?> getError) : Calculator.Client(protocol), Calculator.IAsync
    {
        public Action<CancellationToken> BeforeError { get; init; } = static _ => { };

        public new async Task<string> echo(string? text, CancellationToken cancellationToken)
        {
            if (getError() is not { } error)
            {
                return await base.echo(text, cancellationToken);
            }

            await OutputProtocol.WriteMessageBeginAsync(new TMessage("echo", TMessageType.Call, SeqId), cancellationToken);
            await OutputProtocol.WriteStructBeginAsync(new TStruct("echo_args"), cancellationToken);
            await OutputProtocol.WriteFieldBeginAsync(new TField("text", TType.String, 1), cancellationToken);
            await OutputProtocol.WriteStringAsync(new string('x', 5_000), cancellationToken);
            BeforeError(cancellationToken);
            throw error;
        }
    }

    /// <summary>A client of the user's own, around one of the Thrift compiler on its own connection.</summary>
    private sealed class HandWrittenClient : Calculator.Client, Calculator.IAsync
    {
        private readonly TTransport _transport;
        private readonly Layers _layers;

        private HandWrittenClient(TProtocol protocol, Layers layers)
            : base(protocol) => (_transport, _layers) = (protocol.Transport, layers);

        public Action Before { get; set; } = static () => { };

        public static async Task<HandWrittenClient> ConnectAsync(WireFormat wireFormat, int port, Layers layers)
        {
            var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            return new(wireFormat.ProtocolFactory.GetProtocol(wireFormat.TransportFactory.GetTransport(new TSocketTransport(socket, new TConfiguration()))), layers);
        }

        public void Close() => _transport.Close();

        public new Task ping(CancellationToken cancellationToken)
        {
            Before();
            return base.ping(cancellationToken);
        }

        public new async Task<List<Work>> history(Operation operation, HashSet<string>? tags, CancellationToken cancellationToken)
        {
            Before();
            try
            {
                return await base.history(operation, tags, cancellationToken);
            }
            catch (Exception error) when (_layers == Layers.Wraps)
            {
                throw new InvalidOperationException("The history cannot be read.", error);
            }
            catch (Exception) when (_layers == Layers.Rethrows)
            {
                throw;
            }
        }
    }

    /// <summary>A stream that cannot be written.</summary>
    private sealed class BrokenStream(Exception error, bool atOnce) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            => atOnce ? throw error : FailAsync();

        private async ValueTask FailAsync()
        {
            await Task.Yield();
            throw error;
        }
    }
}
