using System.Net.Sockets;
using System.Threading.Channels;
using Circuit.Calculators;
using Thrift;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>
/// Calls over several servers, some of which stop, restart, or leave the list. Not run in parallel: the tests count the
/// sockets of the process.
/// </summary>
[Collection(nameof(NonParallel))]
public sealed class SeveralEndpointsTests
{
    private const int Callers = 8;

    private static readonly ThriftChannelOptions Options = new()
    {
        EndpointCircuitBreaker = new CircuitBreakerOptions { FailMax = 3, ResetTimeout = TimeSpan.FromMilliseconds(100) },
        SlowStartWindow = TimeSpan.FromMilliseconds(100),
    };

    private readonly Lock _sync = new();
    private readonly List<string> _wrong = [];
    private int _answered;
    private int _failed;

    [Fact]
    public async Task EachServer_GetsCalls()
    {
        await using var servers = new Servers(3);
        var channel = new ThriftChannel(servers.Endpoints, Options);
        await using var client = Unprotected.Connect(channel);

        await CallUntilAsync(client, () => _answered > 300);

        Assert.Equal(0, _failed);
        Assert.Empty(_wrong);
        Assert.All(channel.Endpoints, static endpoint => Assert.Equal(0, endpoint.ActiveCalls));
    }

    [Fact]
    public async Task EachKindOfCall_Works()
    {
        await using var servers = new Servers(3);
        await using var client = Calculator.CircuitBreakerClient.Connect(new ThriftChannel(servers.Endpoints, Options));

        await Calls.MakeEachKindAsync(client);
        await client.note("oneway", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Outcome_IsRecordedByEndpointCircuitBreaker()
    {
        await using var server = CalculatorServer.Start();
        var channel = new ThriftChannel([WireFormat.Default.At(server.Port)], Options);
        await using var client = Unprotected.Connect(channel);
        var breaker = channel.Endpoints[0].CircuitBreaker;

        await Assert.ThrowsAsync<TApplicationException>(() => client.crash(TestContext.Current.CancellationToken));
        Assert.Equal(1, breaker.FailureCount);
        await Assert.ThrowsAsync<DivisionByZero>(() => client.calculate(Calls.DivideByZero, TestContext.Current.CancellationToken));
        Assert.Equal(0, breaker.FailureCount);
        await Assert.ThrowsAnyAsync<Exception>(() => client.echo(CalculatorHandler.CloseConnection, TestContext.Current.CancellationToken));
        Assert.Equal(1, breaker.FailureCount);
        await client.note("oneway", TestContext.Current.CancellationToken);
        Assert.Equal(1, breaker.FailureCount);
        await client.ping(TestContext.Current.CancellationToken);
        Assert.Equal(0, breaker.FailureCount);
    }

    [Fact]
    public async Task StoppedServer_IsEjectedUntilItRestarts()
    {
        Sockets.SkipUnlessCountable();
        var before = Sockets.Count();
        await using (var servers = new Servers(3))
        await using (var channel = new ThriftChannel(servers.Endpoints, Options))
        await using (var client = Unprotected.Connect(channel))
        {
            var stopped = channel.Endpoints[1];
            var restarts = 0;
            await CallUntilAsync(client, () => restarts == 3, async () =>
            {
                while (restarts < 3)
                {
                    await WaitForRepliesAsync(100);
                    await servers.StopAsync(1);
                    await Deadline.UntilAsync(() => stopped.CircuitBreaker.State == CircuitState.Open, "the circuit of the stopped server opens");
                    await WaitForRepliesAsync(100);
                    servers.Start(1);
                    await Deadline.UntilAsync(() => stopped.CircuitBreaker.State == CircuitState.Closed, "the circuit of the restarted server closes");
                    restarts++;
                }
            });

            Assert.Empty(_wrong);
            Assert.NotEqual(0, _failed);
            Assert.True(_failed < _answered / 2, $"{_failed} of {_answered + _failed} calls failed.");
        }

        await Deadline.UntilAsync(() => Sockets.Count() <= before, "every socket is closed");
    }

    [Fact]
    public async Task ListChanges_UnderLoad_FailNoCallAndLeaveNoSocket()
    {
        Sockets.SkipUnlessCountable();
        var before = Sockets.Count();
        await using (var servers = new Servers(4))
        {
            var source = new TestEndpointSource();
            await using var client = Calculator.CircuitBreakerClient.Connect(new ThriftChannel(source, Options), new CircuitBreaker(Calculator.CircuitBreakerClient.DefaultOptions));
            source.Provide(servers.Endpoints);
            var changes = 0;
            await CallUntilAsync(client, () => changes == 50, async () =>
            {
                var random = new Random(0);
                while (changes < 50)
                {
                    await WaitForRepliesAsync(20);
                    source.Provide([.. servers.Endpoints.Where(_ => random.Next(2) == 0).DefaultIfEmpty(servers.Endpoints[0])]);
                    changes++;
                }
            });

            Assert.Empty(_wrong);
            Assert.Equal(0, _failed);

            // Both ends of the connections of the remaining endpoint; the removed endpoints have closed theirs.
            source.Provide([servers.Endpoints[0]]);
            await Deadline.UntilAsync(() => Sockets.Count() <= before + 4 + (2 * Callers), "removed endpoints have closed their sockets");
        }

        await Deadline.UntilAsync(() => Sockets.Count() <= before, "every socket is closed");
    }

    [Fact]
    public async Task RemovedServer_CompletesInFlightCalls()
    {
        await using var servers = new Servers(2);
        var source = new TestEndpointSource();
        var channel = new ThriftChannel(source, Options);
        await using var client = Unprotected.Connect(channel);
        source.Provide([servers.Endpoints[0]]);
        var slow = client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await servers[0].Handler.WaitForSlowCallAsync();
        var removed = channel.Endpoints[0];

        source.Provide([servers.Endpoints[1]]);
        await Deadline.UntilAsync(() => channel.Endpoints[0] != removed, "the new list is used");
        await client.ping(TestContext.Current.CancellationToken);
        Assert.Equal(1, removed.ActiveCalls);
        servers[0].Handler.Release();

        Assert.Equal(CalculatorHandler.UntilReleased, await slow.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal(0, removed.ActiveCalls);
    }

    [Fact]
    public async Task DisposeAsync_WaitsForCallsOfRemovedServers()
    {
        await using var servers = new Servers(2);
        var source = new TestEndpointSource();
        var channel = new ThriftChannel(source, Options with { DrainTimeout = TimeSpan.FromMilliseconds(50) });
        var client = Unprotected.Connect(channel);
        source.Provide([servers.Endpoints[0]]);
        var slow = client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await servers[0].Handler.WaitForSlowCallAsync();
        var removed = channel.Endpoints[0];
        source.Provide([servers.Endpoints[1]]);
        await Deadline.UntilAsync(() => channel.Endpoints[0] != removed, "the new list is used");

        await client.DisposeAsync();

        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => slow.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Contains("DrainTimeout", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ping(TestContext.Current.CancellationToken));
        servers[0].Handler.Release();
    }

    [Fact]
    public async Task AllStopped_CallsAreRejectedWithServerName()
    {
        await using var servers = new Servers(2);
        var channel = new ThriftChannel(
            servers.Endpoints, Options with { EndpointCircuitBreaker = new CircuitBreakerOptions { FailMax = 1, ResetTimeout = TimeSpan.FromMinutes(1) } });
        await using var client = Unprotected.Connect(channel);
        await servers.StopAsync(0);
        await servers.StopAsync(1);
        await Assert.ThrowsAnyAsync<Exception>(() => client.ping(TestContext.Current.CancellationToken));
        await Assert.ThrowsAnyAsync<Exception>(() => client.ping(TestContext.Current.CancellationToken));

        var rejection = await Assert.ThrowsAsync<CircuitOpenException>(() => client.ping(TestContext.Current.CancellationToken));

        Assert.StartsWith("The circuits of all 2 endpoints are open, and 'circuit 127.0.0.1:", rejection.Message, StringComparison.Ordinal);
        Assert.All(channel.Endpoints, static endpoint => Assert.Equal(0, endpoint.ActiveCalls));
    }

    [Fact]
    public async Task SourceWithoutList_FailsTheCallAtConnectTimeout()
    {
        await using var client = Calculator.CircuitBreakerClient.Connect(new ThriftChannel(new TestEndpointSource(), Options with { ConnectTimeout = TimeSpan.FromMilliseconds(50) }));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => client.ping(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));

        Assert.Equal("No endpoints from the test within the ConnectTimeout of 0.05 s. Check the service that the source reads them from.", error.Message);
        Assert.Equal(1, client.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task DnsSource_IsResolvedForTheFirstCall()
    {
        await using var server = CalculatorServer.Start();
        await using var channel = new ThriftChannel(new DnsEndpointSource(WireFormat.Default.At(server.Port)), Options);
        await using var client = Calculator.CircuitBreakerClient.Connect(channel);

        Assert.Equal("text", await client.echo("text", TestContext.Current.CancellationToken));
        Assert.Equal(WireFormat.Default.At(server.Port), Assert.Single(channel.Endpoints).Endpoint);
    }

    private async Task WaitForRepliesAsync(int calls)
    {
        var target = Volatile.Read(ref _answered) + calls;
        await Deadline.UntilAsync(() => Volatile.Read(ref _answered) >= target, "calls get replies");
    }

    /// <summary>Runs several callers with distinct texts until the condition holds.</summary>
    private async Task CallUntilAsync(Calculator.IAsync client, Func<bool> condition, Func<Task>? action = null)
    {
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(client, caller, stop.Token))).ToArray();
        try
        {
            await (action?.Invoke() ?? Task.CompletedTask);
            await Deadline.UntilAsync(condition, "the condition holds");
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(callers).WaitAsync(Deadline.Short);
        }
    }

    private async Task CallAsync(Calculator.IAsync client, int caller, CancellationToken stop)
    {
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var text = $"caller {caller}, call {number}";
            try
            {
                var reply = await client.echo(text, CancellationToken.None);
                Interlocked.Increment(ref _answered);
                if (reply != text)
                {
                    lock (_sync)
                    {
                        _wrong.Add($"{text}: {reply}");
                    }
                }
            }
            catch (Exception error) when (error is TException or IOException or SocketException or TimeoutException)
            {
                Interlocked.Increment(ref _failed);
            }
        }
    }

    /// <summary>Several servers. Each can be stopped and restarted on its port.</summary>
    private sealed class Servers : IAsyncDisposable
    {
        private readonly CalculatorServer?[] _servers;

        public Servers(int count)
        {
            _servers = [.. Enumerable.Range(0, count).Select(static _ => CalculatorServer.Start())];
            Endpoints = [.. _servers.Select(static server => WireFormat.Default.At(server!.Port))];
        }

        public ThriftEndpoint[] Endpoints { get; }

        public CalculatorServer this[int server] => _servers[server]!;

        public async Task StopAsync(int server)
        {
            await this[server].DisposeAsync();
            _servers[server] = null;
        }

        public void Start(int server) => _servers[server] = CalculatorServer.Start(port: Endpoints[server].Port);

        public async ValueTask DisposeAsync()
        {
            foreach (var server in _servers.OfType<CalculatorServer>())
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>An endpoint source whose lists are set by the test.</summary>
    private sealed class TestEndpointSource : IEndpointSource
    {
        private readonly Channel<IReadOnlyList<ThriftEndpoint>> _lists = Channel.CreateUnbounded<IReadOnlyList<ThriftEndpoint>>();

        public void Provide(IReadOnlyList<ThriftEndpoint> endpoints) => _lists.Writer.TryWrite(endpoints);

        public IAsyncEnumerable<IReadOnlyList<ThriftEndpoint>> WatchAsync(CancellationToken cancellationToken) => _lists.Reader.ReadAllAsync(cancellationToken);

        public override string ToString() => "the test";
    }
}
