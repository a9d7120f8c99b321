namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>The settings of a channel: their defaults, their limits, and what a wrong one says.</summary>
public sealed class ThriftChannelOptionsTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    public static TheoryData<TimeSpan> NoDeadlines =>
        [TimeSpan.Zero, -TestCircuit.Tick, Timeout.InfiniteTimeSpan, TimeSpan.MinValue, Longest + TestCircuit.Tick, TimeSpan.MaxValue];

    public static TheoryData<TimeSpan> Deadlines => [TestCircuit.Tick, TimeSpan.FromSeconds(1), Longest];

    [Fact]
    public void TheDefaults()
    {
        var options = new ThriftChannelOptions();

        Assert.Equal(TimeSpan.FromSeconds(5), options.ConnectTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), options.CallTimeout);
        Assert.False(options.ConnectionPerCall);
        Assert.Same(TimeProvider.System, options.TimeProvider);
    }

    [Theory]
    [MemberData(nameof(NoDeadlines))]
    public void ADeadlineOutOfRangeIsNamed(TimeSpan deadline)
    {
        var connect = Assert.Throws<ArgumentOutOfRangeException>("ConnectTimeout", () => new ThriftChannelOptions { ConnectTimeout = deadline });
        var call = Assert.Throws<ArgumentOutOfRangeException>("CallTimeout", () => new ThriftChannelOptions { CallTimeout = deadline });

        Assert.Equal(deadline, connect.ActualValue);
        Assert.StartsWith("CallTimeout must be greater than zero and at most 24 days.", call.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Deadlines))]
    public void ADeadlineInRangeIsTakenAndATimerRunsToIt(TimeSpan deadline)
    {
        var options = new ThriftChannelOptions { ConnectTimeout = deadline, CallTimeout = deadline };

        Assert.Equal((deadline, deadline), (options.ConnectTimeout, options.CallTimeout));
        using var timer = new CancellationTokenSource(options.CallTimeout, options.TimeProvider);
    }

    [Fact]
    public void AMissingClockIsNamed()
        => Assert.Throws<ArgumentNullException>("TimeProvider", static () => new ThriftChannelOptions { TimeProvider = null! });
}
