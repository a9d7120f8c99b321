using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>A load balancer whose endpoints are never connected, with a fake clock and seeded random numbers.</summary>
internal sealed class TestLoadBalancer
{
    public static readonly TimeSpan ResetTimeout = TimeSpan.FromSeconds(30);

    private static readonly ThriftMethod Method = new("method") { Throws = Type.EmptyTypes };

    public TestLoadBalancer(int endpoints, Func<ThriftChannelOptions, ThriftChannelOptions>? settings = null, int seed = 0)
    {
        var options = new ThriftChannelOptions
        {
            EndpointCircuitBreaker = new CircuitBreakerOptions { Name = "endpoint", FailMax = 1, ResetTimeout = ResetTimeout },
            SlowStartWindow = TimeSpan.Zero,
            TimeProvider = Clock,
        };
        LoadBalancer = new LoadBalancer(settings?.Invoke(options) ?? options, new Random(seed));
        LoadBalancer.Update(CreateEndpoints(endpoints));
    }

    public FakeTimeProvider Clock { get; } = new();

    public LoadBalancer LoadBalancer { get; }

    public IReadOnlyList<ChannelEndpoint> Endpoints => LoadBalancer.Endpoints;

    /// <summary>Creates endpoints with the ports 1, 2, 3 and so on.</summary>
    public static ThriftEndpoint[] CreateEndpoints(int count) => [.. Enumerable.Range(1, count).Select(static port => new ThriftEndpoint("server", port))];

    public EndpointCall Begin() => LoadBalancer.BeginCall(callTimeout: null);

    /// <summary>Begins a call at the selected endpoint and completes it with success.</summary>
    /// <returns>The port of the endpoint.</returns>
    public int Call()
    {
        var call = Begin();
        Succeed(call);
        return call.Server.Endpoint.Port;
    }

    /// <summary>Makes sequential calls and counts those of each port.</summary>
    public Dictionary<int, int> Count(int calls)
    {
        var counts = Endpoints.ToDictionary(static endpoint => endpoint.Endpoint.Port, static _ => 0);
        for (var call = 0; call < calls; call++)
        {
            counts[Call()]++;
        }

        return counts;
    }

    /// <summary>Makes sequential calls and returns the share of one port.</summary>
    public double GetShare(int port, int calls = 2_000) => Count(calls)[port] / (double)calls;

    /// <summary>
    /// Makes sequential calls with a reply after the latency of the endpoint, and counts those of each port.
    /// </summary>
    public Dictionary<int, int> CountTimed(int calls, Func<int, TimeSpan> latency)
    {
        var counts = Endpoints.ToDictionary(static endpoint => endpoint.Endpoint.Port, static _ => 0);
        for (var call = 0; call < calls; call++)
        {
            var begun = Begin();
            var port = begun.Server.Endpoint.Port;
            Record(port, latency(port), replied: true);
            Succeed(begun);
            counts[port]++;
        }

        return counts;
    }

    /// <summary>Records the time of a call at a port, and advances the clock by it.</summary>
    public void Record(int port, TimeSpan time, bool replied)
    {
        var startedAt = this[port].Latency.Start();
        Clock.Advance(time);
        this[port].Latency.Record(startedAt, replied);
    }

    public static void Succeed(EndpointCall call)
    {
        call.Returned(Method, result: true);
        call.End();
    }

    public static void Fail(EndpointCall call)
    {
        call.Failed(new TimeoutException("The server hangs."), Method, CancellationToken.None);
        call.End();
    }

    public ChannelEndpoint this[int port] => Endpoints.Single(endpoint => endpoint.Endpoint.Port == port);

    /// <summary>Opens the circuits of these ports with one failed call each.</summary>
    public void Trip(params int[] ports)
    {
        foreach (var port in ports)
        {
            Assert.True(this[port].TryBeginCall(callTimeout: null, out var call));
            Fail(call);
            Assert.Equal(CircuitState.Open, this[port].CircuitBreaker.State);
        }
    }
}
