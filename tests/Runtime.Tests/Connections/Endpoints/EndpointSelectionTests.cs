using CsCheck;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>The endpoint that is selected for each call.</summary>
public sealed class EndpointSelectionTests
{
    [Fact]
    public void EqualLoad_CallsAreSpreadEvenly()
    {
        var counts = new TestLoadBalancer(endpoints: 5).Count(10_000);

        Assert.All(counts.Values, static count => Assert.InRange(count, 1_800, 2_200));
    }

    [Fact]
    public void BusiestEndpoint_GetsNoCall()
    {
        var test = new TestLoadBalancer(endpoints: 5);
        Assert.True(test[1].TryBeginCall(callTimeout: null, out _));

        Assert.Equal(0, test.Count(1_000)[1]);
    }

    /// <summary>
    /// With in-flight calls only, two choices give the busiest endpoint little more than the mean. One choice would
    /// give it far more.
    /// </summary>
    [Fact]
    public void InFlightCalls_AreSpreadEvenly() => Gen.Select(Gen.Int[1, 50], Gen.Int[1, 40], Gen.Int).Sample((endpoints, each, seed) =>
    {
        var test = new TestLoadBalancer(endpoints, seed: seed);
        for (var call = 0; call < endpoints * each; call++)
        {
            test.Begin();
        }

        Assert.Equal(endpoints * each, test.Endpoints.Sum(static endpoint => endpoint.ActiveCalls));
        Assert.All(test.Endpoints, endpoint => Assert.InRange(endpoint.ActiveCalls, 0, each + 4));
    }, iter: 200);

    [Fact]
    public void ActiveCalls_CountsBegunAndEndedCalls() => Gen.Select(Gen.Int[1, 10], Gen.Bool.Array[1, 200]).Sample((endpoints, steps) =>
    {
        var test = new TestLoadBalancer(endpoints);
        var calls = new Queue<EndpointCall>();
        foreach (var begins in steps)
        {
            if (begins)
            {
                calls.Enqueue(test.Begin());
            }
            else if (calls.TryDequeue(out var call))
            {
                TestLoadBalancer.Succeed(call);
            }

            Assert.Equal(calls.Count, test.Endpoints.Sum(static endpoint => endpoint.ActiveCalls));
        }
    }, iter: 200);

    /// <summary>The reset timeout elapses at each read of the clock in turn, so also between two draws.</summary>
    [Fact]
    public void ResetTimeout_ElapsesBetweenDraws_SelectsAcceptingEndpoint()
    {
        for (var read = 1; read <= 40; read++)
        {
            var clock = new ManualClock();
            var loadBalancer = new LoadBalancer(new ThriftChannelOptions { TimeProvider = clock }, new Random(0));
            loadBalancer.Update(TestLoadBalancer.CreateEndpoints(2));
            var reads = 0;
            foreach (var endpoint in loadBalancer.Endpoints)
            {
                endpoint.CircuitBreaker.Open();
            }

            clock.OnRead = () => clock.Timestamp += ++reads == read ? TestLoadBalancer.ResetTimeout.Ticks : 0;
            var selected = PowerOfTwoChoices.Select([.. loadBalancer.Endpoints], new Random(0));

            Assert.True(selected?.AcceptsCalls ?? true);
        }
    }

    [Fact]
    public void OpenCircuits_GetNoCalls() => Gen.Bool.Array[2, 12].Where(static open => open.Contains(false)).Sample(open =>
    {
        var test = new TestLoadBalancer(open.Length);
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

    /// <summary>If most circuits are open, the position in the list gives no endpoint an advantage.</summary>
    [Fact]
    public void FewAcceptingEndpoints_CallsAreSpreadEvenly()
    {
        var test = new TestLoadBalancer(endpoints: 100);
        test.Trip([.. Enumerable.Range(1, 100).Where(static port => port is not (50 or 99 or 100))]);

        var counts = test.Count(3_000);

        Assert.All(counts.Where(static count => count.Value > 0), static count => Assert.InRange(count.Value, 850, 1_150));
    }

    [Fact]
    public void ResetTimeoutElapsed_OneProbeClosesCircuit()
    {
        var test = new TestLoadBalancer(endpoints: 2);
        test.Trip(1);
        test.Clock.Advance(TestLoadBalancer.ResetTimeout);
        var probe = BeginCallAt(test, port: 1);
        Assert.Equal(CircuitState.HalfOpen, test[1].CircuitBreaker.State);
        Assert.Equal(0, test.Count(100)[1]);

        TestLoadBalancer.Succeed(probe);

        Assert.Equal(CircuitState.Closed, test[1].CircuitBreaker.State);
        Assert.InRange(test.GetShare(1), 0.4, 0.6);
    }

    [Fact]
    public void ProbeFails_OpensCircuitAgain()
    {
        var test = new TestLoadBalancer(endpoints: 2);
        test.Trip(1);
        test.Clock.Advance(TestLoadBalancer.ResetTimeout);

        TestLoadBalancer.Fail(BeginCallAt(test, port: 1));

        Assert.Equal(CircuitState.Open, test[1].CircuitBreaker.State);
        Assert.Equal(0, test.Count(100)[1]);
    }

    /// <summary>
    /// A rejecting endpoint gets no calls, but only a call detects that the probe has exceeded its timeout.
    /// </summary>
    [Fact]
    public void ProbeTimeout_EndpointIsProbedAgain()
    {
        var test = new TestLoadBalancer(endpoints: 2);
        test.Trip(1);
        test.Clock.Advance(TestLoadBalancer.ResetTimeout);
        var probe = BeginCallAt(test, port: 1);
        test.Clock.Advance(2 * TestLoadBalancer.ResetTimeout);
        TestLoadBalancer.Succeed(probe);
        Assert.Equal(CircuitState.HalfOpen, test[1].CircuitBreaker.State);

        Assert.Equal(0, test.Count(100)[1]);
        Assert.Equal(CircuitState.Open, test[1].CircuitBreaker.State);

        test.Clock.Advance(TestLoadBalancer.ResetTimeout);
        TestLoadBalancer.Succeed(BeginCallAt(test, port: 1));
        Assert.Equal(CircuitState.Closed, test[1].CircuitBreaker.State);
    }

    [Fact]
    public void Probe_WithLongerCallTimeout_IsAllowedTheTime()
    {
        var test = new TestLoadBalancer(endpoints: 1);
        test.Trip(1);
        test.Clock.Advance(TestLoadBalancer.ResetTimeout);
        var probe = test.LoadBalancer.BeginCall(callTimeout: TimeSpan.FromMinutes(10));

        test.Clock.Advance(TimeSpan.FromMinutes(9));
        TestLoadBalancer.Succeed(probe);

        Assert.Equal(CircuitState.Closed, test[1].CircuitBreaker.State);
    }

    [Fact]
    public void Isolated_GetsNoCallsUntilAuto()
    {
        var test = new TestLoadBalancer(endpoints: 3, static options => options with { AllOpenBehavior = AllOpenBehavior.TryNextAvailable, MaxEjectionRatio = 0.1 });
        test[2].CircuitBreaker.SetMode(CircuitMode.Isolated);
        test.Trip(1);
        Assert.Equal(0, test.Count(500)[2]);

        test[2].CircuitBreaker.SetMode(CircuitMode.Auto);

        Assert.NotEqual(0, test.Count(500)[2]);
    }

    [Fact]
    public void Selection_AllocatesNothing()
    {
        var test = new TestLoadBalancer(endpoints: 5, static options => options with { MaxEjectionRatio = 0.5, SlowStartWindow = TimeSpan.FromSeconds(10) });
        test.Trip(1);
        test[2].BeginSlowStart();
        test.Record(3, TimeSpan.FromSeconds(1), replied: true);
        test.Record(4, TimeSpan.FromMilliseconds(1), replied: true);

        Allocations.None(() => TestLoadBalancer.Succeed(test.Begin()));
    }

    [Fact]
    public void ConcurrentCalls_AreAllCounted()
    {
        var test = new TestLoadBalancer(endpoints: 4, static options => options with { AllOpenBehavior = AllOpenBehavior.TryNextAvailable });
        var loadBalancer = new LoadBalancer(test.LoadBalancer.Options);
        loadBalancer.Update(TestLoadBalancer.CreateEndpoints(4));

        Race.Run(threads: 4, _ =>
        {
            for (var round = 0; round < 5_000; round++)
            {
                var call = loadBalancer.BeginCall(callTimeout: null);
                if (round % 100 == 0)
                {
                    TestLoadBalancer.Fail(call);
                    test.Clock.Advance(TestLoadBalancer.ResetTimeout);
                }
                else
                {
                    TestLoadBalancer.Succeed(call);
                }
            }
        });

        Assert.All(loadBalancer.Endpoints, static endpoint => Assert.Equal(0, endpoint.ActiveCalls));
    }

    /// <summary>Makes calls until one is sent to this port.</summary>
    private static EndpointCall BeginCallAt(TestLoadBalancer test, int port)
    {
        while (true)
        {
            var call = test.Begin();
            if (call.Server.Endpoint.Port == port)
            {
                return call;
            }

            TestLoadBalancer.Succeed(call);
        }
    }
}
