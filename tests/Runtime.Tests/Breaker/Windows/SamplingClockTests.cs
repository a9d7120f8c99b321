namespace ThriftBreaker.Runtime.Tests.Breaker.Windows;

/// <summary>The bucket of a moment.</summary>
public sealed class SamplingClockTests
{
    [Theory]
    [InlineData(0.5, 31)]
    [InlineData(16, 1_000)]
    [InlineData(30, 1_875)]
    [InlineData(86_400, 5_400_000)]
    public void Bucket_IsASixteenthOfTheWindow(double seconds, int milliseconds)
    {
        var time = new ManualClock();
        var clock = new SamplingClock(time, TimeSpan.FromSeconds(seconds), number: 1);
        var before = clock.Bucket;

        time.Timestamp = TimeSpan.TicksPerMillisecond * milliseconds - 1;
        Assert.Equal(before, clock.Bucket);
        time.Timestamp++;

        Assert.Equal(before + 1, clock.Bucket);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_000_000_000)]
    public void AnyFrequency_SameBuckets(long frequency)
    {
        var time = new ManualClock(frequency);
        var clock = new SamplingClock(time, TimeSpan.FromSeconds(16), number: 1);
        var before = clock.Bucket;

        time.Timestamp = frequency * 100;

        Assert.Equal(before + 100, clock.Bucket);
    }

    [Fact]
    public void TimestampNearItsLimit_DoesNotOverflow()
    {
        var time = new ManualClock { Timestamp = long.MaxValue - TimeSpan.TicksPerSecond };
        var clock = new SamplingClock(time, TimeSpan.FromSeconds(16), number: 1);
        var before = clock.Bucket;

        time.Timestamp = long.MaxValue;

        Assert.Equal(before + 1, clock.Bucket);
    }

    [Fact]
    public async Task SystemClock_MovesAtItsPace()
    {
        var clock = new SamplingClock(TimeProvider.System, TimeSpan.FromSeconds(0.5), number: 1);
        var (start, before) = (Environment.TickCount64, clock.Bucket);
        while (Environment.TickCount64 == start)
        {
            await Task.Yield();
        }

        var (buckets, earliest) = (clock.Bucket - before, (ulong)(Environment.TickCount64 - start) / 31);
        Assert.InRange(buckets, earliest == 0 ? 0 : earliest - 1, earliest + 1);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-3_000)]
    public void ClockGoesBack_BucketsAreThoseOfBefore(int buckets)
    {
        var time = new ManualClock { Timestamp = TimeSpan.TicksPerDay };
        var clock = new SamplingClock(time, TimeSpan.FromSeconds(16), number: 1);
        var now = clock.Bucket;

        time.Timestamp += buckets * TimeSpan.TicksPerSecond;

        Assert.Equal(now - (ulong)-buckets, clock.Bucket);
    }

    [Fact]
    public void ClockGoesFarBack_NumberStays()
    {
        var time = new ManualClock { Timestamp = TimeSpan.TicksPerDay };
        var clock = new SamplingClock(time, TimeSpan.FromSeconds(0.5), number: 5);

        time.Timestamp = long.MinValue;

        Assert.Equal((5U, 0UL), (SamplingClock.GetNumber(clock.Bucket), SamplingClock.GetTime(clock.Bucket)));
    }

    [Fact]
    public void ClockGoesBeyondItsBuckets_NumberStays()
    {
        var time = new ManualClock(frequency: 1) { Timestamp = long.MinValue };
        var clock = new SamplingClock(time, TimeSpan.FromSeconds(0.5), number: 5);

        time.Timestamp = long.MaxValue;

        Assert.Equal((5U, (1UL << 40) - 1), (SamplingClock.GetNumber(clock.Bucket), SamplingClock.GetTime(clock.Bucket)));
    }

    [Fact]
    public void SystemClock_RatioTrips()
    {
        var breaker = new CircuitBreaker(new() { FailMax = 100, FailureRatio = 0.5, MinimumThroughput = 4, SamplingDuration = TimeSpan.FromDays(1) });

        for (var call = 0; call < 4; call++)
        {
            Assert.True(breaker.TryEnter(out var ticket));
            ticket.Complete(CallOutcome.Failure);
        }

        Assert.Equal(CircuitState.Open, breaker.State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(SamplingClock.Numbers)]
    public void Bucket_ContainsTheNumberOfTheClock(uint number)
    {
        var time = new ManualClock();
        var clock = new SamplingClock(time, TimeSpan.FromSeconds(16), number);
        var before = clock.Bucket;

        time.Timestamp = TimeSpan.TicksPerSecond * 7;

        Assert.Equal((number, SamplingClock.GetTime(before) + 7), (SamplingClock.GetNumber(clock.Bucket), SamplingClock.GetTime(clock.Bucket)));
        Assert.Equal(number, clock.Number);
    }

    [Fact]
    public void Update_NewClockHasAnotherNumber()
    {
        var options = new CircuitBreakerOptions { FailureRatio = 0.5, MinimumThroughput = 2 };
        var settings = new CircuitSettings(options);
        Assert.Equal(1U, settings.Sampling!.Number);
        Assert.Same(settings.Sampling, new CircuitSettings(options with { FailureRatio = 0.1, FailMax = 1 }, settings).Sampling);

        for (var number = 2U; number <= 300; number++)
        {
            var off = new CircuitSettings(options with { FailureRatio = null }, settings);
            Assert.Null(off.Sampling);
            settings = new CircuitSettings(options, off);
            Assert.Equal(number, settings.Sampling!.Number);
        }

        Assert.Equal(301U, new CircuitSettings(options with { SamplingDuration = TimeSpan.FromHours(1) }, settings).Sampling!.Number);
    }
}
