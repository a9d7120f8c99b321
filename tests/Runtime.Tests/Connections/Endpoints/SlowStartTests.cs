namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>How an endpoint that has come back gets its share again.</summary>
public sealed class SlowStartTests
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    [Fact]
    public void OneWhoseCircuitHasClosedGetsMoreAndMore()
    {
        var test = Of(endpoints: 4);
        test[1].CircuitBreaker.Open();
        test[1].CircuitBreaker.Close();

        AssertRampOf(test, port: 1);
    }

    [Fact]
    public void OneThatAChangeOfTheListHasAddedGetsMoreAndMore()
    {
        var test = Of(endpoints: 3);
        test.Set.Update(TestSet.Named(4));

        AssertRampOf(test, port: 4);
    }

    [Fact]
    public void TheFirstListIsWarm() => Assert.InRange(Of(endpoints: 4).ShareOf(1), 0.22, 0.28);

    [Fact]
    public void WithoutATimeForItOneIsBackAtOnce()
    {
        var test = new TestSet(endpoints: 4, static options => options with { SlowStartWindow = TimeSpan.Zero });
        test[1].CircuitBreaker.Open();
        test[1].CircuitBreaker.Close();

        Assert.InRange(test.ShareOf(1), 0.22, 0.28);
    }

    [Fact]
    public void OneThatHasComeBackTwiceBeginsAnew()
    {
        var test = Of(endpoints: 4);
        test[1].CircuitBreaker.Open();
        test[1].CircuitBreaker.Close();
        test.Clock.Advance(Span);
        test[1].CircuitBreaker.Open();
        test[1].CircuitBreaker.Close();

        Assert.InRange(test.ShareOf(1), 0.005, 0.06);
    }

    [Fact]
    public void WhereAllAreColdCallsAreMadeAllTheSame()
    {
        var test = Of(endpoints: 3);
        foreach (var endpoint in test.Endpoints)
        {
            endpoint.BeginWarmUp();
        }

        Assert.All(test.Count(3_000).Values, static count => Assert.InRange(count, 850, 1_150));
    }

    private static TestSet Of(int endpoints) => new(endpoints, static options => options with { SlowStartWindow = Span });

    /// <summary>A tenth of its share at first, then half, then all of it, which is a quarter of the calls.</summary>
    private static void AssertRampOf(TestSet test, int port)
    {
        Assert.InRange(test.ShareOf(port), 0.005, 0.06);
        test.Clock.Advance(Span / 2);
        Assert.InRange(test.ShareOf(port), 0.08, 0.19);
        test.Clock.Advance(Span / 2);
        Assert.InRange(test.ShareOf(port), 0.22, 0.28);
    }
}
