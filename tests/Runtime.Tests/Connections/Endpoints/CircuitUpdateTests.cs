namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>Other settings for the circuits of the endpoints of a channel that is in use.</summary>
public sealed class CircuitUpdateTests
{
    [Fact]
    public void TheyAreInForceForThoseThatThereAreAndForThoseThatCome()
    {
        var test = new TestSet(endpoints: 2);
        test.Trip(1);

        test.Set.UpdateCircuits(test.Set.Options.EndpointCircuitBreaker with { FailMax = 7 });
        test.Set.Update(TestSet.Named(3));

        Assert.Equal([7, 7, 7], FailMaxOfAll(test));
        Assert.Equal([CircuitState.Open, CircuitState.Closed, CircuitState.Closed], test.Endpoints.Select(static endpoint => endpoint.CircuitBreaker.State));
        Assert.Equal(7, test.Set.Options.EndpointCircuitBreaker.FailMax);
    }

    [Fact]
    public void AContradictionLeavesEverythingAsItWas()
    {
        var test = new TestSet(endpoints: 2);

        Assert.Throws<ArgumentException>(() => test.Set.UpdateCircuits(test.Set.Options.EndpointCircuitBreaker with { FailMax = 7, FailureRatio = 0.5 }));
        Assert.Equal(
            "The circuits of the endpoints go on to be called 'endpoint …', and not 'server …'. (Parameter 'circuit')",
            Assert.Throws<ArgumentException>("circuit", () => test.Set.UpdateCircuits(test.Set.Options.EndpointCircuitBreaker with { FailMax = 7, Name = "server" })).Message);

        Assert.Equal([1, 1], FailMaxOfAll(test));
        Assert.Equal(1, test.Set.Options.EndpointCircuitBreaker.FailMax);
    }

    /// <summary>What one endpoint alone cannot take, since a method of its own takes longer, none has.</summary>
    [Fact]
    public void NorDoesOneThatFitsSomeOfThem()
    {
        var test = new TestSet(endpoints: 2);
        Assert.True(test[2].TryTakeTurn(TimeSpan.FromSeconds(90), out var turn));
        TestSet.Succeed(turn);

        Assert.Throws<ArgumentException>(
            () => test.Set.UpdateCircuits(test.Set.Options.EndpointCircuitBreaker with { FailMax = 7, ProbeTimeout = test.Set.Options.CallTimeout }));

        Assert.Equal([1, 1], FailMaxOfAll(test));
    }

    [Fact]
    public void AChannelToOneServerHasNone()
    {
        using var channel = new ThriftChannel(TestSet.Named(1)[0]);

        channel.UpdateEndpointCircuitBreakerOptions(channel.Options.EndpointCircuitBreaker with { FailMax = 7 });

        Assert.Equal(5, channel.Options.EndpointCircuitBreaker.FailMax);
    }

    private static IEnumerable<int> FailMaxOfAll(TestSet test) => test.Endpoints.Select(static endpoint => endpoint.CircuitBreaker.Options.FailMax);
}
