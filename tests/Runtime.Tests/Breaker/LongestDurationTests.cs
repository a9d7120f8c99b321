namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>
/// The longest durations, or a tick less, on any clock at any time: nothing overflows, and no circuit is stuck.
/// </summary>
public sealed class LongestDurationTests
{
    /// <summary>
    /// The clock's frequency, its timestamp, and the ticks by which the durations are shorter than the longest.
    /// </summary>
    public static MatrixTheoryData<long, long, int> Clocks => new(
        [1, 1_000, TimeSpan.TicksPerSecond, 1_000_000_000],
        [-TimeSpan.TicksPerHour, 0, long.MaxValue / 2, long.MaxValue - 1],
        [0, 1]);

    [Theory]
    [MemberData(nameof(Clocks))]
    public void ResetTimeout_Longest_StaysOpenUntilManualTransition(long frequency, long timestamp, int less)
    {
        var clock = new ManualClock(frequency) { Timestamp = timestamp };
        var breaker = new CircuitBreaker(Longest(less) with { TimeProvider = clock });

        Fail(breaker, times: 3);

        Assert.Equal(CircuitState.Open, breaker.State);
        Assert.InRange(breaker.RetryAfter!.Value, TestCircuit.Tick, TimeSpan.MaxValue);
        Assert.False(breaker.TryEnter(out _));
        Assert.StartsWith(
            "The circuit breaker 'circuit' is open after 3 consecutive failures; the call was rejected without being sent. The next try is admitted in ",
            new CircuitOpenException(breaker).Message,
            StringComparison.Ordinal);
        breaker.Close();
        Assert.True(breaker.TryEnter(out _));
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public void ResetTimeout_Longest_BackoffSaturates(long frequency, long timestamp, int less)
    {
        var breaker = new CircuitBreaker(Longest(less) with { TimeProvider = new ManualClock(frequency) { Timestamp = timestamp } });

        for (var attempt = 0; attempt < 100; attempt++)
        {
            breaker.HalfOpen();
            Fail(breaker, times: 1);
        }

        Assert.InRange(breaker.RetryAfter!.Value, TestCircuit.Tick, TimeSpan.MaxValue);
        breaker.HalfOpen();
        Assert.True(breaker.TryEnter(out var probe));
        probe.Complete(CallOutcome.Success);
        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task CallDurations_Longest_AreNeverReached(int less)
    {
        var clock = new ManualClock { Timestamp = 1 };
        var breaker = new CircuitBreaker(Longest(less) with { FailMax = 1, TimeProvider = clock });
        using var caller = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => breaker.ExecuteAsync(
            async token =>
            {
                clock.Timestamp = TimeSpan.FromDays(1_000_000).Ticks;
                await caller.CancelAsync();
                token.ThrowIfCancellationRequested();
            },
            caller.Token));

        Assert.Equal((CircuitState.Closed, 0), (breaker.State, breaker.FailureCount));
    }

    [Fact]
    public void Update_LongestAndShortResetTimeout_Apply()
    {
        var clock = new ManualClock { Timestamp = TimeSpan.TicksPerDay };
        var breaker = new CircuitBreaker(new() { TimeProvider = clock });
        breaker.Open();

        breaker.Update(breaker.Options with { ResetTimeout = TimeSpan.MaxValue });
        clock.Timestamp += TimeSpan.FromDays(1_000_000).Ticks;
        Assert.False(breaker.TryEnter(out _));
        breaker.Update(breaker.Options with { ResetTimeout = TimeSpan.FromSeconds(1) });

        Assert.True(breaker.TryEnter(out var probe));
        Assert.True(probe.IsProbe);
    }

    private static CircuitBreakerOptions Longest(int less)
    {
        var longest = TimeSpan.MaxValue - TimeSpan.FromTicks(less);
        return new()
        {
            FailMax = 3,
            ResetTimeout = longest,
            MaxResetTimeout = longest,
            BackoffMultiplier = 100,
            Jitter = 0.99,
            SlowCallDuration = longest,
            CancelledCountsAsFailureAfter = longest,
            SlowCallRatio = 0.1,
            FailureRatio = 1,
            SamplingDuration = TimeSpan.FromDays(1),
            MinimumThroughput = 1_000,
        };
    }

    private static void Fail(CircuitBreaker breaker, int times)
    {
        for (var call = 0; call < times; call++)
        {
            Assert.True(breaker.TryEnter(out var ticket));
            ticket.Complete(CallOutcome.Failure);
        }
    }
}
