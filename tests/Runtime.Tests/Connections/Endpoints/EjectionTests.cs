using CsCheck;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>How many endpoints may be passed over at a time.</summary>
public sealed class EjectionTests
{
    [Fact]
    public void ThoseThatOpenedFirstArePassedOverAndTheOthersGetCallsThatNobodyCounts()
    {
        var test = new TestSet(endpoints: 5, static options => options with { MaxEjectionRatio = 0.4 });
        test.Trip(3, 1, 5);

        var counts = test.Count(1_000);

        Assert.Equal((0, 0), (counts[3], counts[1]));
        Assert.InRange(counts[5], 250, 420);
        Assert.Equal((CircuitState.Open, 1), (test[5].CircuitBreaker.State, test[5].CircuitBreaker.FailureCount));
    }

    /// <summary>Where all seem slow because this side is, those that refuse must not get the calls.</summary>
    [Fact]
    public void ThoseThatHaveFailedArePassedOverBeforeThoseThatWereSlow()
    {
        var test = new TestSet(endpoints: 4, static options => options with
        {
            MaxEjectionRatio = 0.5,
            EndpointCircuitBreaker = options.EndpointCircuitBreaker with { SlowCallDuration = TimeSpan.FromSeconds(1), SlowCallRatio = 0.1, SamplingCalls = 1 },
        });
        foreach (var slow in test.Endpoints.Take(3))
        {
            Assert.True(slow.TryTakeTurn(callTimeout: null, out var turn));
            test.Clock.Advance(TimeSpan.FromSeconds(1));
            TestSet.Succeed(turn);
            Assert.Equal((CircuitState.Open, 0), (slow.CircuitBreaker.State, slow.CircuitBreaker.FailureCount));
        }

        test.Trip(4);

        Assert.Equal([1, 4], test.Endpoints.Where(static endpoint => !endpoint.Admits).Select(static endpoint => endpoint.Endpoint.Port));
    }

    [Fact]
    public void OneThatIsBackMakesRoomForTheNext()
    {
        var test = new TestSet(endpoints: 5, static options => options with { MaxEjectionRatio = 0.2 });
        test.Trip(1, 2);
        Assert.NotEqual(0, test.Count(500)[2]);

        test[1].CircuitBreaker.Close();

        var counts = test.Count(500);
        Assert.Equal(0, counts[2]);
        Assert.NotEqual(0, counts[1]);
    }

    [Fact]
    public void OneThatIsDueIsProbedWhetherPassedOverOrNot()
    {
        var test = new TestSet(endpoints: 2, static options => options with { MaxEjectionRatio = 0.5 });
        test.Trip(1, 2);
        test.Clock.Advance(TestSet.ResetTimeout);

        test.Count(100);

        Assert.All(test.Endpoints, static endpoint => Assert.Equal(CircuitState.Closed, endpoint.CircuitBreaker.State));
    }

    [Fact]
    public void AProbeThatTakesTooLongIsFoundOutWhereItsEndpointGetsCallsAllTheSame()
    {
        var test = new TestSet(endpoints: 2, static options => options with { MaxEjectionRatio = 0.5 });
        test.Trip(1, 2);
        test.Clock.Advance(TestSet.ResetTimeout);
        Assert.True(test[2].TryTakeTurn(callTimeout: null, out var probe));
        test.Clock.Advance(2 * TestSet.ResetTimeout);
        TestSet.Succeed(probe);
        Assert.Equal(CircuitState.HalfOpen, test[2].CircuitBreaker.State);

        test.Count(100);

        Assert.Equal(CircuitState.Open, test[2].CircuitBreaker.State);
    }

    /// <summary>Whatever the share, one may be.</summary>
    [Fact]
    public void AsManyArePassedOverAsTheShareSays() => Gen.Select(Gen.Int[1, 20], Gen.Double[0.01, 1.0], Gen.Int[0, 20]).Sample((endpoints, share, open) =>
    {
        var test = new TestSet(endpoints, options => options with { MaxEjectionRatio = share });
        test.Trip([.. Enumerable.Range(1, Math.Min(open, endpoints))]);

        var passedOver = test.Endpoints.Count(static endpoint => !endpoint.Admits);

        Assert.Equal(Math.Min(Math.Min(open, endpoints), Math.Max(1, (int)(endpoints * share))), passedOver);
    }, iter: 500);

    [Fact]
    public void AShorterListIsCountedAnew()
    {
        var test = new TestSet(endpoints: 10, static options => options with { MaxEjectionRatio = 0.3 });
        test.Trip(1, 2, 3);
        Assert.Equal(3, test.Endpoints.Count(static endpoint => !endpoint.Admits));

        test.Set.Update(TestSet.Named(4));

        Assert.Equal([1], test.Endpoints.Where(static endpoint => !endpoint.Admits).Select(static endpoint => endpoint.Endpoint.Port));
    }
}
