using Circuit.Calculators;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>
/// A call over a channel that blocks the only thread of its caller ends: neither Thrift nor the generated code waits
/// for that thread.
/// </summary>
public sealed class BlockingChannelTests : IAsyncDisposable
{
    private readonly CalculatorServer _server = CalculatorServer.Start();

    public static TheoryData<CallerKind> EveryKind => CallerThread.Kinds;

    public static TheoryData<CallerKind, ThriftTransport, ThriftProtocol> EveryKindAndWireFormat { get; } = new(
        from kind in Enum.GetValues<CallerKind>()
        from transport in Enum.GetValues<ThriftTransport>()
        from protocol in Enum.GetValues<ThriftProtocol>()
        select (kind, transport, protocol));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(EveryKindAndWireFormat))]
    public async Task OneServer_Returns(CallerKind kind, ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var client = Calculator.CircuitBreakerClient.Connect(wireFormat.At(server.Port));

        await BlockAsync(kind, client);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task SeveralServers_Return(CallerKind kind)
    {
        await using var other = CalculatorServer.Start();
        await using var client = Calculator.CircuitBreakerClient.Connect(
            new ThriftChannel([WireFormat.Default.At(_server.Port), WireFormat.Default.At(other.Port)]));

        await BlockAsync(kind, client);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Source_Returns(CallerKind kind)
    {
        await using var client = Calculator.CircuitBreakerClient.Connect(new ThriftChannel(new Source(WireFormat.Default.At(_server.Port))));

        await BlockAsync(kind, client);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Session_Returns(CallerKind kind)
    {
        await using var client = Calculator.CircuitBreakerClient.Connect(WireFormat.Default.At(_server.Port), new ThriftChannelOptions
        {
            OnConnected = static async (protocol, token) =>
            {
#pragma warning disable TB0014 // The call that opens the connection is guarded.
                using var session = new Calculator.Client(protocol);
#pragma warning restore TB0014
                await session.ping(token);
                await session.ping(token);
            },
        });

        await BlockAsync(kind, client);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Http_Returns(CallerKind kind)
    {
        await using var server = new HttpServer();
        using var http = new HttpClient();
        await using var client = Calculator.CircuitBreakerClient.Connect(ThriftEndpoint.Http(server.Address, http));

        await BlockAsync(kind, client);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Pipeline_Returns(CallerKind kind)
    {
        await using var connected = Calculator.CircuitBreakerClient.Connect(WireFormat.Default.At(_server.Port));
        var client = WithPipeline(connected, new TwoAttempts());

        await BlockAsync(kind, client);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task PipelineAroundInnerClient_Returns(CallerKind kind)
    {
        await using var connected = new Calculator.CircuitBreakerClient(new LateCalculator());
        var client = WithPipeline(connected, new TwoAttempts());

        using var caller = new CallerThread(kind);
        Assert.Equal("late", await caller.RunAsync(() => client.echo("late", Token).GetAwaiter().GetResult()));
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Fallback_Returns(CallerKind kind)
    {
        await using var client = Calculator.CircuitBreakerClient.Connect(
            WireFormat.Default.At(_server.Port), new ThriftChannelOptions(), circuitBreaker: null, new LateCalculator());
        client.CircuitBreaker.Open();

        using var caller = new CallerThread(kind);
        Assert.Equal("late", await caller.RunAsync(() => client.echo("late", Token).GetAwaiter().GetResult()));
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task DeadlineOfCall_EndsIt(CallerKind kind)
    {
        await using var client = Calculator.CircuitBreakerClient.Connect(
            WireFormat.Default.At(_server.Port), new ThriftChannelOptions { CallTimeout = TimeSpan.FromMilliseconds(200) });
        await client.ping(Token);

        using var caller = new CallerThread(kind);
        await Assert.ThrowsAsync<TimeoutException>(() => caller.RunAsync(() => client.slow(CalculatorHandler.UntilReleased, Token).GetAwaiter().GetResult()));
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task WaitForConnection_Ends(CallerKind kind)
    {
        await using var client = Calculator.CircuitBreakerClient.Connect(
            WireFormat.Default.At(_server.Port), new ThriftChannelOptions { MaxConnections = 1, MaxConcurrentCalls = 2 });
        var first = client.slow(CalculatorHandler.UntilReleased, Token);
        await _server.Handler.WaitForSlowCallAsync();

        using var caller = new CallerThread(kind);
        var second = caller.RunAsync(() => client.echo("second", Token).GetAwaiter().GetResult());
        _server.Handler.Release();

        Assert.Equal("second", await second);
        Assert.Equal(CalculatorHandler.UntilReleased, await first);
    }

    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task AwaitedCall_PostsOnce(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var client = Calculator.CircuitBreakerClient.Connect(wireFormat.At(server.Port));
        await client.ping(Token);
        using var caller = new CallerThread(CallerKind.SynchronizationContext);

        var posts = await await caller.RunAsync(async () =>
        {
            _ = await client.slow(1, Token);
            return caller.Posts;
        });

        Assert.Equal(1, posts);
    }

    /// <summary>Makes blocking calls: the first opens the connection, and the others use it.</summary>
    private static async Task BlockAsync(CallerKind kind, Calculator.CircuitBreakerClient client)
    {
        using var caller = new CallerThread(kind);
        for (var call = 0; call < 3; call++)
        {
            var sent = $"call {call}";
            Assert.Equal(sent, await caller.RunAsync(() => client.echo(sent, Token).GetAwaiter().GetResult()));
            await caller.RunAsync(() =>
            {
                client.ping(Token).Wait(Token);
                return 0;
            });
        }
    }

    private static TClient WithPipeline<TClient>(TClient client, ICallPipeline pipeline)
        where TClient : class, IThriftClient<TClient>
        => TClient.WithPipeline(client, pipeline);

    /// <summary>Attempts each call twice, with a pause, and awaits on the context of the caller.</summary>
    private sealed class TwoAttempts : ICallPipeline
    {
        public async Task<TResult> ExecuteAsync<TState, TResult>(
            ThriftMethod method, TState state, Func<TState, CancellationToken, Task<TResult>> attempt, CancellationToken cancellationToken)
        {
            await attempt(state, cancellationToken);
            await Task.Delay(1, cancellationToken);
            return await attempt(state, cancellationToken);
        }
    }

    /// <summary>Yields its list late, on the context of the caller.</summary>
    private sealed class Source(ThriftEndpoint endpoint) : IEndpointSource
    {
        public async IAsyncEnumerable<IReadOnlyList<ThriftEndpoint>> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Delay(1, cancellationToken);
            yield return [endpoint];
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }

    /// <summary>A calculator that returns late, on the context of the caller.</summary>
    private sealed class LateCalculator : Calculator.IAsync
    {
        private readonly CalculatorHandler _handler = new();

        public async Task<string> echo(string? text, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return await _handler.echo(text, cancellationToken);
        }

        public Task ping(CancellationToken cancellationToken = default) => _handler.ping(cancellationToken);

        public Task<int> calculate(Work? work, CancellationToken cancellationToken = default) => _handler.calculate(work, cancellationToken);

        public Task<Dictionary<string, long>> sums(Dictionary<string, List<int>>? groups, CancellationToken cancellationToken = default) => _handler.sums(groups, cancellationToken);

        public Task<List<Work>> history(Operation operation, HashSet<string>? tags, CancellationToken cancellationToken = default) => _handler.history(operation, tags, cancellationToken);

        public Task<int> slow(int milliseconds, CancellationToken cancellationToken = default) => _handler.slow(milliseconds, cancellationToken);

        public Task crash(CancellationToken cancellationToken = default) => _handler.crash(cancellationToken);

        public Task<string> describe(string? @event, bool @checked, CancellationToken cancellationToken = default) => _handler.describe(@event, @checked, cancellationToken);

        public Task note(string? text, CancellationToken cancellationToken = default) => _handler.note(text, cancellationToken);

        [Obsolete("use calculate")]
        public Task<int> @add(int left, int right, CancellationToken cancellationToken = default) => _handler.@add(left, right, cancellationToken);
    }
}
