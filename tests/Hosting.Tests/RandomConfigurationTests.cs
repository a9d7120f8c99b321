using System.Globalization;
using Circuit.Calculators;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ThriftBreaker.Hosting.Configuration;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>A host with any configuration starts, or stops with one sentence that names the key.</summary>
public sealed class RandomConfigurationTests
{
    private const int Configurations = 4_000;
    private const string Section = "ThriftBreaker:Calculator";

    private static readonly string[] CircuitBreakerKeys = [.. SettingTables.CircuitBreaker.Keys];
    private static readonly string[] ClientKeys = [.. CircuitBreakerKeys, .. SettingTables.Channel.Keys, .. SettingTables.EndpointDefaults.Keys];
    private static readonly string[] AllKeys = [.. ClientKeys, "Endpoints", "Methods", "EndpointCircuitBreaker"];

    private static readonly string?[] Values =
    [
        "1", "2", "3", "0.5", "1.5", "00:00:01", "00:00:10", "00:02:00", "true", "false", "Auto", "reportonly", "Framed", "Compact", "TryNextAvailable", "one:9090", "unix:/run/a.sock", "[::1]:1", "5000",
        "", null, "0", "-1", "NaN", "1e400", "99999999999", "24.00:00:01", "-00:00:01", "00:00:00", "10", "yes", "a:b", "one:0", ":1", " ", "\t", "Ünïcode ☂", "1,000", "0x10", "null", "\"", "{Client}", "%",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnyConfigurationStartsOrNamesTheKey()
    {
        var random = new Random(20261130);
        var (started, stopped) = (0, 0);
        for (var configuration = 0; configuration < Configurations; configuration++)
        {
            var endpointInCode = configuration % 2 == 0;
            (string Key, string? Value)[] settings = [.. endpointInCode || random.Next(8) == 0 ? [] : new (string, string?)[] { ($"{Section}:Endpoints:3", "one:9090") }, .. Enumerable.Range(0, random.Next(1, 5)).Select(_ => GetSetting(random)).DistinctBy(static setting => setting.Key.ToUpperInvariant())];
            using var host = TestHost.Build(
                services => services.AddThriftClient<Calculator.CircuitBreakerClient>(endpointInCode ? [TestHost.Unreachable] : []),
                settings);
            try
            {
                await host.StartAsync(Token);
                started++;
                Assert.Equal(["Calculator", "Calculator.slow"], host.GetClient().CircuitBreakers.Select(static circuitBreaker => circuitBreaker.Name));
            }
            catch (OptionsValidationException error)
            {
                stopped++;
                var sentence = Assert.Single(error.Failures);
                Assert.True(
                    sentence == error.Message && IsSentence(sentence) && NamesAKey(sentence, settings),
                    $"{string.Join(", ", settings.Select(static setting => $"{setting.Key}={setting.Value ?? "null"}"))} stops the start with: {error.Message}");
            }
        }

        Assert.True(started > Configurations / 5 && stopped > Configurations / 5, string.Create(CultureInfo.InvariantCulture, $"{started} started, {stopped} stopped"));
    }

    /// <summary>
    /// Two thirds of the settings have a known key and a fitting value, which may contradict another setting.
    /// </summary>
    private static (string Key, string? Value) GetSetting(Random random)
    {
        if (random.Next(3) == 0)
        {
            return ($"{Section}{GetKey(random)}", Values[random.Next(Values.Length)]);
        }

        var key = ClientKeys[random.Next(ClientKeys.Length)];
        return ($"{Section}:{key}", GetFittingValue(key, random));
    }

    private static string GetFittingValue(string key, Random random) => key switch
    {
        "Mode" => "Auto",
        "Transport" => "Framed",
        "Protocol" => "Compact",
        "Service" => "calc",
        "Tls" or "ThrowOnTrip" or "ConnectionPerCall" or "TcpQuickAck" => "true",
        "AllOpenBehavior" => "TryNextAvailable",
        "BackoffMultiplier" => "1.5",
        "Jitter" or "FailureRatio" or "SlowCallRatio" or "MaxEjectionRatio" => "0.5",
        "MaxMessageSize" or "MaxFrameSize" => "5000",
        _ when key.StartsWith('M') && !key.EndsWith("Timeout", StringComparison.Ordinal) && !key.EndsWith("Age", StringComparison.Ordinal) => $"{random.Next(1, 60)}",
        "FailMax" or "SuccessThreshold" or "SamplingCalls" => $"{random.Next(1, 60)}",
        _ => $"00:00:{random.Next(1, 60):00}",
    };

    private static string GetKey(Random random) => random.Next(12) switch
    {
        0 => "",
        1 => $":{Misspell(ClientKeys[random.Next(ClientKeys.Length)], random)}",
        2 => $":EndpointCircuitBreaker:{CircuitBreakerKeys[random.Next(CircuitBreakerKeys.Length)]}",
        3 => $":Methods:slow:{CircuitBreakerKeys[random.Next(CircuitBreakerKeys.Length)]}",
        4 => $":Methods:{Misspell("slow", random)}:FailMax",
        5 => $":Endpoints:{random.Next(3)}",
        6 => $":{AllKeys[random.Next(AllKeys.Length)].ToUpperInvariant()}",
        _ => $":{ClientKeys[random.Next(ClientKeys.Length)]}",
    };

    private static string Misspell(string key, Random random)
    {
        var at = random.Next(key.Length);
        return random.Next(3) switch
        {
            0 => key.Remove(at, 1),
            1 => key.Insert(at, "x"),
            _ => $"{key}:{key}",
        };
    }

    private static bool IsSentence(string message) => message.EndsWith('.') && !message.Contains('\n', StringComparison.Ordinal) && message.Contains("Calculator", StringComparison.Ordinal);

    /// <summary>
    /// The key of the configuration, or, where settings contradict each other, the name of one of them.
    /// </summary>
    private static bool NamesAKey(string message, (string Key, string? Value)[] settings)
        => settings.Any(setting => message.Contains(setting.Key, StringComparison.OrdinalIgnoreCase))
            || (message.Contains(Section, StringComparison.Ordinal) && AllKeys.Any(key => message.Contains(key, StringComparison.Ordinal)));
}
