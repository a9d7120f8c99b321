using Circuit.Calculators;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>Builds real hosts with a configuration that the test can change.</summary>
internal static class TestHost
{
    /// <summary>An endpoint without a server.</summary>
    public static readonly ThriftEndpoint Unreachable = new("127.0.0.1", 1);

    /// <summary>What the runtime says of a ratio without a window; hosting passes it on.</summary>
    public const string RatioWithoutWindow = "FailureRatio requires MinimumThroughput, or SamplingCalls to measure it over the latest calls instead of over time.";

    /// <summary>
    /// What the runtime says of a probe that has less time than a call of the channel has by default; hosting passes it
    /// on.
    /// </summary>
    public const string ProbeShorterThanCall =
        "ProbeTimeout (1 s) must be at least the longest call timeout of the clients of the circuit breaker 'Calculator.slow' (10 s), or a probe times out before its call does.";

    public static IHost Build(Action<IServiceCollection> add, params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Key, setting.Value)));
        add(builder.Services);
        return builder.Build();
    }

    public static async Task<IHost> StartAsync(Action<IServiceCollection> add, params (string Key, string? Value)[] settings)
    {
        var host = Build(add, settings);
        await host.StartAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>
    /// Gets the message with which a host with a calculator client and these settings fails to start.
    /// </summary>
    public static Task<string> GetStartErrorAsync(params (string Key, string? Value)[] settings)
        => GetStartErrorAsync<OptionsValidationException>(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(Unreachable), settings);

    /// <summary>Gets the message with which a host fails to start.</summary>
    public static async Task<string> GetStartErrorAsync<TException>(Action<IServiceCollection> add, params (string Key, string? Value)[] settings)
        where TException : Exception
    {
        using var host = Build(add, settings);
        return (await Assert.ThrowsAsync<TException>(() => host.StartAsync(TestContext.Current.CancellationToken))
            .WaitAsync(Deadline.Short, TestContext.Current.CancellationToken)).Message;
    }

    /// <summary>Changes the configuration of a running host.</summary>
    public static void Set(this IHost host, string key, string? value) => host.Set((key, value));

    /// <inheritdoc cref="Set(IHost, string, string?)"/>
    public static void Set(this IHost host, params (string Key, string? Value)[] settings)
    {
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }

        configuration.Reload();
    }

    public static CircuitBreaker GetCircuitBreaker(this IHost host, string name)
        => host.Services.GetRequiredService<IThriftClientRegistry>().All.SelectMany(static client => client.CircuitBreakers).Single(circuitBreaker => circuitBreaker.Name == name);

    /// <summary>Gets the client of a host that has only one.</summary>
    public static ThriftClientInfo GetClient(this IHost host) => host.Services.GetRequiredService<IThriftClientRegistry>().All.Single();
}
