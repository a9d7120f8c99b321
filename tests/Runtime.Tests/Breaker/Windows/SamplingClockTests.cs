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
    public void SystemClock_UsesTheTickCount()
    {
        var clock = new SamplingClock(TimeProvider.System, TimeSpan.FromDays(1), number: 1);

        Assert.InRange(clock.Bucket & 0x3FF_FFFF, (Environment.TickCount64 / 5_400_000) - 1, (Environment.TickCount64 / 5_400_000) + 1);
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

    [Fact]
    public void Bucket_ContainsTheNumberOfTheClock()
    {
        var time = new ManualClock { Timestamp = TimeSpan.TicksPerSecond * 7 };

        var bucket = new SamplingClock(time, TimeSpan.FromSeconds(16), number: 63).Bucket;

        Assert.Equal((63U, 7U), (SamplingClock.NumberIn(bucket), bucket & SamplingClock.TimeMask));
    }

    [Fact]
    public void Update_NewClockHasAnotherNumber()
    {
        var options = new CircuitBreakerOptions { FailureRatio = 0.5, MinimumThroughput = 2 };
        var settings = new CircuitSettings(options);
        Assert.Equal(1U, settings.Sampling!.Number);
        Assert.Same(settings.Sampling, new CircuitSettings(options with { FailureRatio = 0.1, FailMax = 1 }, settings).Sampling);

        for (var number = 2U; number <= 64; number++)
        {
            var off = new CircuitSettings(options with { FailureRatio = null }, settings);
            Assert.Null(off.Sampling);
            settings = new CircuitSettings(options, off);
            Assert.Equal(number == 64 ? 1 : number, settings.Sampling!.Number);
        }

        Assert.Equal(2U, new CircuitSettings(options with { SamplingDuration = TimeSpan.FromHours(1) }, settings).Sampling!.Number);
    }
}
