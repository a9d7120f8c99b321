using System.Net.Sockets;
using System.Threading.Channels;
using Circuit.Calculators;
using Thrift;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>Calls over several servers, of which some go, come back, or are named anew. Run alone: the sockets of the whole process are counted.</summary>
[Collection(nameof(Alone))]
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
    public async Task EachServerGetsCallsAndAnswersItsOwn()
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
    public async Task CallsOfEveryKindGoOverSeveralAsOverOne()
    {
        await using var servers = new Servers(3);
        await using var client = Calculator.CircuitBreakerClient.Connect(new ThriftChannel(servers.Endpoints, Options));

        await Calls.OfEveryKindAsync(client);
        await client.note("oneway", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WhatACallEndsWithIsWhatTheCircuitOfItsServerCounts()
    {
        await using var server = CalculatorServer.Start();
        var channel = new ThriftChannel([WireFormat.Default.At(server.Port)], Options);
        await using var client = Unprotected.Connect(channel);
        var breaker = channel.Endpoints[0].CircuitBreaker;

        await Assert.ThrowsAsync<TApplicationException>(() => client.crash(TestContext.Current.CancellationToken));
        Assert.Equal(1, breaker.FailureCount);
        await Assert.ThrowsAsync<DivisionByZero>(() => client.calculate(Calls.OneByZero, TestContext.Current.CancellationToken));
        Assert.Equal(0, breaker.FailureCount);
        await Assert.ThrowsAnyAsync<Exception>(() => client.echo(CalculatorHandler.HangUp, TestContext.Current.CancellationToken));
        Assert.Equal(1, breaker.FailureCount);
        await client.note("a oneway call vouches for nothing", TestContext.Current.CancellationToken);
        Assert.Equal(1, breaker.FailureCount);
        await client.ping(TestContext.Current.CancellationToken);
        Assert.Equal(0, breaker.FailureCount);
    }

    [Fact]
    public async Task AServerThatIsGoneIsPassedOverAndGetsCallsAgainWhenItIsBack()
    {
        Sockets.SkipWhereNobodyCanTell();
        var before = Sockets.Count();
        await using (var servers = new Servers(3))
        await using (var channel = new ThriftChannel(servers.Endpoints, Options))
        await using (var client = Unprotected.Connect(channel))
        {
            var gone = channel.Endpoints[1];
            var back = 0;
            await CallUntilAsync(client, () => back == 3, async () =>
            {
                while (back < 3)
                {
                    await AnsweredAsync(100);
                    await servers.StopAsync(1);
                    await Deadline.UntilAsync(() => gone.CircuitBreaker.State == CircuitState.Open, "the circuit of the server that is gone opens");
                    await AnsweredAsync(100);
                    servers.Start(1);
                    await Deadline.UntilAsync(() => gone.CircuitBreaker.State == CircuitState.Closed, "the circuit of the server that is back closes");
                    back++;
                }
            });

            Assert.Empty(_wrong);
            Assert.NotEqual(0, _failed);
            Assert.True(_failed < _answered / 2, $"{_failed} of {_answered + _failed} calls failed.");
        }

        await Deadline.UntilAsync(() => Sockets.Count() <= before, "every socket is closed");
    }

    [Fact]
    public async Task AListThatChangesUnderLoadFailsNoCallAndLeavesNoSocket()
    {
        Sockets.SkipWhereNobodyCanTell();
        var before = Sockets.Count();
        await using (var servers = new Servers(4))
        {
            var source = new WrittenSource();
            await using var client = Calculator.CircuitBreakerClient.Connect(new ThriftChannel(source, Options), new CircuitBreaker(Calculator.CircuitBreakerClient.DefaultOptions));
            source.Name(servers.Endpoints);
            var changes = 0;
            await CallUntilAsync(client, () => changes == 50, async () =>
            {
                var random = new Random(0);
                while (changes < 50)
                {
                    await AnsweredAsync(20);
                    source.Name([.. servers.Endpoints.Where(_ => random.Next(2) == 0).DefaultIfEmpty(servers.Endpoints[0])]);
                    changes++;
                }
            });

            Assert.Empty(_wrong);
            Assert.Equal(0, _failed);

            // Both ends of what the one that is left may keep; the others have closed everything.
            source.Name([servers.Endpoints[0]]);
            await Deadline.UntilAsync(() => Sockets.Count() <= before + 4 + (2 * Callers), "what has left the list has closed its sockets");
        }

        await Deadline.UntilAsync(() => Sockets.Count() <= before, "every socket is closed");
    }

    [Fact]
    public async Task AServerThatLeavesTheListAnswersTheCallsThatItHas()
    {
        await using var servers = new Servers(2);
        var source = new WrittenSource();
        var channel = new ThriftChannel(source, Options);
        await using var client = Unprotected.Connect(channel);
        source.Name([servers.Endpoints[0]]);
        var slow = client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await servers[0].Handler.SlowCallArrivesAsync();
        var leaving = channel.Endpoints[0];

        source.Name([servers.Endpoints[1]]);
        await Deadline.UntilAsync(() => channel.Endpoints[0] != leaving, "the new list is in force");
        await client.ping(TestContext.Current.CancellationToken);
        Assert.Equal(1, leaving.ActiveCalls);
        servers[0].Handler.Release();

        Assert.Equal(CalculatorHandler.UntilReleased, await slow.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal(0, leaving.ActiveCalls);
    }

    [Fact]
    public async Task TheEndWaitsForTheCallsOfServersThatHaveLeftTheListToo()
    {
        await using var servers = new Servers(2);
        var source = new WrittenSource();
        var channel = new ThriftChannel(source, Options with { DrainTimeout = TimeSpan.FromMilliseconds(50) });
        var client = Unprotected.Connect(channel);
        source.Name([servers.Endpoints[0]]);
        var slow = client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await servers[0].Handler.SlowCallArrivesAsync();
        var leaving = channel.Endpoints[0];
        source.Name([servers.Endpoints[1]]);
        await Deadline.UntilAsync(() => channel.Endpoints[0] != leaving, "the new list is in force");

        await client.DisposeAsync();

        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => slow.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Contains("DrainTimeout", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ping(TestContext.Current.CancellationToken));
        servers[0].Handler.Release();
    }

    [Fact]
    public async Task WhereAllAreGoneCallsAreRejectedAtOnceAndNameTheServer()
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
    public async Task ASourceThatNamesNobodyEndsTheCallAtItsTimeout()
    {
        await using var client = Calculator.CircuitBreakerClient.Connect(new ThriftChannel(new WrittenSource(), Options with { ConnectTimeout = TimeSpan.FromMilliseconds(50) }));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => client.ping(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));

        Assert.Equal("No endpoints from the test within the ConnectTimeout of 0.05 s. Check what it asks for them.", error.Message);
        Assert.Equal(1, client.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task AHostIsResolvedBeforeTheFirstCall()
    {
        await using var server = CalculatorServer.Start();
        await using var channel = new ThriftChannel(new DnsEndpointSource(WireFormat.Default.At(server.Port)), Options);
        await using var client = Calculator.CircuitBreakerClient.Connect(channel);

        Assert.Equal("text", await client.echo("text", TestContext.Current.CancellationToken));
        Assert.Equal(WireFormat.Default.At(server.Port), Assert.Single(channel.Endpoints).Endpoint);
    }

    private async Task AnsweredAsync(int calls)
    {
        var wanted = Volatile.Read(ref _answered) + calls;
        await Deadline.UntilAsync(() => Volatile.Read(ref _answered) >= wanted, "calls are answered");
    }

    /// <summary>Several callers, each with texts of its own, until it is over.</summary>
    private async Task CallUntilAsync(Calculator.IAsync client, Func<bool> isOver, Func<Task>? meanwhile = null)
    {
        using var over = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(client, caller, over.Token))).ToArray();
        try
        {
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
            await Deadline.UntilAsync(isOver, "it is over");
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(callers).WaitAsync(Deadline.Short);
        }
    }

    private async Task CallAsync(Calculator.IAsync client, int caller, CancellationToken over)
    {
        for (var number = 0; !over.IsCancellationRequested; number++)
        {
            var text = $"caller {caller}, call {number}";
            try
            {
                var answer = await client.echo(text, CancellationToken.None);
                Interlocked.Increment(ref _answered);
                if (answer != text)
                {
                    lock (_sync)
                    {
                        _wrong.Add($"{text}: {answer}");
                    }
                }
            }
            catch (Exception error) when (error is TException or IOException or SocketException or TimeoutException)
            {
                Interlocked.Increment(ref _failed);
            }
        }
    }

    /// <summary>Several servers; each can be stopped, and started again at its port.</summary>
    private sealed class Servers : IAsyncDisposable
    {
        private readonly CalculatorServer?[] _servers;

        public Servers(int number)
        {
            _servers = [.. Enumerable.Range(0, number).Select(static _ => CalculatorServer.Start())];
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

    /// <summary>A source that names what the test names.</summary>
    private sealed class WrittenSource : IEndpointSource
    {
        private readonly Channel<IReadOnlyList<ThriftEndpoint>> _lists = Channel.CreateUnbounded<IReadOnlyList<ThriftEndpoint>>();

        public void Name(IReadOnlyList<ThriftEndpoint> endpoints) => _lists.Writer.TryWrite(endpoints);

        public IAsyncEnumerable<IReadOnlyList<ThriftEndpoint>> WatchAsync(CancellationToken cancellationToken) => _lists.Reader.ReadAllAsync(cancellationToken);

        public override string ToString() => "the test";
    }
}
