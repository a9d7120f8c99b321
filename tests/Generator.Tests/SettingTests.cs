using System.Globalization;
using ThriftBreaker.Generator.Rules;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>TB0001: a setting that the runtime would refuse is refused at build time, on the argument itself.</summary>
public sealed class SettingTests
{
    /// <summary><see cref="TimeSpan.MaxValue"/>, in the nearest number of seconds.</summary>
    private const double LargestSeconds = 922337203685.4775;

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
    public void ASettingOutOfRangeIsReportedOnItsArgument(string argument, string message)
    {
        var run = GeneratorRun.Of($"[ThriftBreaker.CircuitBreaker(Name = \"a\", {argument})] public interface IOrders {{ void Submit(); }}");

        var problem = Assert.Single(run.Problems);
        Assert.Equal(("TB0001", message, argument), Report.Of(problem));
        Assert.DoesNotContain(argument.Split(' ')[0] + " =", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void EverySettingOutOfRangeIsReported()
        => Assert.Equal(
            ["FailMax = 0", "SuccessThreshold = 0"],
            GeneratorRun.Of("[ThriftBreaker.CircuitBreaker(FailMax = 0, SuccessThreshold = 0)] public interface IOrders { void Submit(); }")
                .Problems.Select(static problem => Report.Of(problem).Text));

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_000)]
    [InlineData(1_000_001)]
    [InlineData(int.MaxValue)]
    public void FailMaxHasTheRangeOfTheRuntime(int value)
        => Agree("FailMax", value, () => new CircuitBreakerOptions { FailMax = value });

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(1_001)]
    [InlineData(int.MaxValue)]
    public void SuccessThresholdHasTheRangeOfTheRuntime(int value)
        => Agree("SuccessThreshold", value, () => new CircuitBreakerOptions { SuccessThreshold = value });

    [Theory]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(double.Epsilon)]
    [InlineData(0.00000009)]
    [InlineData(0.0000001)]
    [InlineData(0.0000002)]
    [InlineData(0.3)]
    [InlineData(60)]
    [InlineData(922337203685)]
    [InlineData(LargestSeconds)]
    [InlineData(922337203686)]
    [InlineData(double.MaxValue)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    public void ResetTimeoutSecondsHasTheRangeOfTheRuntime(double value)
        => Agree("ResetTimeoutSeconds", value, () => new CircuitBreakerOptions { ResetTimeout = TimeSpan.FromSeconds(value) });

    private static void Agree(string setting, object value, Func<CircuitBreakerOptions> options)
    {
        var refusal = Record.Exception(options);
        Assert.True(
            (SettingRules.Violation(setting, value) is null) == (refusal is null),
            string.Create(CultureInfo.InvariantCulture, $"{setting} = {value:R}: at run time {refusal?.Message ?? "accepted"}"));
    }
}
