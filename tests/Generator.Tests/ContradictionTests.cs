using ThriftBreaker.Generator.Parsing;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>TB0006: combinations of settings that the runtime rejects are rejected at build time.</summary>
public sealed class ContradictionTests
{
    private const string NoWindow = "FailureRatio requires MinimumThroughput, or SamplingCalls to measure it over the latest calls instead of over time";
    private const string TwoWindows = "MinimumThroughput applies to a window of time, and SamplingCalls already sets the number of calls; leave one of them out";
    private const string NoThreshold = "SlowCallRatio requires SlowCallDurationSeconds, the duration from which a call is slow";

    /// <summary>
    /// Each setting that can contradict another, with values on both sides of the limit, and the option of the runtime
    /// that it sets.
    /// </summary>
    private static (string Setting, object[] Values, Func<CircuitBreakerOptions, object, CircuitBreakerOptions> Set)[] Parts { get; } =
    [
        ("ResetTimeoutSeconds", [30.0, 90.0], static (options, value) => options with { ResetTimeout = TimeSpan.FromSeconds((double)value) }),
        ("MaxResetTimeoutSeconds", [29.9999999, 30.0, 59.0, 60.0, 90.0], static (options, value) => options with { MaxResetTimeout = TimeSpan.FromSeconds((double)value) }),
        ("FailureRatio", [0.5], static (options, value) => options with { FailureRatio = (double)value }),
        ("SlowCallRatio", [0.5], static (options, value) => options with { SlowCallRatio = (double)value }),
        ("SlowCallDurationSeconds", [1.0], static (options, value) => options with { SlowCallDuration = TimeSpan.FromSeconds((double)value) }),
        ("SamplingDurationSeconds", [60.0], static (options, value) => options with { SamplingDuration = TimeSpan.FromSeconds((double)value) }),
        ("SamplingCalls", [10], static (options, value) => options with { SamplingCalls = (int)value }),
        ("MinimumThroughput", [10], static (options, value) => options with { MinimumThroughput = (int)value }),
    ];

    [Theory]
    [InlineData("MaxResetTimeoutSeconds = 59", "MaxResetTimeoutSeconds is 59, but must be at least ResetTimeoutSeconds, which is 60", "MaxResetTimeoutSeconds = 59")]
    [InlineData("ResetTimeoutSeconds = 2.5, MaxResetTimeoutSeconds = 1", "MaxResetTimeoutSeconds is 1, but must be at least ResetTimeoutSeconds, which is 2.5", "MaxResetTimeoutSeconds = 1")]
    [InlineData("FailureRatio = 0.5", NoWindow, "FailureRatio = 0.5")]
    [InlineData("SlowCallRatio = 0.5, MinimumThroughput = 2", NoThreshold, "SlowCallRatio = 0.5")]
    [InlineData("SamplingCalls = 3, MinimumThroughput = 2", TwoWindows, "MinimumThroughput = 2")]
    public void ContradictionIsReportedAtItsArgument(string arguments, string message, string culprit)
    {
        var run = GeneratorRun.Create($"[ThriftBreaker.CircuitBreaker({arguments})] public interface IOrders {{ void Submit(); }}");

        Assert.Equal(("TB0006", message, culprit), Report.From(Assert.Single(run.Problems)));
    }

    [Fact]
    public void EveryContradictionIsReported()
        => Assert.Equal(
            2,
            GeneratorRun.Create("[ThriftBreaker.CircuitBreaker(SlowCallRatio = 1)] public interface IOrders { void Submit(); }").Problems.Length);

    [Theory]
    [InlineData("SlowCallDurationSeconds = -1, SlowCallRatio = 1, SamplingCalls = 1")]
    [InlineData("MaxResetTimeoutSeconds = -1")]
    [InlineData("ResetTimeoutSeconds = -1, MaxResetTimeoutSeconds = 1")]
    public void SettingOutOfRangeIsNotReportedAsAContradictionToo(string arguments)
        => Assert.Equal(
            "TB0001",
            Assert.Single(GeneratorRun.Create($"[ThriftBreaker.CircuitBreaker({arguments})] public interface IOrders {{ void Submit(); }}").Problems).Id);

    [Theory]
    [InlineData("", "FailureRatio = 0.5", NoWindow, "FailureRatio = 0.5")]
    [InlineData("MinimumThroughput = 2", "SamplingCalls = 3", TwoWindows, "SamplingCalls = 3")]
    [InlineData("MaxResetTimeoutSeconds = 60", "ResetTimeoutSeconds = 61", "MaxResetTimeoutSeconds is 60, but must be at least ResetTimeoutSeconds, which is 61", "ResetTimeoutSeconds = 61")]
    public void SettingsOfAMethodAreCombinedWithThoseOfTheService(string service, string method, string message, string culprit)
        => Assert.Equal(("TB0006", message, culprit), Report.From(Assert.Single(Problems(service, method))));

    [Theory]
    [InlineData("FailureRatio = 0.5, MinimumThroughput = 2", "FailureRatio = 0.9")]
    [InlineData("SlowCallDurationSeconds = 1, SamplingCalls = 2", "SlowCallRatio = 0.9")]
    [InlineData("MaxResetTimeoutSeconds = 60", "ResetTimeoutSeconds = 61, MaxResetTimeoutSeconds = 62")]
    public void SettingsOfTheServiceCompleteThoseOfTheMethod(string service, string method) => Assert.Empty(Problems(service, method));

    [Fact]
    public void ContradictionOfTheServiceIsNotReportedForItsMethodsToo()
        => Assert.Equal("FailureRatio = 0.5", Report.From(Assert.Single(Problems("FailureRatio = 0.5", "FailMax = 1"))).Text);

    [Theory]
    [InlineData("Bypass = true, FailMax = 1", "FailMax")]
    [InlineData("Exclude = new System.Type[0], Bypass = true", "Exclude")]
    public void CircuitBreakerSettingsOfABypassedMethodAreReported(string arguments, string useless)
        => Assert.Equal(
            ("TB0006", $"Bypass leaves the method without a circuit breaker, so {useless} has no effect; leave one of them out", "Bypass = true"),
            Report.From(Assert.Single(Problems("FailureRatio = 0.5, MinimumThroughput = 2", arguments))));

    [Theory]
    [InlineData("Bypass = true, CallTimeoutSeconds = 1")]
    [InlineData("Idempotent = true, Bypass = true")]
    public void CallSettingsOfABypassedMethodAreAccepted(string arguments) => Assert.Empty(Problems("FailMax = 1", arguments));

    [Fact]
    public void ProbeTimeoutBelowTheCallTimeoutIsReported()
        => Assert.Equal(
            ("TB0006", "ProbeTimeoutSeconds is 5, but must be at least CallTimeoutSeconds, which is 6, or a probe times out before its call does", "CallTimeoutSeconds = 6"),
            Report.From(Assert.Single(Problems("ProbeTimeoutSeconds = 5", "CallTimeoutSeconds = 6"))));

    [Fact]
    public void ProbeTimeoutEqualToTheCallTimeoutIsAccepted() => Assert.Empty(Problems("ProbeTimeoutSeconds = 6", "CallTimeoutSeconds = 6"));

    [Fact]
    public void CombinationIsReportedExactlyIfTheRuntimeRejectsIt()
    {
        foreach (var combination in Combinations(Parts.Length))
        {
            var options = Parts.Where(part => combination.ContainsKey(part.Setting))
                .Aggregate(new CircuitBreakerOptions(), (made, part) => part.Set(made, combination[part.Setting]));
            var refusal = Record.Exception(() => new CircuitBreaker(options));

            Assert.True(
                ContradictionRules.Find(combination).Any() == refusal is not null,
                $"{string.Join(", ", combination.Select(static setting => $"{setting.Key} = {setting.Value}"))}: at run time {refusal?.Message ?? "accepted"}");
        }
    }

    /// <summary>All combinations of values, set or not set, of the first settings.</summary>
    private static IEnumerable<Dictionary<string, object>> Combinations(int parts)
    {
        if (parts == 0)
        {
            return [[]];
        }

        var (setting, values, _) = Parts[parts - 1];
        return Combinations(parts - 1).SelectMany(rest =>
            values.Select(value => new Dictionary<string, object>(rest) { [setting] = value }).Prepend(rest));
    }

    private static System.Collections.Immutable.ImmutableArray<Microsoft.CodeAnalysis.Diagnostic> Problems(string service, string method)
        => GeneratorRun.Create(
            $$"""
            using ThriftBreaker;

            [CircuitBreaker({{service}})]
            [CircuitBreakerMethod("Submit", {{method}})]
            public interface IOrders { void Submit(); void Cancel(); }
            """).Problems;
}
