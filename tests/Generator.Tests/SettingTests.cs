using System.Globalization;
using ThriftBreaker.Generator.Parsing;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>TB0001: a setting that the runtime rejects is rejected at build time, at its argument.</summary>
public sealed class SettingTests
{
    /// <summary><see cref="TimeSpan.MaxValue"/>, in the nearest number of seconds.</summary>
    private const double LargestSeconds = 922337203685.4775;

    public static TheoryData<string, int> Counts { get; } = Each(
        Options.Counts.Keys, int.MinValue, -1, 0, 1, 2, 64, 65, 1_000, 1_001, 1_000_000, 1_000_001, int.MaxValue);

    public static TheoryData<string, double> Ratios { get; } = Each(
        Options.Ratios.Keys,
        double.NegativeInfinity, -1, -double.Epsilon, 0, double.Epsilon, 0.5, 0.99, 0.9900000000000001, 0.9999999999999999, 1, 1.0000000000000002, 100, 100.00000000000001,
        double.MaxValue, double.PositiveInfinity, double.NaN);

    /// <summary>Values around one tick, half a second, one day and the maximum.</summary>
    public static TheoryData<string, double> Times { get; } = Each(
        Options.Times.Keys,
        double.NegativeInfinity, double.MinValue, -1, 0, double.Epsilon, 0.00000009, 0.0000001, 0.0000002, 0.3,
        0.4999999, 0.49999995, 0.5, 60, 86_400, 86_400.00000005, 86_400.0000001, 922337203685, LargestSeconds, 922337203686,
        double.MaxValue, double.PositiveInfinity, double.NaN);

    [Theory]
    [InlineData("FailMax = 0", "FailMax is 0, but must be between 1 and 1,000,000")]
    [InlineData("FailMax = -1", "FailMax is -1, but must be between 1 and 1,000,000")]
    [InlineData("FailMax = 1_000_001", "FailMax is 1000001, but must be between 1 and 1,000,000")]
    [InlineData("SuccessThreshold = 0", "SuccessThreshold is 0, but must be between 1 and 1,000")]
    [InlineData("SuccessThreshold = 1_001", "SuccessThreshold is 1001, but must be between 1 and 1,000")]
    [InlineData("ResetTimeoutSeconds = 0", "ResetTimeoutSeconds is 0, but must be finite and greater than zero, in seconds")]
    [InlineData("ResetTimeoutSeconds = -1", "ResetTimeoutSeconds is -1, but must be finite and greater than zero, in seconds")]
    [InlineData("ResetTimeoutSeconds = double.NaN", "ResetTimeoutSeconds is NaN, but must be finite and greater than zero, in seconds")]
    [InlineData("ResetTimeoutSeconds = double.PositiveInfinity", "ResetTimeoutSeconds is Infinity, but must be finite and greater than zero, in seconds")]
    [InlineData("MaxProbes = 0", "MaxProbes is 0, but must be between 1 and 1,000")]
    [InlineData("MinimumThroughput = 0", "MinimumThroughput is 0, but must be between 1 and 1,000,000")]
    [InlineData("SamplingCalls = 65", "SamplingCalls is 65, but must be between 1 and 64")]
    [InlineData("FailureRatio = 1.5", "FailureRatio is 1.5, but must be greater than 0 and at most 1")]
    [InlineData("SlowCallRatio = 0", "SlowCallRatio is 0, but must be greater than 0 and at most 1")]
    [InlineData("SamplingDurationSeconds = 0.4", "SamplingDurationSeconds is 0.4, but must be between 0.5 and 86,400, in seconds")]
    [InlineData("BackoffMultiplier = 0.5", "BackoffMultiplier is 0.5, but must be between 1 and 100")]
    [InlineData("Jitter = 1", "Jitter is 1, but must be between 0 and 0.99")]
    [InlineData("ProbeTimeoutSeconds = 0", "ProbeTimeoutSeconds is 0, but must be greater than zero and at most 2,073,600, in seconds")]
    [InlineData("ProbeTimeoutSeconds = 2_073_601", "ProbeTimeoutSeconds is 2073601, but must be greater than zero and at most 2,073,600, in seconds")]
    [InlineData("ProbeTimeoutSeconds = double.NaN", "ProbeTimeoutSeconds is NaN, but must be greater than zero and at most 2,073,600, in seconds")]
    [InlineData("CallTimeoutSeconds = 0", "CallTimeoutSeconds is 0, but must be greater than zero and at most 2,073,600, in seconds")]
    [InlineData("CallTimeoutSeconds = 2_073_601", "CallTimeoutSeconds is 2073601, but must be greater than zero and at most 2,073,600, in seconds")]
    [InlineData("Mode = (ThriftBreaker.CircuitMode)(-1)", "Mode is -1, but must be Auto, Isolated, Disabled or ReportOnly")]
    [InlineData("Scope = (ThriftBreaker.CircuitBreakerScope)2", "Scope is 2, but must be Service or Method")]
    public void SettingOutOfRangeIsReportedAtItsArgument(string argument, string message)
    {
        var run = GeneratorRun.Create($"[ThriftBreaker.CircuitBreaker(Name = \"a\", {argument})] public interface IOrders {{ void Submit(); }}");

        var problem = Assert.Single(run.Problems);
        Assert.Equal(("TB0001", message, argument), Report.From(problem));
        Assert.DoesNotContain(argument.Split(' ')[0] + " =", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void EverySettingOutOfRangeIsReported()
        => Assert.Equal(
            ["FailMax = 0", "SuccessThreshold = 0"],
            GeneratorRun.Create("[ThriftBreaker.CircuitBreaker(FailMax = 0, SuccessThreshold = 0)] public interface IOrders { void Submit(); }")
                .Problems.Select(static problem => Report.From(problem).Text));

    [Theory]
    [MemberData(nameof(Counts))]
    public void CountHasTheRangeOfTheRuntime(string setting, int value) => Agree(setting, value, () => Options.Counts[setting](value));

    [Theory]
    [MemberData(nameof(Ratios))]
    public void RatioOrFactorHasTheRangeOfTheRuntime(string setting, double value) => Agree(setting, value, () => Options.Ratios[setting](value));

    [Theory]
    [MemberData(nameof(Times))]
    public void TimeHasTheRangeOfTheRuntime(string setting, double value) => Agree(setting, value, () => Options.Times[setting](TimeSpan.FromSeconds(value)));

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public void ModeHasTheRangeOfTheRuntime(int value) => Agree("Mode", value, () => new CircuitBreakerOptions { Mode = (CircuitMode)value });

    [Fact]
    public void ScopeHasTheRangeOfItsEnum()
        => Assert.Equal(
            Enum.GetValues<CircuitBreakerScope>().Select(static scope => (int)scope),
            Enumerable.Range(-1, 10).Where(static scope => SettingRules.Violation("Scope", scope) is null));

    [Fact]
    public void TheRangeOfEverySettingIsCompared()
        => Assert.Equal(
            typeof(CircuitBreakerSettingsAttribute).GetProperties()
                .Where(static setting => setting.PropertyType == typeof(int) || setting.PropertyType == typeof(double))
                .Select(static setting => setting.Name)
                .Order(),
            Options.Counts.Keys.Concat(Options.Ratios.Keys).Concat(Options.Times.Keys).Order());

    private static TheoryData<string, TValue> Each<TValue>(IEnumerable<string> settings, params TValue[] values)
        => new(settings.SelectMany(setting => values.Select(value => (setting, value))));

    private static void Agree(string setting, object value, Func<object> options)
    {
        var refusal = Record.Exception(options);
        Assert.True(
            (SettingRules.Violation(setting, value) is null) == (refusal is null),
            string.Create(CultureInfo.InvariantCulture, $"{setting} = {value:R}: at run time {refusal?.Message ?? "accepted"}"));
    }

    /// <summary>Options with one setting, by its name in the attribute.</summary>
    private static class Options
    {
        public static Dictionary<string, Func<int, CircuitBreakerOptions>> Counts { get; } = new()
        {
            ["FailMax"] = static value => new() { FailMax = value },
            ["SuccessThreshold"] = static value => new() { SuccessThreshold = value },
            ["MaxProbes"] = static value => new() { MaxProbes = value },
            ["MinimumThroughput"] = static value => new() { MinimumThroughput = value },
            ["SamplingCalls"] = static value => new() { SamplingCalls = value },
        };

        public static Dictionary<string, Func<double, CircuitBreakerOptions>> Ratios { get; } = new()
        {
            ["FailureRatio"] = static value => new() { FailureRatio = value },
            ["SlowCallRatio"] = static value => new() { SlowCallRatio = value },
            ["BackoffMultiplier"] = static value => new() { BackoffMultiplier = value },
            ["Jitter"] = static value => new() { Jitter = value },
        };

        public static Dictionary<string, Func<TimeSpan, object>> Times { get; } = new()
        {
            ["CallTimeoutSeconds"] = static value => new ThriftChannelOptions { CallTimeout = value },
            ["ResetTimeoutSeconds"] = static value => new CircuitBreakerOptions { ResetTimeout = value },
            ["ProbeTimeoutSeconds"] = static value => new CircuitBreakerOptions { ProbeTimeout = value },
            ["SlowCallDurationSeconds"] = static value => new CircuitBreakerOptions { SlowCallDuration = value },
            ["SamplingDurationSeconds"] = static value => new CircuitBreakerOptions { SamplingDuration = value },
            ["MaxResetTimeoutSeconds"] = static value => new CircuitBreakerOptions { MaxResetTimeout = value },
            ["CancelledCountsAsFailureAfterSeconds"] = static value => new CircuitBreakerOptions { CancelledCountsAsFailureAfter = value },
        };
    }
}
