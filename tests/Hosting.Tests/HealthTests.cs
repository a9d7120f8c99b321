using Circuit.Calculators;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>What the health of an app says of its circuits.</summary>
public sealed class HealthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACircuitThatIsOpenOrIsolatedIsADegradedApp()
    {
        using var host = await StartAsync();
        var circuit = host.Circuit("Calculator");
        Assert.Equal((HealthStatus.Healthy, "2 circuits let calls pass."), await HealthAsync(host));

        circuit.Open();
        Assert.Equal((HealthStatus.Degraded, "'Calculator' is open, 0 failures."), await HealthAsync(host));
        circuit.HalfOpen();
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);
        circuit.Close();
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);
        circuit.SetMode(CircuitMode.Isolated);
        host.Circuit("Calculator.slow").Open();
        Assert.Equal((HealthStatus.Degraded, "'Calculator' is isolated, closed, 0 failures; 'Calculator.slow' is open, 0 failures."), await HealthAsync(host));
        circuit.SetMode(CircuitMode.ReportOnly);
        host.Circuit("Calculator.slow").SetMode(CircuitMode.Disabled);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);
    }

    [Fact]
    public async Task AFailureIsNamedByItsTypeAndNothingElse()
    {
        using var host = await StartAsync();
        var service = host.Services.GetRequiredService<Calculator.IAsync>();
        for (var call = 0; call < 3; call++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => service.ping(Token).WaitAsync(Deadline.Short, Token));
        }

        Assert.Equal((HealthStatus.Degraded, "'Calculator' is open, 3 failures, the last a TTransportException."), await HealthAsync(host));
    }

    [Fact]
    public async Task CircuitsOfTheUsersOwnAreWatchedToo()
    {
        var registry = new CircuitBreakerRegistry();
        using var host = await StartAsync(services => services
            .AddSingleton(new CircuitBreaker(new() { Name = "mine" }))
            .AddSingleton(registry));

        registry.GetOrAdd("tenant").Open();

        Assert.Equal((HealthStatus.Degraded, "'tenant' is open, 0 failures."), await HealthAsync(host));
        Assert.Equal(
            ["Calculator", "Calculator.slow", "mine", "tenant"],
            (await ReportAsync(host)).Entries["thrift_breakers"].Data.Keys);
    }

    [Fact]
    public async Task OneOfSeveralEndpointsIsToldAndNotJudged()
    {
        using var host = await TestHost.StartAsync(static services =>
        {
            services.AddThriftClient<Calculator.CircuitBreakerClient>(new ThriftEndpoint("one", 1), new ThriftEndpoint("two", 2));
            services.AddHealthChecks().AddThriftBreakers();
        });
        var down = host.Services.GetRequiredService<IThriftClientRegistry>().All[0].Channel.Endpoints[0].CircuitBreaker;

        down.Open();

        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);
        Assert.Equal("open, 0 failures", (await ReportAsync(host)).Entries["thrift_breakers"].Data[down.Name]);
    }

    /// <summary>No call can be made then, although the circuit of the service may never open: without a server nothing is tried.</summary>
    [Fact]
    public async Task AllOfThemAreADegradedApp()
    {
        using var host = await TestHost.StartAsync(static services =>
        {
            services.AddThriftClient<Calculator.CircuitBreakerClient>(new ThriftEndpoint("one", 1), new ThriftEndpoint("two", 2));
            services.AddHealthChecks().AddThriftBreakers();
        });
        var endpoints = host.Services.GetRequiredService<IThriftClientRegistry>().All[0].Channel.Endpoints;

        endpoints[0].CircuitBreaker.Open();
        endpoints[1].CircuitBreaker.SetMode(CircuitMode.Isolated);

        Assert.Equal((HealthStatus.Degraded, "every endpoint of 'Calculator' is open or isolated."), await HealthAsync(host));
        endpoints[0].CircuitBreaker.HalfOpen();
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);
    }

    [Fact]
    public async Task CircuitsOfOneNameDoNotHideEachOther()
    {
        using var host = await TestHost.StartAsync(static services =>
        {
            services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("near", new ThriftEndpoint("one", 1), new ThriftEndpoint("two", 2));
            services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("far", new ThriftEndpoint("one", 1), new ThriftEndpoint("two", 2));
            services.AddSingleton(new CircuitBreaker(new() { Name = "far" }));
            services.AddHealthChecks().AddThriftBreakers();
        });

        Assert.Equal(
            [
                "far", "far (2)", "far endpoint one:1 (buffered, binary)", "far endpoint two:2 (buffered, binary)", "far.slow",
                "near", "near endpoint one:1 (buffered, binary)", "near endpoint two:2 (buffered, binary)", "near.slow",
            ],
            (await ReportAsync(host)).Entries["thrift_breakers"].Data.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task NameStatusAndTagsAreTheUsers()
    {
        using var host = await TestHost.StartAsync(static services =>
            services.AddHealthChecks().AddThriftBreakers("circuits", HealthStatus.Unhealthy, ["ready"]).Services.AddSingleton(new CircuitBreaker()));
        host.Services.GetRequiredService<CircuitBreaker>().Open();

        var (name, entry) = Assert.Single((await ReportAsync(host)).Entries);

        Assert.Equal(("circuits", HealthStatus.Unhealthy, "ready"), (name, entry.Status, Assert.Single(entry.Tags)));
    }

    private static Task<IHost> StartAsync(Action<IServiceCollection>? add = null) => TestHost.StartAsync(services =>
    {
        services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Nowhere);
        services.AddHealthChecks().AddThriftBreakers();
        add?.Invoke(services);
    });

    private static async Task<(HealthStatus Status, string? Description)> HealthAsync(IHost host)
    {
        var (_, entry) = Assert.Single((await ReportAsync(host)).Entries);
        return (entry.Status, entry.Description);
    }

    private static Task<HealthReport> ReportAsync(IHost host) => host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token).WaitAsync(Deadline.Short, Token);
}
