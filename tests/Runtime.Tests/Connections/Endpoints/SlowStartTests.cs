namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>The growing share of calls of an endpoint after its circuit has closed.</summary>
public sealed class SlowStartTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    [Fact]
    public void CircuitCloses_ShareGrows()
    {
        var test = CreateLoadBalancer(endpoints: 4);
        test[1].CircuitBreaker.Open();
        test[1].CircuitBreaker.Close();

        AssertShareGrows(test, port: 1);
    }

    [Fact]
    public void EndpointAdded_ShareGrows()
    {
        var test = CreateLoadBalancer(endpoints: 3);
        test.LoadBalancer.Update(TestLoadBalancer.CreateEndpoints(4));

        AssertShareGrows(test, port: 4);
    }

    [Fact]
    public void FirstList_HasFullShare() => Assert.InRange(CreateLoadBalancer(endpoints: 4).GetShare(1), 0.22, 0.28);

    [Fact]
    public void WindowZero_FullShareAtOnce()
    {
        var test = new TestLoadBalancer(endpoints: 4, static options => options with { SlowStartWindow = TimeSpan.Zero });
        test[1].CircuitBreaker.Open();
        test[1].CircuitBreaker.Close();

        Assert.InRange(test.GetShare(1), 0.22, 0.28);
    }

    [Fact]
    public void CircuitClosesAgain_RestartsWindow()
    {
        var test = CreateLoadBalancer(endpoints: 4);
        test[1].CircuitBreaker.Open();
        test[1].CircuitBreaker.Close();
        test.Clock.Advance(Window);
        test[1].CircuitBreaker.Open();
        test[1].CircuitBreaker.Close();

        Assert.InRange(test.GetShare(1), 0.005, 0.06);
    }

    [Fact]
    public void AllInSlowStart_CallsAreSpreadEvenly()
    {
        var test = CreateLoadBalancer(endpoints: 3);
        foreach (var endpoint in test.Endpoints)
        {
            endpoint.BeginSlowStart();
        }

        Assert.All(test.Count(3_000).Values, static count => Assert.InRange(count, 850, 1_150));
    }

    private static TestLoadBalancer CreateLoadBalancer(int endpoints) => new(endpoints, static options => options with { SlowStartWindow = Window });

    /// <summary>
    /// Asserts a tenth of the full share, then half, then the full share, which is a quarter of the calls.
    /// </summary>
    private static void AssertShareGrows(TestLoadBalancer test, int port)
    {
        Assert.InRange(test.GetShare(port), 0.005, 0.06);
        test.Clock.Advance(Window / 2);
        Assert.InRange(test.GetShare(port), 0.08, 0.19);
        test.Clock.Advance(Window / 2);
        Assert.InRange(test.GetShare(port), 0.22, 0.28);
    }
}
