namespace ThriftBreaker.Runtime.Tests.Breaker.Windows;

/// <summary>Windows over time after long idle times, with long calls, and on clocks with any timestamps.</summary>
public sealed class LongTimesTests
{
    private const int Minimum = 10;
    private const long LongestCycle = 1L << 26;

    private readonly ManualClock _clock = new();

    /// <summary>The sampling durations in seconds.</summary>
    public static TheoryData<double> Durations => [0.5, 1, 2.048, 5, 30];

    [Theory]
    [MemberData(nameof(Durations))]
    public void AfterAnyIdleTime_OnlyNewFailuresCount_AndTrip(double seconds)
    {
        foreach (var buckets in GetLongTimes())
        {
            var breaker = Create(seconds);
            Fail(breaker, Minimum - 1);

            Pass(seconds, buckets);
            Fail(breaker, Minimum - 1);
            Assert.True(breaker.State == CircuitState.Closed, $"After {buckets} buckets, old failures count as new ones.");

            Fail(breaker, 1);
            Assert.True(breaker.State == CircuitState.Open, $"After {buckets} buckets, failures do not count.");
        }
    }

    [Theory]
    [MemberData(nameof(Durations))]
    public void AfterAnyCallTime_TheOldCallDoesNotCount(double seconds)
    {
        foreach (var buckets in GetLongTimes())
        {
            var breaker = Create(seconds);
            Assert.True(breaker.TryEnter(out var old));

            Pass(seconds, buckets);
            old.Complete(CallOutcome.Failure);
            Fail(breaker, Minimum - 1);

            Assert.True(breaker.State == CircuitState.Closed, $"A call of {buckets} buckets counts as a new one.");
        }
    }

    [Theory]
    [MemberData(nameof(Durations))]
    public void SteadyTraffic_AtAnyTime_TripsInTheWindow(double seconds)
    {
        foreach (var buckets in GetLongTimes())
        {
            var breaker = Create(seconds);
            Fail(breaker, 1);
            Pass(seconds, buckets);

            // A failure in each bucket: ten of them are in the window, wherever it begins.
            for (var call = 0; call < Minimum; call++)
            {
                Assert.Equal(CircuitState.Closed, breaker.State);
                Fail(breaker, 1);
                Pass(seconds, buckets: 1);
            }

            Assert.True(breaker.State == CircuitState.Open, $"After {buckets} buckets, a bucket is missing.");
        }
    }

    [Theory]
    [MemberData(nameof(Durations))]
    public void TimestampsPassZero_FailuresOnBothSidesCount(double seconds)
    {
        for (var sixteenth = 1; sixteenth <= 15; sixteenth++)
        {
            _clock.Timestamp = -TimeSpan.FromSeconds(seconds * sixteenth / 16).Ticks;
            var breaker = Create(seconds);
            Fail(breaker, Minimum - 1);

            _clock.Timestamp = 0;
            Fail(breaker, 1);

            Assert.True(breaker.State == CircuitState.Open, $"Failures {sixteenth} buckets before zero do not count.");
        }
    }

    [Theory]
    [InlineData(long.MinValue, 1)]
    [InlineData(long.MinValue, TimeSpan.TicksPerSecond)]
    [InlineData(-TimeSpan.TicksPerDay * 100, TimeSpan.TicksPerSecond)]
    [InlineData(-1, 1_000)]
    [InlineData(long.MaxValue - 60, 1)]
    public void AnyTimestamp_WindowMoves(long timestamp, long frequency)
    {
        var clock = new ManualClock(frequency) { Timestamp = timestamp };
        var breaker = new CircuitBreaker(Options(seconds: 16) with { TimeProvider = clock });

        Fail(breaker, Minimum - 1);
        clock.Timestamp += 17 * frequency;
        Fail(breaker, Minimum - 1);
        Assert.Equal(CircuitState.Closed, breaker.State);
        clock.Timestamp += 15 * frequency;
        Fail(breaker, 1);

        Assert.Equal(CircuitState.Open, breaker.State);
    }

    [Fact]
    public void LargestMinimumThroughput_OneProcessor_IsReached()
    {
        const int Largest = 1_000_000;
        var window = new TimeWindow(processors: 1, clock: 0);
        for (var call = 0; call < Largest; call++)
        {
            window.Record(startedIn: 3, failed: true, slow: true);
        }

        Assert.Equal(new WindowCounts(Largest, Largest, Largest), window.Count(now: 3));

        for (var call = 0; call < 2 * Largest; call++)
        {
            window.Record(startedIn: 3, failed: true, slow: true);
            if (call % 1_000 == 0)
            {
                Assert.InRange(window.Count(now: 3).Calls, Largest, 3 * Largest);
            }
        }
    }

    /// <summary>Numbers of buckets: at, before and after each multiple of a power of two up to two cycles.</summary>
    private static IEnumerable<long> GetLongTimes()
        => from eighth in Enumerable.Range(1, 256)
           from further in new[] { -17, -8, 0, 1, 15 }
           select (eighth * (LongestCycle / 128)) + further;

    private static CircuitBreakerOptions Options(double seconds) => new()
    {
        FailMax = 1_000_000,
        FailureRatio = 1,
        MinimumThroughput = Minimum,
        SamplingDuration = TimeSpan.FromSeconds(seconds),
    };

    private static void Fail(CircuitBreaker breaker, int times)
    {
        for (var call = 0; call < times; call++)
        {
            Assert.True(breaker.TryEnter(out var ticket));
            ticket.Complete(CallOutcome.Failure);
        }
    }

    private CircuitBreaker Create(double seconds) => new(Options(seconds) with { TimeProvider = _clock });

    /// <summary>Lets time pass; a bucket has a whole number of milliseconds.</summary>
    private void Pass(double seconds, long buckets)
        => _clock.Timestamp += buckets * (long)(seconds * 1_000 / TimeWindow.Buckets) * TimeSpan.TicksPerMillisecond;
}
