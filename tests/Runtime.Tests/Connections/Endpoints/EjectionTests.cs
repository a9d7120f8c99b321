using CsCheck;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>The number of endpoints that can be ejected at a time.</summary>
public sealed class EjectionTests
{
    [Fact]
    public void Limit_EjectsFirstOpenedAndCallsOthersUncounted()
    {
        var test = new TestLoadBalancer(endpoints: 5, static options => options with { MaxEjectionRatio = 0.4 });
        test.Trip(3, 1, 5);

        var counts = test.Count(1_000);

        Assert.Equal((0, 0), (counts[3], counts[1]));
        Assert.InRange(counts[5], 250, 420);
        Assert.Equal((CircuitState.Open, 1), (test[5].CircuitBreaker.State, test[5].CircuitBreaker.FailureCount));
    }

    /// <summary>If all endpoints seem slow because the client is, those that refuse connections get no calls.</summary>
    [Fact]
    public void Limit_EjectsFailedBeforeSlow()
    {
        var test = new TestLoadBalancer(endpoints: 4, static options => options with
        {
            MaxEjectionRatio = 0.5,
            EndpointCircuitBreaker = options.EndpointCircuitBreaker with { SlowCallDuration = TimeSpan.FromSeconds(1), SlowCallRatio = 0.1, SamplingCalls = 1 },
        });
        foreach (var slow in test.Endpoints.Take(3))
        {
            Assert.True(slow.TryBeginCall(callTimeout: null, out var call));
            test.Clock.Advance(TimeSpan.FromSeconds(1));
            TestLoadBalancer.Succeed(call);
            Assert.Equal((CircuitState.Open, 0), (slow.CircuitBreaker.State, slow.CircuitBreaker.FailureCount));
        }

        test.Trip(4);

        Assert.Equal([1, 4], test.Endpoints.Where(static endpoint => !endpoint.AcceptsCalls).Select(static endpoint => endpoint.Endpoint.Port));
    }

    [Fact]
    public void CircuitCloses_NextOpenEndpointIsEjected()
    {
        var test = new TestLoadBalancer(endpoints: 5, static options => options with { MaxEjectionRatio = 0.2 });
        test.Trip(1, 2);
        Assert.NotEqual(0, test.Count(500)[2]);

        test[1].CircuitBreaker.Close();

        var counts = test.Count(500);
        Assert.Equal(0, counts[2]);
        Assert.NotEqual(0, counts[1]);
    }

    [Fact]
    public void ResetTimeoutElapsed_EjectedAndExemptAreProbed()
    {
        var test = new TestLoadBalancer(endpoints: 2, static options => options with { MaxEjectionRatio = 0.5 });
        test.Trip(1, 2);
        test.Clock.Advance(TestLoadBalancer.ResetTimeout);

        test.Count(100);

        Assert.All(test.Endpoints, static endpoint => Assert.Equal(CircuitState.Closed, endpoint.CircuitBreaker.State));
    }

    [Fact]
    public void ProbeTimeout_AtExemptEndpoint_IsDetected()
    {
        var test = new TestLoadBalancer(endpoints: 2, static options => options with { MaxEjectionRatio = 0.5 });
        test.Trip(1, 2);
        test.Clock.Advance(TestLoadBalancer.ResetTimeout);
        Assert.True(test[2].TryBeginCall(callTimeout: null, out var probe));
        test.Clock.Advance(2 * TestLoadBalancer.ResetTimeout);
        TestLoadBalancer.Succeed(probe);
        Assert.Equal(CircuitState.HalfOpen, test[2].CircuitBreaker.State);

        test.Count(100);

        Assert.Equal(CircuitState.Open, test[2].CircuitBreaker.State);
    }

    /// <summary>One endpoint can be ejected at any ratio.</summary>
    [Fact]
    public void EjectedCount_FollowsMaxEjectionRatio() => Gen.Select(Gen.Int[1, 20], Gen.Double[0.01, 1.0], Gen.Int[0, 20]).Sample((endpoints, ratio, open) =>
    {
        var test = new TestLoadBalancer(endpoints, options => options with { MaxEjectionRatio = ratio });
        test.Trip([.. Enumerable.Range(1, Math.Min(open, endpoints))]);

        var ejected = test.Endpoints.Count(static endpoint => !endpoint.AcceptsCalls);

        Assert.Equal(Math.Min(Math.Min(open, endpoints), Math.Max(1, (int)(endpoints * ratio))), ejected);
    }, iter: 500);

    [Fact]
    public void ShorterList_RecomputesTheLimit()
    {
        var test = new TestLoadBalancer(endpoints: 10, static options => options with { MaxEjectionRatio = 0.3 });
        test.Trip(1, 2, 3);
        Assert.Equal(3, test.Endpoints.Count(static endpoint => !endpoint.AcceptsCalls));

        test.LoadBalancer.Update(TestLoadBalancer.CreateEndpoints(4));

        Assert.Equal([1], test.Endpoints.Where(static endpoint => !endpoint.AcceptsCalls).Select(static endpoint => endpoint.Endpoint.Port));
    }
}
