namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>
/// Time spans on clocks of any frequency are rounded up, so that no call comes too early, and never overflow.
/// </summary>
public sealed class MonotonicClockTests
{
    private const long Nanoseconds = 1_000_000_000;
    private const long Ticks = TimeSpan.TicksPerSecond;
    private const long Milliseconds = 1_000;
    private const long Thirds = 3;

    [Theory]
    [InlineData(Ticks, 1, 1)]
    [InlineData(Nanoseconds, 1, 100)]
    [InlineData(Milliseconds, 10_000, 1)]
    [InlineData(Milliseconds, 10_001, 2)]
    [InlineData(Milliseconds, 1, 1)]
    [InlineData(Thirds, Ticks, 3)]
    [InlineData(Thirds, Ticks + 1, 4)]
    public void After_RoundsUp(long frequency, long spanTicks, long expected)
        => Assert.Equal(1_000 + expected, new MonotonicClock(new ManualClock(frequency)).After(1_000, TimeSpan.FromTicks(spanTicks)));

    [Theory]
    [InlineData(Ticks, 1, 1)]
    [InlineData(Nanoseconds, 100, 1)]
    [InlineData(Nanoseconds, 101, 2)]
    [InlineData(Nanoseconds, 1, 1)]
    [InlineData(Milliseconds, 1, 10_000)]
    [InlineData(Thirds, 1, 3_333_334)]
    [InlineData(Thirds, 3, Ticks)]
    public void Between_RoundsUp(long frequency, long steps, long expectedTicks)
        => Assert.Equal(TimeSpan.FromTicks(expectedTicks), new MonotonicClock(new ManualClock(frequency)).Between(1_000, 1_000 + steps));

    [Theory]
    [InlineData(Nanoseconds)]
    [InlineData(Ticks)]
    [InlineData(24_000_000)]
    [InlineData(Milliseconds)]
    [InlineData(Thirds)]
    public void Between_WaitingThatLong_ReachesTheDeadline(long frequency)
    {
        var provider = new ManualClock(frequency) { Timestamp = 12_345 };
        var clock = new MonotonicClock(provider);
        var due = clock.After(provider.Timestamp, TimeSpan.FromTicks(98_765_432));

        for (; provider.Timestamp < due; provider.Timestamp += Math.Max(1, frequency / 7))
        {
            Assert.True(clock.After(provider.Timestamp, clock.Between(provider.Timestamp, due)) >= due);
        }
    }

    [Fact]
    public void Between_NotLater_IsZero()
    {
        var clock = new MonotonicClock(new ManualClock());

        Assert.Equal(TimeSpan.Zero, clock.Between(5, 5));
        Assert.Equal(TimeSpan.Zero, clock.Between(6, 5));
        Assert.Equal(TimeSpan.Zero, clock.Between(long.MaxValue, long.MinValue));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void After_BeyondTheRange_Saturates(long now)
        => Assert.Equal(long.MaxValue, new MonotonicClock(new ManualClock(Nanoseconds)).After(now, TimeSpan.MaxValue));

    [Fact]
    public void Between_BeyondTheRange_Saturates()
    {
        Assert.Equal(TimeSpan.MaxValue, new MonotonicClock(new ManualClock(Milliseconds)).Between(0, long.MaxValue));
        Assert.Equal(TimeSpan.MaxValue, new MonotonicClock(new ManualClock(Ticks)).Between(long.MinValue, long.MaxValue));
    }

    [Fact]
    public void NegativeTimestamps_Work()
    {
        var clock = new MonotonicClock(new ManualClock(Milliseconds));

        Assert.Equal(-4_000, clock.After(-5_000, TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.FromSeconds(2), clock.Between(-1_000, 1_000));
    }

    [Theory]
    [InlineData(Nanoseconds)]
    [InlineData(Milliseconds)]
    public void AnyFrequency_CircuitBreakerKeepsItsTimes(long frequency)
    {
        var clock = new ManualClock(frequency) { Timestamp = 77 };
        var breaker = new CircuitBreaker(new() { ResetTimeout = TimeSpan.FromSeconds(2), ProbeTimeout = TimeSpan.FromSeconds(1), TimeProvider = clock });
        breaker.Open();
        Assert.Equal(TimeSpan.FromSeconds(2), breaker.RetryAfter);

        clock.Timestamp += (2 * frequency) - 1;
        Assert.False(breaker.TryEnter(out _));
        clock.Timestamp++;
        Assert.True(breaker.TryEnter(out _));
        clock.Timestamp += frequency - 1;
        Assert.False(breaker.TryEnter(out _));
        Assert.Equal(CircuitState.HalfOpen, breaker.State);
        clock.Timestamp++;
        Assert.False(breaker.TryEnter(out _));

        Assert.Equal(CircuitState.Open, breaker.State);
    }
}
