using Circuit.Calculators;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>A real host with a configuration that the test can change.</summary>
internal static class TestHost
{
    /// <summary>Where nobody is called.</summary>
    public static readonly ThriftEndpoint Nowhere = new("127.0.0.1", 1);

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

    /// <summary>What the start of a host with a calculator and these settings fails with.</summary>
    public static async Task<string> RefusalAsync(params (string Key, string? Value)[] settings)
    {
        using var host = Build(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(Nowhere), settings);
        return (await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken))).Message;
    }

    /// <summary>Changes the configuration of a host that runs.</summary>
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

    public static CircuitBreaker Circuit(this IHost host, string name)
        => host.Services.GetRequiredService<IThriftClientRegistry>().All.SelectMany(static client => client.CircuitBreakers).Single(circuit => circuit.Name == name);
}
