using CsCheck;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>
/// The share of calls of an endpoint that is slower than the others, although no calls are in flight.
/// </summary>
public sealed class SlowEndpointTests
{
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);

    private readonly TestLoadBalancer _test = new(endpoints: 3);

    /// <summary>In-flight calls alone would give it a third.</summary>
    [Fact]
    public void OneCaller_SlowEndpoint_GetsFewCalls() => Gen.Int.Sample(
        static seed =>
        {
            var test = new TestLoadBalancer(endpoints: 3, seed: seed);

            var counts = test.CountTimed(5_000, static port => port == 1 ? Slow : Fast);

            Assert.InRange(counts[1], 1, 50);
            Assert.InRange(counts[2], 2_000, 3_000);
        },
        iter: 50);

    [Theory]
    [InlineData(1.05)]
    [InlineData(1.9)]
    public void SmallDifferences_CallsAreSpreadEvenly(double ratio)
    {
        var counts = _test.CountTimed(6_000, port => port == 1 ? Fast * ratio : Fast);

        Assert.All(counts.Values, static count => Assert.InRange(count, 1_800, 2_200));
    }

    [Fact]
    public void SlowEndpoint_IsTriedAgainAfterDecay()
    {
        _test.Record(1, Slow, replied: true);
        _test.Record(2, Fast, replied: true);
        _test.Record(3, Fast, replied: true);
        Assert.Equal(0, _test.Count(500)[1]);

        // The average of 100 ms counts until it is less than twice 5 ms.
        _test.Clock.Advance(TimeSpan.FromSeconds(10 * Math.Log(10)) - TimeSpan.FromSeconds(0.1));
        Assert.Equal(0, _test.Count(500)[1]);
        _test.Clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.InRange(_test.GetShare(1), 0.3, 0.37);
    }

    /// <summary>An old average of a fast endpoint gives it no advantage over one that has just replied.</summary>
    [Fact]
    public void OldAverage_IsNoAdvantage()
    {
        _test.Record(1, Fast, replied: true);
        _test.Clock.Advance(TimeSpan.FromHours(1));
        _test.Record(2, Fast, replied: true);
        _test.Record(3, Fast, replied: true);

        Assert.InRange(_test.GetShare(1), 0.3, 0.37);
    }

    [Fact]
    public void UnknownEndpoint_IsTreatedAsEqual()
    {
        _test.Record(1, Slow, replied: true);
        _test.Record(2, Fast, replied: true);

        var counts = _test.Count(3_000);

        // Unless it is drawn together with the fast one.
        Assert.InRange(counts[1], 400, 600);
        Assert.InRange(counts[3], 900, 1_100);
    }

    [Fact]
    public void QuickFailure_DoesNotLowerAverage()
    {
        _test.Record(1, Slow, replied: true);
        _test.Record(2, Fast, replied: true);
        _test.Record(3, Fast, replied: true);
        for (var call = 0; call < 100; call++)
        {
            _test.Record(1, TimeSpan.FromMilliseconds(0.01), replied: false);
        }

        Assert.Equal(0, _test.Count(500)[1]);
    }

    [Fact]
    public void Timeout_RaisesAverage()
    {
        foreach (var port in new[] { 1, 2, 3 })
        {
            _test.Record(port, Fast, replied: true);
        }

        _test.Record(1, TimeSpan.FromSeconds(1), replied: false);

        Assert.Equal(0, _test.Count(500)[1]);
    }

    [Fact]
    public void InFlightCallsAtFastEndpoints_OutweighLatency()
    {
        _test.Record(1, 4 * Fast, replied: true);
        _test.Record(2, Fast, replied: true);
        _test.Record(3, Fast, replied: true);
        for (var call = 0; call < 90; call++)
        {
            _test.Begin();
        }

        // A quarter of the calls of a fast one.
        Assert.InRange(_test[1].ActiveCalls, 8, 12);
    }

    [Fact]
    public void ClosedCircuit_ForgetsLatency()
    {
        _test.Record(2, Fast, replied: true);
        _test.Record(3, Fast, replied: true);
        _test.Record(1, TimeSpan.FromSeconds(10), replied: false);
        _test.Trip(1);
        _test[1].CircuitBreaker.Close();

        Assert.InRange(_test.GetShare(1), 0.3, 0.37);
    }

    [Fact]
    public void ClockThatJumpsBack_Works()
    {
        var clock = new ManualClock { Timestamp = TimeSpan.TicksPerDay };
        var (latency, other) = (new PeakLatency(clock), new PeakLatency(clock));
        var startedAt = latency.Start();
        clock.Timestamp += Slow.Ticks;
        latency.Record(startedAt, replied: true);
        startedAt = other.Start();
        clock.Timestamp += Fast.Ticks;
        other.Record(startedAt, replied: true);

        clock.Timestamp = 0;

        Assert.Equal(20, latency.GetSlowness(other), tolerance: 0.1);
        startedAt = latency.Start();
        clock.Timestamp -= Slow.Ticks;
        latency.Record(startedAt, replied: true);
        Assert.InRange(latency.GetSlowness(other), 1, 20.1);
    }

    [Fact]
    public void EqualEndpoints_SelectionReadsNoClock()
    {
        var clock = new ManualClock();
        var loadBalancer = new LoadBalancer(new ThriftChannelOptions { TimeProvider = clock, SlowStartWindow = TimeSpan.Zero }, new Random(0));
        loadBalancer.Update(TestLoadBalancer.CreateEndpoints(3));
        foreach (var endpoint in loadBalancer.Endpoints)
        {
            var startedAt = endpoint.Latency.Start();
            clock.Timestamp += Fast.Ticks;
            endpoint.Latency.Record(startedAt, replied: true);
        }

        var before = clock.Reads;
        for (var call = 0; call < 100; call++)
        {
            TestLoadBalancer.Succeed(loadBalancer.BeginCall(callTimeout: null));
        }

        Assert.Equal(before, clock.Reads);
    }
}
