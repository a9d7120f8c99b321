using CsCheck;
using ThriftBreaker.Runtime.Tests.Breaker.Histories;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>A clock whose timestamps jump: no circuit is stuck, and rules without a clock continue to apply.</summary>
public sealed class ClockJumpTests
{
    private static readonly TimeSpan Bucket = TimeSpan.FromSeconds(1);

    private static readonly CircuitBreakerOptions Half = TestCircuit.Settings with
    {
        FailMax = 5,
        FailureRatio = 0.5,
        MinimumThroughput = 4,
        SamplingDuration = TimeWindow.Buckets * Bucket,
    };

    private static readonly TimeSpan[] Jumps =
    [
        TestCircuit.Tick, HistorySettings.ProbeTimeout, HistorySettings.ResetTimeout, TimeSpan.FromSeconds(16), TimeSpan.FromMinutes(1), TimeSpan.FromDays(1), TimeSpan.FromDays(10_000),
    ];

    private static readonly Gen<TimeSpan> AnyJump =
        Gen.Select(Gen.Int[0, Jumps.Length - 1], Gen.Bool, static (which, isBack) => isBack ? -Jumps[which] : Jumps[which]);

    private readonly ManualClock _clock = new() { Timestamp = TimeSpan.FromDays(1).Ticks };

    [Fact]
    public void Backwards_TimeWindowIsEmpty_FailMaxStillTrips()
    {
        var breaker = AfterAWindowOfGoodCalls();
        _clock.Timestamp -= TimeSpan.TicksPerHour;

        Play(breaker, "FFFF");
        Assert.Equal((CircuitState.Closed, 4), (breaker.State, breaker.FailureCount));
        Play(breaker, "F");

        Assert.Equal(CircuitState.Open, breaker.State);
    }

    [Fact]
    public void Backwards_CaughtUp_RatioTripsAgain()
    {
        var breaker = AfterAWindowOfGoodCalls();
        _clock.Timestamp -= TimeSpan.TicksPerHour;
        Play(breaker, "SFSFSFSF");
        Assert.Equal(CircuitState.Closed, breaker.State);

        _clock.Timestamp += TimeSpan.TicksPerHour + (TimeWindow.Buckets * Bucket).Ticks;
        Play(breaker, "SFS");
        Assert.Equal(CircuitState.Closed, breaker.State);
        Play(breaker, "F");

        Assert.Equal(CircuitState.Open, breaker.State);
    }

    [Fact]
    public void Backwards_ClosedAfterwards_RatioTripsAtOnce()
    {
        var breaker = AfterAWindowOfGoodCalls();
        _clock.Timestamp -= TimeSpan.TicksPerHour;

        breaker.Close();
        Play(breaker, "SFSF");

        Assert.Equal(CircuitState.Open, breaker.State);
    }

    [Fact]
    public void Backwards_InFlightCall_IsNotSlow()
    {
        var breaker = new CircuitBreaker(Half with { SlowCallDuration = Bucket, SlowCallRatio = 0.1, MinimumThroughput = 1, TimeProvider = _clock });
        Assert.True(breaker.TryEnter(out var ticket));
        var finished = TimeSpan.MaxValue;
        breaker.CallCompleted += (_, call) => finished = call.Elapsed;

        _clock.Timestamp -= TimeSpan.TicksPerHour;
        ticket.Complete(CallOutcome.Success);

        Assert.Equal((CircuitState.Closed, TimeSpan.Zero), (breaker.State, finished));
    }

    [Fact]
    public void Forwards_OldCallsExpire_ProbeIsDue()
    {
        var breaker = new CircuitBreaker(Half with { TimeProvider = _clock });
        Play(breaker, "FFF");
        _clock.Timestamp += TimeSpan.FromDays(10_000).Ticks;
        Play(breaker, "SSSF");
        Assert.Equal(CircuitState.Closed, breaker.State);
        breaker.Open();

        _clock.Timestamp += TimeSpan.FromDays(10_000).Ticks;

        Assert.Equal(TimeSpan.Zero, breaker.RetryAfter);
        Assert.True(breaker.TryEnter(out var probe));
        Assert.True(probe.IsProbe);
    }

    [Fact]
    public void AnyJumps_HealthyService_Closes()
        => Gen.Select(HistorySettings.Any, Gen.Select(Step.Any.Array[0, 10], AnyJump).Array[1, 4]).Sample(
            static (settings, parts) =>
            {
                var clock = new ManualClock { Timestamp = TimeSpan.FromDays(100_000).Ticks };
                var breaker = new CircuitBreaker(settings.ToOptions(clock));
                var past = new PriorHistory(breaker, time => clock.Timestamp += time.Ticks);
                foreach (var (steps, jump) in parts)
                {
                    past.Play(steps);
                    clock.Timestamp += jump.Ticks;
                }

                AssertRecovers(breaker, clock);
            },
            iter: TestRun.Times(quick: 500, @long: 20_000));

    /// <summary>
    /// At worst a call finds the lease of an abandoned probe running, one finds it expired, and then the reset timeout
    /// must pass; each twice as long.
    /// </summary>
    private static void AssertRecovers(CircuitBreaker breaker, ManualClock clock)
    {
        if (breaker.Mode != CircuitMode.Auto)
        {
            breaker.SetMode(CircuitMode.ReportOnly);
        }

        for (var call = 0; call < 4 + breaker.Options.SuccessThreshold; call++)
        {
            if (breaker.TryEnter(out var ticket) && ticket.CircuitBreaker is not null)
            {
                ticket.Complete(CallOutcome.Success);
            }
            else
            {
                clock.Timestamp += 2 * 3 * HistorySettings.ResetTimeout.Ticks;
            }
        }

        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    private CircuitBreaker AfterAWindowOfGoodCalls()
    {
        var breaker = new CircuitBreaker(Half with { TimeProvider = _clock });
        for (var bucket = 0; bucket < TimeWindow.Buckets; bucket++)
        {
            _clock.Timestamp += Bucket.Ticks;
            Play(breaker, "S");
        }

        return breaker;
    }

    private static void Play(CircuitBreaker breaker, string calls)
    {
        foreach (var call in calls)
        {
            Assert.True(breaker.TryEnter(out var ticket));
            ticket.Complete(call == 'F' ? CallOutcome.Failure : CallOutcome.Success);
        }
    }
}
