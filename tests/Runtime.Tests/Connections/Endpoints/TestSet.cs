using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>A set of endpoints that nobody connects to, on a clock that the test moves and with random that always fall alike.</summary>
internal sealed class TestSet
{
    public static readonly TimeSpan ResetTimeout = TimeSpan.FromSeconds(30);

    private static readonly ThriftMethod Method = new("method") { Throws = Type.EmptyTypes };

    public TestSet(int endpoints, Func<ThriftChannelOptions, ThriftChannelOptions>? settings = null, int seed = 0)
    {
        var options = new ThriftChannelOptions
        {
            EndpointCircuitBreaker = new CircuitBreakerOptions { Name = "endpoint", FailMax = 1, ResetTimeout = ResetTimeout },
            SlowStartWindow = TimeSpan.Zero,
            TimeProvider = Clock,
        };
        Set = new EndpointSet(settings?.Invoke(options) ?? options, new Random(seed));
        Set.Update(Named(endpoints));
    }

    public FakeTimeProvider Clock { get; } = new();

    public EndpointSet Set { get; }

    public IReadOnlyList<ChannelEndpoint> Endpoints => Set.Endpoints;

    /// <summary>Endpoints with the ports 1, 2, 3 and so on.</summary>
    public static ThriftEndpoint[] Named(int endpoints) => [.. Enumerable.Range(1, endpoints).Select(static port => new ThriftEndpoint("server", port))];

    public EndpointCall Begin() => Set.TakeTurn(callTimeout: null);

    /// <summary>A call that goes to whom it may, and succeeds.</summary>
    /// <returns>The port that it went to.</returns>
    public int Call()
    {
        var turn = Begin();
        Succeed(turn);
        return turn.Server.Endpoint.Port;
    }

    /// <summary>How many of so many calls, one after the other, each port gets.</summary>
    public Dictionary<int, int> Count(int calls)
    {
        var counts = Endpoints.ToDictionary(static endpoint => endpoint.Endpoint.Port, static _ => 0);
        for (var call = 0; call < calls; call++)
        {
            counts[Call()]++;
        }

        return counts;
    }

    /// <summary>The share that one port gets of calls made one after the other.</summary>
    public double ShareOf(int port, int calls = 2_000) => Count(calls)[port] / (double)calls;

    public static void Succeed(EndpointCall turn)
    {
        turn.Returned(Method, result: true);
        turn.End();
    }

    public static void Fail(EndpointCall turn)
    {
        turn.Failed(new TimeoutException("The server hangs."), Method, CancellationToken.None);
        turn.End();
    }

    public ChannelEndpoint this[int port] => Endpoints.Single(endpoint => endpoint.Endpoint.Port == port);

    /// <summary>A call to this one, which fails and so opens its circuit.</summary>
    public void Trip(params int[] ports)
    {
        foreach (var port in ports)
        {
            Assert.True(this[port].TryTakeTurn(callTimeout: null, out var turn));
            Fail(turn);
            Assert.Equal(CircuitState.Open, this[port].CircuitBreaker.State);
        }
    }
}
