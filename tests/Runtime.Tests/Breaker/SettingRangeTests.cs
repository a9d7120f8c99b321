namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>The ranges of the settings include both ends; the next value throws, and the message names it.</summary>
public sealed class SettingRangeTests
{
    private static readonly TimeSpan Tick = TestCircuit.Tick;

    public static TheoryData<string, Func<CircuitBreakerOptions>, string> OutOfRange => new()
    {
        { "MaxProbes", static () => new() { MaxProbes = 0 }, "MaxProbes must be between 1 and 1,000." },
        { "MaxProbes", static () => new() { MaxProbes = 1_001 }, "MaxProbes must be between 1 and 1,000." },
        { "Mode", static () => new() { Mode = (CircuitMode)4 }, "Mode must be Auto, Isolated, Disabled or ReportOnly." },
        { "Mode", static () => new() { Mode = (CircuitMode)(-1) }, "Mode must be Auto, Isolated, Disabled or ReportOnly." },
        { "FailureRatio", static () => new() { FailureRatio = 0 }, "FailureRatio must be greater than 0 and at most 1." },
        { "FailureRatio", static () => new() { FailureRatio = 1.000_001 }, "FailureRatio must be greater than 0 and at most 1." },
        { "FailureRatio", static () => new() { FailureRatio = double.NaN }, "FailureRatio must be greater than 0 and at most 1." },
        { "SlowCallRatio", static () => new() { SlowCallRatio = -0.1 }, "SlowCallRatio must be greater than 0 and at most 1." },
        { "SlowCallRatio", static () => new() { SlowCallRatio = 2 }, "SlowCallRatio must be greater than 0 and at most 1." },
        { "SlowCallDuration", static () => new() { SlowCallDuration = TimeSpan.Zero }, "SlowCallDuration must be greater than zero." },
        { "SamplingDuration", static () => new() { SamplingDuration = TimeSpan.FromSeconds(0.5) - Tick }, "SamplingDuration must be between 0.5 seconds and 1 day." },
        { "SamplingDuration", static () => new() { SamplingDuration = TimeSpan.FromDays(1) + Tick }, "SamplingDuration must be between 0.5 seconds and 1 day." },
        { "MinimumThroughput", static () => new() { MinimumThroughput = 0 }, "MinimumThroughput must be between 1 and 1,000,000." },
        { "MinimumThroughput", static () => new() { MinimumThroughput = 1_000_001 }, "MinimumThroughput must be between 1 and 1,000,000." },
        { "SamplingCalls", static () => new() { SamplingCalls = 0 }, "SamplingCalls must be between 1 and 64." },
        { "SamplingCalls", static () => new() { SamplingCalls = 65 }, "SamplingCalls must be between 1 and 64." },
        { "BackoffMultiplier", static () => new() { BackoffMultiplier = 0.99 }, "BackoffMultiplier must be between 1 and 100." },
        { "BackoffMultiplier", static () => new() { BackoffMultiplier = 100.01 }, "BackoffMultiplier must be between 1 and 100." },
        { "BackoffMultiplier", static () => new() { BackoffMultiplier = double.NaN }, "BackoffMultiplier must be between 1 and 100." },
        { "MaxResetTimeout", static () => new() { MaxResetTimeout = TimeSpan.Zero }, "MaxResetTimeout must be greater than zero." },
        { "Jitter", static () => new() { Jitter = -0.01 }, "Jitter must be between 0 and 0.99." },
        { "Jitter", static () => new() { Jitter = 1 }, "Jitter must be between 0 and 0.99." },
        { "Jitter", static () => new() { Jitter = double.NaN }, "Jitter must be between 0 and 0.99." },
        { "CancelledCountsAsFailureAfter", static () => new() { CancelledCountsAsFailureAfter = -Tick }, "CancelledCountsAsFailureAfter must be greater than zero." },
    };

    public static TheoryData<string, Func<IReadOnlyList<Type>, CircuitBreakerOptions>> Lists => new()
    {
        { "Exclude", static types => new() { Exclude = types } },
        { "Ignore", static types => new() { Ignore = types } },
        { "FailOn", static types => new() { FailOn = types } },
    };

    /// <summary>The settings that <see cref="CircuitBreakerOptionsTests"/> tests, and those without a range.</summary>
    public static IEnumerable<string> Others =>
    [
        nameof(CircuitBreakerOptions.Name), nameof(CircuitBreakerOptions.TimeProvider), nameof(CircuitBreakerOptions.FailMax),
        nameof(CircuitBreakerOptions.SuccessThreshold), nameof(CircuitBreakerOptions.ResetTimeout), nameof(CircuitBreakerOptions.ProbeTimeout),
        nameof(CircuitBreakerOptions.ThrowOnTrip), nameof(CircuitBreakerOptions.ResetTimeoutGenerator), nameof(CircuitBreakerOptions.OutcomeClassifier),
        nameof(CircuitBreakerOptions.ExcludeWhen), nameof(CircuitBreakerOptions.IgnoreWhen),
    ];

    [Fact]
    public void EverySetting_HasATest()
        => Assert.Equal(
            typeof(CircuitBreakerOptions).GetProperties().Select(static setting => setting.Name).Order(StringComparer.Ordinal),
            OutOfRange.Select(static row => row.Data.Item1).Concat(Lists.Select(static row => row.Data.Item1)).Concat(Others).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void OutOfRange_Throws(string setting, Func<CircuitBreakerOptions> write, string message)
        => Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(setting, write).Message, StringComparison.Ordinal);

    [Fact]
    public void LowestValues_AreAccepted()
    {
        var lowest = new CircuitBreakerOptions
        {
            MaxProbes = 1,
            Mode = CircuitMode.Auto,
            FailureRatio = double.Epsilon,
            SlowCallRatio = double.Epsilon,
            SlowCallDuration = Tick,
            SamplingDuration = TimeSpan.FromSeconds(0.5),
            MinimumThroughput = 1,
            BackoffMultiplier = 1,
            MaxResetTimeout = Tick,
            ResetTimeout = Tick,
            Jitter = 0,
            CancelledCountsAsFailureAfter = Tick,
        };

        Assert.Same(lowest, new CircuitBreaker(lowest).Options);
        Assert.Equal(1, new CircuitBreakerOptions { SamplingCalls = 1 }.SamplingCalls);
    }

    [Fact]
    public void HighestValues_AreAccepted()
    {
        var highest = new CircuitBreakerOptions
        {
            MaxProbes = 1_000,
            Mode = CircuitMode.ReportOnly,
            FailureRatio = 1,
            SlowCallRatio = 1,
            SlowCallDuration = TimeSpan.MaxValue,
            SamplingDuration = TimeSpan.FromDays(1),
            MinimumThroughput = 1_000_000,
            BackoffMultiplier = 100,
            MaxResetTimeout = TimeSpan.MaxValue,
            ResetTimeout = TimeSpan.MaxValue,
            ProbeTimeout = TimeSpan.FromDays(24),
            Jitter = 0.99,
            CancelledCountsAsFailureAfter = TimeSpan.MaxValue,
        };

        Assert.Same(highest, new CircuitBreaker(highest).Options);
        Assert.Equal(64, new CircuitBreakerOptions { SamplingCalls = 64 }.SamplingCalls);
    }

    [Fact]
    public void Defaults_BeyondPybreaker_AreOff()
    {
        var options = new CircuitBreakerOptions();

        Assert.Equal((1, CircuitMode.Auto), (options.MaxProbes, options.Mode));
        Assert.Equal((null, null, null, null, null), (options.FailureRatio, options.SlowCallRatio, options.SlowCallDuration, options.MinimumThroughput, options.SamplingCalls));
        Assert.Equal(TimeSpan.FromSeconds(30), options.SamplingDuration);
        Assert.Equal((1, null, 0, null), (options.BackoffMultiplier, options.MaxResetTimeout, options.Jitter, options.ResetTimeoutGenerator));
        Assert.Empty(options.Exclude.Concat(options.Ignore).Concat(options.FailOn));
        Assert.Equal((null, null, null, null), (options.ExcludeWhen, options.IgnoreWhen, options.OutcomeClassifier, options.CancelledCountsAsFailureAfter));
    }

    [Fact]
    public void OptionalSettings_CanBeTurnedOffAgain()
    {
        var on = new CircuitBreakerOptions
        {
            FailureRatio = 0.5,
            SlowCallRatio = 0.5,
            SlowCallDuration = Tick,
            MinimumThroughput = 1,
            MaxResetTimeout = TimeSpan.MaxValue,
            CancelledCountsAsFailureAfter = Tick,
            ProbeTimeout = Tick,
        };

        var off = on with
        {
            FailureRatio = null,
            SlowCallRatio = null,
            SlowCallDuration = null,
            MinimumThroughput = null,
            SamplingCalls = null,
            MaxResetTimeout = null,
            CancelledCountsAsFailureAfter = null,
            ProbeTimeout = null,
        };

        Assert.Same(off, new CircuitBreaker(off).Options);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void ExceptionList_OtherType_Throws(string setting, Func<IReadOnlyList<Type>, CircuitBreakerOptions> write)
    {
        Assert.Throws<ArgumentNullException>(setting, () => write(null!));
        Assert.Throws<ArgumentException>(setting, () => write([typeof(Exception), null!]));
        var error = Assert.Throws<ArgumentException>(setting, () => write([typeof(string)]));

        Assert.StartsWith($"{setting} must hold types of exceptions.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ExceptionList_IsCopied()
    {
        Type[] types = [typeof(IOException)];
        var options = new CircuitBreakerOptions { Exclude = types };

        types[0] = typeof(Exception);

        Assert.Equal([typeof(IOException)], options.Exclude);
    }
}
