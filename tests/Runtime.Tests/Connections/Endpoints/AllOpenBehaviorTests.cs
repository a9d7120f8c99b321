namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>The behavior of a call when the circuits of all endpoints are open.</summary>
public sealed class AllOpenBehaviorTests
{
    [Fact]
    public void Reject_ReportsShortestRetryAfter()
    {
        var test = new TestLoadBalancer(endpoints: 3);
        test.Trip(2);
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        test.Trip(1, 3);

        var rejection = Assert.Throws<CircuitOpenException>(void () => test.Begin());

        Assert.Equal(TimeSpan.FromSeconds(20), rejection.RetryAfter);
        Assert.Equal("endpoint server:2 (buffered, binary)", rejection.CircuitBreakerName);
        Assert.Equal(
            "The circuits of all 3 endpoints are open, and 'endpoint server:2 (buffered, binary)' is the next to admit a call; this one was rejected without being sent. The next try is admitted in 20.0 s. Last failure: TimeoutException: The server hangs.",
            rejection.Message);
        Assert.All(test.Endpoints, static endpoint => Assert.Equal(0, endpoint.ActiveCalls));
    }

    [Fact]
    public void Reject_IsIgnoredByServiceCircuitBreaker()
    {
        var test = new TestLoadBalancer(endpoints: 1);
        test.Trip(1);
        var serviceCircuitBreaker = new CircuitBreaker(new CircuitBreakerOptions { FailMax = 1 });

        Assert.Throws<CircuitOpenException>(() => serviceCircuitBreaker.Execute(void () => test.Begin()));

        Assert.Equal(CircuitState.Closed, serviceCircuitBreaker.State);
    }

    [Fact]
    public void TryNextAvailable_CallsEndpointWithShortestRetryAfterUncounted()
    {
        var test = new TestLoadBalancer(endpoints: 3, static options => options with { AllOpenBehavior = AllOpenBehavior.TryNextAvailable });
        test.Trip(2);
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        test.Trip(1, 3);

        Assert.Equal(2, test.Call());
        TestLoadBalancer.Fail(test.Begin());

        Assert.All(test.Endpoints, static endpoint => Assert.Equal((CircuitState.Open, 1, 0), (endpoint.CircuitBreaker.State, endpoint.CircuitBreaker.FailureCount, endpoint.ActiveCalls)));
        Assert.Equal(TimeSpan.FromSeconds(20), test[2].CircuitBreaker.RetryAfter);
    }

    [Fact]
    public void TryNextAvailable_ResetTimeoutElapsed_Probes()
    {
        var test = new TestLoadBalancer(endpoints: 2, static options => options with { AllOpenBehavior = AllOpenBehavior.TryNextAvailable });
        test.Trip(1, 2);
        test.Clock.Advance(TestLoadBalancer.ResetTimeout);

        var port = test.Call();

        Assert.Equal(CircuitState.Closed, test[port].CircuitBreaker.State);
    }

    [Fact]
    public void TryNextAvailable_AllIsolated_Rejects()
    {
        var test = new TestLoadBalancer(endpoints: 2, static options => options with { AllOpenBehavior = AllOpenBehavior.TryNextAvailable });
        test[1].CircuitBreaker.SetMode(CircuitMode.Isolated);
        test[2].CircuitBreaker.SetMode(CircuitMode.Isolated);

        Assert.Null(Assert.Throws<CircuitOpenException>(void () => test.Begin()).RetryAfter);
    }
}
