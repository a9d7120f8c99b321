using Microsoft.Extensions.Configuration;
using ThriftBreaker.Hosting.Configuration;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>Every setting can be set in code, and, unless its value has no text, in the configuration.</summary>
public sealed class SettingTablesTests
{
    private static readonly string[] OnlyInCode =
    [
        "TimeProvider", "Exclude", "ExcludeWhen", "Ignore", "IgnoreWhen", "FailOn", "OutcomeClassifier", "ResetTimeoutGenerator", "OnConnected", "ConfigureSocket",
    ];

    [Fact]
    public void CircuitBreakerKeysAreTheSettings()
        => Assert.Equal(GetSettings(typeof(ThriftClientCircuitBreakerOptions)).Except(OnlyInCode), SettingTables.CircuitBreaker.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void ChannelKeysAreTheSettings()
        => Assert.Equal(GetSettings(typeof(ThriftClientChannelOptions)).Except(OnlyInCode), SettingTables.Channel.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void EndpointKeysAreTheSettings()
        => Assert.Equal(GetSettings(typeof(ThriftClientOptions)), SettingTables.EndpointDefaults.Keys.Order(StringComparer.Ordinal));

    /// <summary>
    /// The name of a circuit breaker is that of the client or method, and the circuit breaker of the endpoints has
    /// separate options.
    /// </summary>
    [Theory]
    [InlineData(typeof(ThriftClientCircuitBreakerOptions), typeof(CircuitBreakerOptions), "Name")]
    [InlineData(typeof(ThriftClientChannelOptions), typeof(ThriftChannelOptions), "EndpointCircuitBreaker")]
    public void OptionsHaveTheSettingsOfTheRecord(Type options, Type record, string exception)
        => Assert.Equal(GetSettings(record).Where(setting => setting != exception), GetSettings(options));

    /// <summary>Functions have no text; all other settings are logged when a reload changes them.</summary>
    [Fact]
    public void ChangesOfEverySettingAreDescribed()
    {
        var changes = SettingChanges.Describe(new CircuitBreakerOptions(), new CircuitBreakerOptions
        {
            FailMax = 9,
            ResetTimeout = TimeSpan.FromSeconds(9),
            SuccessThreshold = 9,
            MaxProbes = 9,
            ProbeTimeout = TimeSpan.FromSeconds(9),
            ThrowOnTrip = true,
            Mode = CircuitMode.Disabled,
            FailureRatio = 0.9,
            SlowCallDuration = TimeSpan.FromSeconds(9),
            SlowCallRatio = 0.9,
            SamplingDuration = TimeSpan.FromSeconds(9),
            MinimumThroughput = 9,
            SamplingCalls = 9,
            BackoffMultiplier = 9,
            MaxResetTimeout = TimeSpan.FromSeconds(9),
            Jitter = 0.9,
            CancelledCountsAsFailureAfter = TimeSpan.FromSeconds(9),
            Exclude = [typeof(KeyNotFoundException), typeof(FormatException)],
            Ignore = [typeof(TimeoutException)],
            FailOn = [typeof(IOException)],
        });

        Assert.Equal(
            SettingTables.CircuitBreaker.Keys.Concat(["Exclude", "Ignore", "FailOn"]).Order(StringComparer.Ordinal),
            changes!.Split(", ").Select(static change => change.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.Contains("Exclude none → KeyNotFoundException and FormatException", changes, StringComparison.Ordinal);
        Assert.Null(SettingChanges.Describe(new CircuitBreakerOptions { Exclude = [typeof(FormatException)] }, new CircuitBreakerOptions { Exclude = [typeof(FormatException)] }));
    }

    /// <summary>A key that can only be set in code is named as such.</summary>
    [Fact]
    public void SettingsOnlyInCodeHaveAHint()
        => Assert.All(
            OnlyInCode,
            static key => Assert.Equal(" It can be set in code only.", KeyHint.Get(new ConfigurationManager().GetSection(key), SettingTables.CircuitBreaker.Keys)));

    private static IEnumerable<string> GetSettings(Type type)
        => type.GetProperties().Where(static property => property.CanWrite).Select(static property => property.Name).Order(StringComparer.Ordinal);
}
