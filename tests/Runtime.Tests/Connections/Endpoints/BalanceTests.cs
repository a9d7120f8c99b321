using CsCheck;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>Who of several endpoints gets a call.</summary>
public sealed class BalanceTests
{
    [Fact]
    public void EndpointsThatAreEquallyBusyGetEquallyMany()
    {
        var counts = new TestSet(endpoints: 5).Count(10_000);

        Assert.All(counts.Values, static count => Assert.InRange(count, 1_800, 2_200));
    }

    [Fact]
    public void TheBusiestGetsACallOnlyWhereThereIsNoOther()
    {
        var test = new TestSet(endpoints: 5);
        Assert.True(test[1].TryTakeTurn(callTimeout: null, out _));

        Assert.Equal(0, test.Count(1_000)[1]);
    }

    /// <summary>Of n calls that nobody ends, two choices leave the busiest with little more than the mean; one choice would leave it with far more.</summary>
    [Fact]
    public void CallsThatDoNotEndAreSpreadEvenly() => Gen.Select(Gen.Int[1, 50], Gen.Int[1, 40], Gen.Int).Sample((endpoints, each, seed) =>
    {
        var test = new TestSet(endpoints, seed: seed);
        for (var call = 0; call < endpoints * each; call++)
        {
            test.Begin();
        }

        Assert.Equal(endpoints * each, test.Endpoints.Sum(static endpoint => endpoint.ActiveCalls));
        Assert.All(test.Endpoints, endpoint => Assert.InRange(endpoint.ActiveCalls, 0, each + 4));
    }, iter: 200);

    [Fact]
    public void EveryTurnThatEndsIsCountedOut() => Gen.Select(Gen.Int[1, 10], Gen.Bool.Array[1, 200]).Sample((endpoints, steps) =>
    {
        var test = new TestSet(endpoints);
        var turns = new Queue<EndpointCall>();
        foreach (var begins in steps)
        {
            if (begins)
            {
                turns.Enqueue(test.Begin());
            }
            else if (turns.TryDequeue(out var turn))
            {
                TestSet.Succeed(turn);
            }

            Assert.Equal(turns.Count, test.Endpoints.Sum(static endpoint => endpoint.ActiveCalls));
        }
    }, iter: 200);

    /// <summary>The time passes at each look at the clock in turn, so that the first draw finds nobody and the second one somebody.</summary>
    [Fact]
    public void ACircuitMayFallDueBetweenTwoDraws()
    {
        for (var look = 1; look <= 40; look++)
        {
            var clock = new ManualClock();
            var set = new EndpointSet(new ThriftChannelOptions { TimeProvider = clock }, new Random(0));
            set.Update(TestSet.Named(2));
            var looks = 0;
            foreach (var endpoint in set.Endpoints)
            {
                endpoint.CircuitBreaker.Open();
            }

            clock.OnRead = () => clock.Timestamp += ++looks == look ? TestSet.ResetTimeout.Ticks : 0;
            var chosen = PowerOfTwoChoices.Choose([.. set.Endpoints], new Random(0));

            Assert.True(chosen?.Admits ?? true);
        }
    }

    [Fact]
    public void OpenCircuitsArePassedOver() => Gen.Bool.Array[2, 12].Where(static open => open.Contains(false)).Sample(open =>
    {
        var test = new TestSet(open.Length);
        for (var port = 1; port <= open.Length; port++)
        {
            if (open[port - 1])
            {
                test.Trip(port);
            }
        }

        var counts = test.Count(20 * open.Length);

        Assert.All(counts, count => Assert.False(open[count.Key - 1] && count.Value > 0, $"Port {count.Key} is open."));
    }, iter: 200);

    /// <summary>Many in a list are open: those that are not are not favoured for their place in it.</summary>
    [Fact]
    public void TheFewThatAreLeftGetEquallyMany()
    {
        var test = new TestSet(endpoints: 100);
        test.Trip([.. Enumerable.Range(1, 100).Where(static port => port is not (50 or 99 or 100))]);

        var counts = test.Count(3_000);

        Assert.All(counts.Where(static count => count.Value > 0), static count => Assert.InRange(count.Value, 850, 1_150));
    }

    [Fact]
    public void ACircuitThatIsDueGetsOneProbeAndIsBackWithItsSuccess()
    {
        var test = new TestSet(endpoints: 2);
        test.Trip(1);
        test.Clock.Advance(TestSet.ResetTimeout);
        var probe = Until(test, port: 1);
        Assert.Equal(CircuitState.HalfOpen, test[1].CircuitBreaker.State);
        Assert.Equal(0, test.Count(100)[1]);

        TestSet.Succeed(probe);

        Assert.Equal(CircuitState.Closed, test[1].CircuitBreaker.State);
        Assert.InRange(test.ShareOf(1), 0.4, 0.6);
    }

    [Fact]
    public void AProbeThatFailsOpensTheCircuitAgain()
    {
        var test = new TestSet(endpoints: 2);
        test.Trip(1);
        test.Clock.Advance(TestSet.ResetTimeout);

        TestSet.Fail(Until(test, port: 1));

        Assert.Equal(CircuitState.Open, test[1].CircuitBreaker.State);
        Assert.Equal(0, test.Count(100)[1]);
    }

    /// <summary>Nobody asks a circuit that lets nobody pass; but only who asks finds out that its probe has had its time.</summary>
    [Fact]
    public void AProbeThatTakesTooLongDoesNotKeepItsEndpointOutForEver()
    {
        var test = new TestSet(endpoints: 2);
        test.Trip(1);
        test.Clock.Advance(TestSet.ResetTimeout);
        var probe = Until(test, port: 1);
        test.Clock.Advance(2 * TestSet.ResetTimeout);
        TestSet.Succeed(probe);
        Assert.Equal(CircuitState.HalfOpen, test[1].CircuitBreaker.State);

        Assert.Equal(0, test.Count(100)[1]);
        Assert.Equal(CircuitState.Open, test[1].CircuitBreaker.State);

        test.Clock.Advance(TestSet.ResetTimeout);
        TestSet.Succeed(Until(test, port: 1));
        Assert.Equal(CircuitState.Closed, test[1].CircuitBreaker.State);
    }

    [Fact]
    public void AMethodThatMayTakeLongerIsGivenTheTimeAsAProbe()
    {
        var test = new TestSet(endpoints: 1);
        test.Trip(1);
        test.Clock.Advance(TestSet.ResetTimeout);
        var probe = test.Set.TakeTurn(callTimeout: TimeSpan.FromMinutes(10));

        test.Clock.Advance(TimeSpan.FromMinutes(9));
        TestSet.Succeed(probe);

        Assert.Equal(CircuitState.Closed, test[1].CircuitBreaker.State);
    }

    [Fact]
    public void OneThatIsIsolatedByHandGetsNothingUntilItIsPutBack()
    {
        var test = new TestSet(endpoints: 3, static options => options with { AllOpenBehavior = AllOpenBehavior.TryNextAvailable, MaxEjectionRatio = 0.1 });
        test[2].CircuitBreaker.SetMode(CircuitMode.Isolated);
        test.Trip(1);
        Assert.Equal(0, test.Count(500)[2]);

        test[2].CircuitBreaker.SetMode(CircuitMode.Auto);

        Assert.NotEqual(0, test.Count(500)[2]);
    }

    [Fact]
    public void TheChoiceAllocatesNothing()
    {
        var test = new TestSet(endpoints: 5, static options => options with { MaxEjectionRatio = 0.5, SlowStartWindow = TimeSpan.FromSeconds(10) });
        test.Trip(1);
        test[2].BeginWarmUp();

        Allocations.None(() => TestSet.Succeed(test.Begin()));
    }

    [Fact]
    public void ThreadsThatCallAtOnceCountEveryCall()
    {
        var test = new TestSet(endpoints: 4, static options => options with { AllOpenBehavior = AllOpenBehavior.TryNextAvailable });
        var set = new EndpointSet(test.Set.Options);
        set.Update(TestSet.Named(4));

        Race.Run(threads: 4, _ =>
        {
            for (var call = 0; call < 5_000; call++)
            {
                var turn = set.TakeTurn(callTimeout: null);
                if (call % 100 == 0)
                {
                    TestSet.Fail(turn);
                    test.Clock.Advance(TestSet.ResetTimeout);
                }
                else
                {
                    TestSet.Succeed(turn);
                }
            }
        });

        Assert.All(set.Endpoints, static endpoint => Assert.Equal(0, endpoint.ActiveCalls));
    }

    /// <summary>The turn of the first call that goes to this one.</summary>
    private static EndpointCall Until(TestSet test, int port)
    {
        while (true)
        {
            var turn = test.Begin();
            if (turn.Server.Endpoint.Port == port)
            {
                return turn;
            }

            TestSet.Succeed(turn);
        }
    }
}
