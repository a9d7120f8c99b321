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

    private static IEnumerable<string> GetSettings(Type type)
        => type.GetProperties().Where(static property => property.CanWrite).Select(static property => property.Name).Order(StringComparer.Ordinal);
}
