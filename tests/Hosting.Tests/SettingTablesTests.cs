using ThriftBreaker.Hosting.Settings;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>Every setting has a key, but for those that only code can give.</summary>
public sealed class SettingTablesTests
{
    private static readonly string[] OnlyInCode =
    [
        "Name", "TimeProvider", "Exclude", "ExcludeWhen", "Ignore", "IgnoreWhen", "FailOn", "OutcomeClassifier", "ResetTimeoutGenerator", "OnConnected",

        // A section of its own.
        "EndpointCircuitBreaker",
    ];

    [Fact]
    public void OfACircuit() => Assert.Equal(SettingsOf<CircuitBreakerOptions>(), SettingTables.Circuit.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void OfAChannel() => Assert.Equal(SettingsOf<ThriftChannelOptions>(), SettingTables.Channel.Keys.Order(StringComparer.Ordinal));

    private static IEnumerable<string> SettingsOf<T>()
        => typeof(T).GetProperties().Where(static property => property.CanWrite).Select(static property => property.Name).Except(OnlyInCode).Order(StringComparer.Ordinal);
}
