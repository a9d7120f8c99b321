namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>Changed settings for the endpoint circuit breakers of a channel in use.</summary>
public sealed class CircuitBreakerOptionsUpdateTests
{
    [Fact]
    public void Update_AppliesToCurrentAndFutureEndpoints()
    {
        var test = new TestLoadBalancer(endpoints: 2);
        test.Trip(1);

        test.LoadBalancer.UpdateCircuitBreakerOptions(test.LoadBalancer.Options.EndpointCircuitBreaker with { FailMax = 7 });
        test.LoadBalancer.Update(TestLoadBalancer.CreateEndpoints(3));

        Assert.Equal([7, 7, 7], GetFailMax(test));
        Assert.Equal([CircuitState.Open, CircuitState.Closed, CircuitState.Closed], test.Endpoints.Select(static endpoint => endpoint.CircuitBreaker.State));
        Assert.Equal(7, test.LoadBalancer.Options.EndpointCircuitBreaker.FailMax);
    }

    [Fact]
    public void Update_Contradictory_ChangesNothing()
    {
        var test = new TestLoadBalancer(endpoints: 2);

        Assert.Throws<ArgumentException>(() => test.LoadBalancer.UpdateCircuitBreakerOptions(test.LoadBalancer.Options.EndpointCircuitBreaker with { FailMax = 7, FailureRatio = 0.5 }));
        Assert.Equal(
            "The names of the endpoints' circuit breakers cannot change from 'endpoint …' to 'server …'. (Parameter 'options')",
            Assert.Throws<ArgumentException>("options", () => test.LoadBalancer.UpdateCircuitBreakerOptions(test.LoadBalancer.Options.EndpointCircuitBreaker with { FailMax = 7, Name = "server" })).Message);

        Assert.Equal([1, 1], GetFailMax(test));
        Assert.Equal(1, test.LoadBalancer.Options.EndpointCircuitBreaker.FailMax);
    }

    /// <summary>
    /// One endpoint cannot use the settings, since one of its methods takes longer: no endpoint gets them.
    /// </summary>
    [Fact]
    public void Update_InvalidForOneEndpoint_ChangesNothing()
    {
        var test = new TestLoadBalancer(endpoints: 2);
        Assert.True(test[2].TryBeginCall(TimeSpan.FromSeconds(90), out var call));
        TestLoadBalancer.Succeed(call);

        Assert.Throws<ArgumentException>(
            () => test.LoadBalancer.UpdateCircuitBreakerOptions(test.LoadBalancer.Options.EndpointCircuitBreaker with { FailMax = 7, ProbeTimeout = test.LoadBalancer.Options.CallTimeout }));

        Assert.Equal([1, 1], GetFailMax(test));
    }

    [Fact]
    public void Validate_ThrowsAsUpdate_ChangesNothing()
    {
        using var channel = new ThriftChannel(TestLoadBalancer.CreateEndpoints(2));
        var options = channel.Options.EndpointCircuitBreaker;

        channel.ValidateEndpointCircuitBreakerOptions(options with { FailMax = 7 });
        Assert.Throws<ArgumentException>(() => channel.ValidateEndpointCircuitBreakerOptions(options with { FailureRatio = 0.5 }));
        Assert.Throws<ArgumentException>("options", () => channel.ValidateEndpointCircuitBreakerOptions(options with { Name = "server" }));
        Assert.Throws<ArgumentException>(() => channel.ValidateEndpointCircuitBreakerOptions(options with { ProbeTimeout = channel.Options.CallTimeout / 2 }));
        Assert.Throws<ArgumentNullException>("options", () => channel.ValidateEndpointCircuitBreakerOptions(null!));

        Assert.All(channel.Endpoints, endpoint => Assert.Equal(options.FailMax, endpoint.CircuitBreaker.Options.FailMax));
    }

    [Fact]
    public void Update_ChannelToOneServer_HasNoEffect()
    {
        using var channel = new ThriftChannel(TestLoadBalancer.CreateEndpoints(1)[0]);

        channel.UpdateEndpointCircuitBreakerOptions(channel.Options.EndpointCircuitBreaker with { FailMax = 7 });

        Assert.Equal(5, channel.Options.EndpointCircuitBreaker.FailMax);
    }

    private static IEnumerable<int> GetFailMax(TestLoadBalancer test) => test.Endpoints.Select(static endpoint => endpoint.CircuitBreaker.Options.FailMax);
}
