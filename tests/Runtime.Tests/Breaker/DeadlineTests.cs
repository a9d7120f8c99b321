namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>The end of a span, on a clock that moves forwards, and on one that moves backwards.</summary>
public sealed class DeadlineTests
{
    [Theory]
    [InlineData(100, 150, 100, true)]
    [InlineData(100, 150, 149, true)]
    [InlineData(100, 150, 150, false)]
    [InlineData(100, 150, 99, true)]
    [InlineData(100, 150, 50, true)]
    [InlineData(100, 150, 49, false)]
    [InlineData(100, 150, long.MinValue, false)]
    [InlineData(100, long.MaxValue, long.MaxValue - 1, true)]
    [InlineData(100, long.MaxValue, -1_000_000, true)]
    [InlineData(long.MinValue, long.MaxValue, 0, true)]
    [InlineData(long.MinValue, long.MaxValue, long.MaxValue, false)]
    [InlineData(long.MaxValue - 1, long.MaxValue, long.MinValue, false)]
    public void IsAhead_UntilTheDeadline_UnlessTheClockIsFarBehind(long from, long at, long now, bool isAhead)
        => Assert.Equal(isAhead, new Deadline(from, at).IsAhead(now));

    [Theory]
    [InlineData(0, 50)]
    [InlineData(20, 30)]
    [InlineData(50, 0)]
    [InlineData(-10, 50)]
    [InlineData(-60, 0)]
    public void Until_IsNeverLongerThanTheSpan(long later, long expected)
    {
        var provider = new ManualClock { Timestamp = 1_000 };
        var clock = new MonotonicClock(provider);
        var deadline = new Deadline(1_000, clock.After(1_000, TimeSpan.FromTicks(50)));

        provider.Timestamp += later;

        Assert.Equal(TimeSpan.FromTicks(expected), clock.Until(deadline));
    }
}
