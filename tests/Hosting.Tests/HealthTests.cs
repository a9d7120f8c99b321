using Circuit.Calculators;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>The health check of the circuit breakers.</summary>
public sealed class HealthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenOrIsolatedCircuitBreakerIsDegraded()
    {
        using var host = await StartAsync();
        var circuitBreaker = host.GetCircuitBreaker("Calculator");
        Assert.Equal((HealthStatus.Healthy, "2 circuit breakers let calls pass."), await GetHealthAsync(host));

        circuitBreaker.Open();
        Assert.Equal((HealthStatus.Degraded, "'Calculator' is open, 0 failures."), await GetHealthAsync(host));
        circuitBreaker.HalfOpen();
        Assert.Equal(HealthStatus.Healthy, (await GetHealthAsync(host)).Status);
        circuitBreaker.Close();
        Assert.Equal(HealthStatus.Healthy, (await GetHealthAsync(host)).Status);
        circuitBreaker.SetMode(CircuitMode.Isolated);
        host.GetCircuitBreaker("Calculator.slow").Open();
        Assert.Equal((HealthStatus.Degraded, "'Calculator' is isolated, closed, 0 failures; 'Calculator.slow' is open, 0 failures."), await GetHealthAsync(host));
        circuitBreaker.SetMode(CircuitMode.ReportOnly);
        host.GetCircuitBreaker("Calculator.slow").SetMode(CircuitMode.Disabled);
        Assert.Equal(HealthStatus.Healthy, (await GetHealthAsync(host)).Status);
    }

    [Fact]
    public async Task FailureIsNamedByItsTypeOnly()
    {
        using var host = await StartAsync();
        var service = host.Services.GetRequiredService<Calculator.IAsync>();
        for (var call = 0; call < 3; call++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => service.ping(Token).WaitAsync(Deadline.Short, Token));
        }

        Assert.Equal((HealthStatus.Degraded, "'Calculator' is open, 3 failures, the last a TTransportException."), await GetHealthAsync(host));
    }

    [Fact]
    public async Task CircuitBreakersOfTheContainerAreChecked()
    {
        var registry = new CircuitBreakerRegistry();
        using var host = await StartAsync(services => services
            .AddSingleton(new CircuitBreaker(new() { Name = "mine" }))
            .AddSingleton(registry));

        registry.GetOrAdd("tenant").Open();

        Assert.Equal((HealthStatus.Degraded, "'tenant' is open, 0 failures."), await GetHealthAsync(host));
        Assert.Equal(
            ["Calculator", "Calculator.slow", "mine", "tenant"],
            (await GetReportAsync(host)).Entries["thrift_breakers"].Data.Keys);
    }

    [Fact]
    public async Task SingleEndpointIsReportedAndHealthy()
    {
        using var host = await TestHost.StartAsync(static services =>
        {
            services.AddThriftClient<Calculator.CircuitBreakerClient>(new ThriftEndpoint("one", 1), new ThriftEndpoint("two", 2));
            services.AddHealthChecks().AddThriftBreakers();
        });
        var down = host.GetClient().Channel.Endpoints[0].CircuitBreaker;

        down.Open();

        Assert.Equal(HealthStatus.Healthy, (await GetHealthAsync(host)).Status);
        Assert.Equal("open, 0 failures", (await GetReportAsync(host)).Entries["thrift_breakers"].Data[down.Name]);
    }

    /// <summary>
    /// No call is possible then, although the service's circuit breaker may stay closed: it ignores these rejections.
    /// </summary>
    [Fact]
    public async Task AllEndpointsOpenIsDegraded()
    {
        using var host = await TestHost.StartAsync(static services =>
        {
            services.AddThriftClient<Calculator.CircuitBreakerClient>(new ThriftEndpoint("one", 1), new ThriftEndpoint("two", 2));
            services.AddHealthChecks().AddThriftBreakers();
        });
        var endpoints = host.GetClient().Channel.Endpoints;

        endpoints[0].CircuitBreaker.Open();
        endpoints[1].CircuitBreaker.SetMode(CircuitMode.Isolated);

        Assert.Equal((HealthStatus.Degraded, "every endpoint of 'Calculator' is open or isolated."), await GetHealthAsync(host));
        endpoints[0].CircuitBreaker.HalfOpen();
        Assert.Equal(HealthStatus.Healthy, (await GetHealthAsync(host)).Status);
    }

    [Fact]
    public async Task CircuitBreakersOfOneNameAreAllReported()
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
            (await GetReportAsync(host)).Entries["thrift_breakers"].Data.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task NameStatusAndTagsAreConfigurable()
    {
        using var host = await TestHost.StartAsync(static services =>
            services.AddHealthChecks().AddThriftBreakers("circuits", HealthStatus.Unhealthy, ["ready"]).Services.AddSingleton(new CircuitBreaker()));
        host.Services.GetRequiredService<CircuitBreaker>().Open();

        var (name, entry) = Assert.Single((await GetReportAsync(host)).Entries);

        Assert.Equal(("circuits", HealthStatus.Unhealthy, "ready"), (name, entry.Status, Assert.Single(entry.Tags)));
    }

    private static Task<IHost> StartAsync(Action<IServiceCollection>? add = null) => TestHost.StartAsync(services =>
    {
        services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable);
        services.AddHealthChecks().AddThriftBreakers();
        add?.Invoke(services);
    });

    private static async Task<(HealthStatus Status, string? Description)> GetHealthAsync(IHost host)
    {
        var (_, entry) = Assert.Single((await GetReportAsync(host)).Entries);
        return (entry.Status, entry.Description);
    }

    private static Task<HealthReport> GetReportAsync(IHost host) => host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token).WaitAsync(Deadline.Short, Token);
}
