using Circuit.Calculators;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>A change of the configuration applies to the circuit breakers of a running host.</summary>
public sealed class ReloadTests
{
    private const string Section = "ThriftBreaker:Calculator";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ChangeAppliesAndTheStateStays()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable).ConfigureCircuitBreakers(static options => options.SuccessThreshold = 9));
        host.GetCircuitBreaker("Calculator").Open();
        host.GetCircuitBreaker("Calculator.slow").SetMode(CircuitMode.Isolated);

        host.Set($"{Section}:FailMax", "8");
        host.Set($"{Section}:SuccessThreshold", "2");
        host.Set($"{Section}:Methods:slow:FailMax", "6");

        Assert.Equal((CircuitState.Open, 8, 9), (host.GetCircuitBreaker("Calculator").State, host.GetCircuitBreaker("Calculator").Options.FailMax, host.GetCircuitBreaker("Calculator").Options.SuccessThreshold));
        Assert.Equal((CircuitMode.Isolated, 6), (host.GetCircuitBreaker("Calculator.slow").Mode, host.GetCircuitBreaker("Calculator.slow").Options.FailMax));

        host.Set($"{Section}:FailMax", null);
        Assert.Equal(3, host.GetCircuitBreaker("Calculator").Options.FailMax);
    }

    [Fact]
    public async Task ChangeOfEndpointCircuitBreakersApplies()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(new ThriftEndpoint("one", 1), new ThriftEndpoint("two", 2)));
        var endpoints = host.GetClient().Channel.Endpoints;
        endpoints[0].CircuitBreaker.Open();

        host.Set($"{Section}:EndpointCircuitBreaker:FailMax", "9");

        Assert.Equal([(CircuitState.Open, 9), (CircuitState.Closed, 9)], endpoints.Select(static endpoint => (endpoint.CircuitBreaker.State, endpoint.CircuitBreaker.Options.FailMax)));

        host.Set($"{Section}:EndpointCircuitBreaker:Mode", "ReportOnly");

        Assert.All(endpoints, static endpoint => Assert.Equal(CircuitMode.ReportOnly, endpoint.CircuitBreaker.Mode));
    }

    /// <summary>A circuit breaker that was isolated manually stays isolated when another setting changes.</summary>
    [Fact]
    public async Task ModeAppliesOnlyWhenItChanges()
    {
        using var host = await TestHost.StartAsync(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable));
        var circuitBreaker = host.GetCircuitBreaker("Calculator");

        foreach (var (configured, mode) in new[] { ("ReportOnly", CircuitMode.ReportOnly), ("Isolated", CircuitMode.Isolated), ("Disabled", CircuitMode.Disabled), ("Auto", CircuitMode.Auto), ("ReportOnly", CircuitMode.ReportOnly) })
        {
            host.Set($"{Section}:Mode", configured);
            Assert.Equal((mode, mode), (circuitBreaker.Mode, circuitBreaker.Options.Mode));
        }

        circuitBreaker.SetMode(CircuitMode.Isolated);
        host.Set($"{Section}:FailMax", "8");
        Assert.Equal(CircuitMode.Isolated, circuitBreaker.Mode);

        host.Set($"{Section}:Mode", null);
        Assert.Equal(CircuitMode.Auto, circuitBreaker.Mode);
    }

    [Theory]
    [InlineData("FailMax", "0", "ThriftBreaker:Calculator:FailMax is '0': FailMax must be between 1 and 1,000,000.")]
    [InlineData("FailMaxx", "5", "ThriftBreaker:Calculator:FailMaxx is not a setting of a client. Did you mean 'FailMax'? Correct the key, or take it out.")]
    [InlineData("FailMax:Value", "5", "ThriftBreaker:Calculator:FailMax:Value is not a setting of a client: FailMax has a value, and nothing below it. Take it out.")]
    [InlineData("CallTimeout", "soon", "ThriftBreaker:Calculator:CallTimeout is 'soon', but must be a time: hours, minutes and seconds, as 00:00:10 or 00:00:00.5.")]
    [InlineData("MinIdleConnections", "101", "The channel of the client 'Calculator' cannot be made of ThriftBreaker:Calculator and code: MinIdleConnections must be at most MaxConnections.")]
    [InlineData("Endpoints:0", "localhost", "ThriftBreaker:Calculator:Endpoints:0 is 'localhost', but must be host:port, unix:/path or pipe:name.")]
    [InlineData("Tls", "true", "ThriftBreaker:Calculator:Tls would be ignored: AddThriftClient names the endpoints of the client 'Calculator', with their transport and protocol. Set it there, or name the endpoints in ThriftBreaker:Calculator:Endpoints.")]
    [InlineData("EndpointCircuitBreaker:FailMax", "0", "ThriftBreaker:Calculator:EndpointCircuitBreaker:FailMax is '0': FailMax must be between 1 and 1,000,000.")]
    [InlineData("EndpointCircuitBreaker:FailureRatio", "0.5", "The channel of the client 'Calculator' cannot be made of ThriftBreaker:Calculator and code: " + TestHost.RatioWithoutWindow)]
    [InlineData("Methods:slow:FailureRatio", "0.5", "The settings of the circuit breaker 'Calculator.slow', of its attribute, ThriftBreaker:Calculator and code together, contradict each other: " + TestHost.RatioWithoutWindow)]
    [InlineData("Methods:slow:ProbeTimeout", "00:00:01", "The settings of the circuit breaker 'Calculator.slow', of its attribute, ThriftBreaker:Calculator and code together, contradict each other: " + TestHost.ProbeShorterThanCall)]
    public async Task WrongChangeIsLoggedAndAllCircuitBreakersKeepTheirSettings(string key, string value, string message)
    {
        var log = new FakeLogCollector();
        using var host = await TestHost.StartAsync(
            services =>
            {
                services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(log)));
                services.AddThriftClient<Calculator.CircuitBreakerClient>(new ThriftEndpoint("one", 1), new ThriftEndpoint("two", 2));
            },
            ($"{Section}:SuccessThreshold", "4"));

        host.Set(($"{Section}:SuccessThreshold", "2"), ($"{Section}:{key}", value));

        Assert.Equal([(3, 4), (1, 4)], host.GetClient().CircuitBreakers.Select(static circuitBreaker => (circuitBreaker.Options.FailMax, circuitBreaker.Options.SuccessThreshold)));
        var entry = Assert.Single(log.GetSnapshot(), static entry => entry.Level == LogLevel.Error);
        Assert.Equal("The changed configuration of the client 'Calculator' is not in force; its circuit breakers keep their settings. Correct the setting and save the configuration again.", entry.Message);
        Assert.Equal(message, entry.Exception?.Message);

        host.Set($"{Section}:{key}", null);
        Assert.Equal([2, 2], host.GetClient().CircuitBreakers.Select(static circuitBreaker => circuitBreaker.Options.SuccessThreshold));
    }

    /// <summary>
    /// The source read the setting at the start. The error would stop the next start, and is logged now.
    /// </summary>
    [Fact]
    public async Task WrongEndpointSettingForASourceIsLogged()
    {
        using var host = await TestHost.StartAsync(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>()
            .UseEndpoints(static (_, configured) => new DnsEndpointSource(configured(TestHost.Unreachable))));

        host.Set(($"{Section}:FailMax", "8"), ($"{Section}:Tls", "maybe"));
        Assert.Equal(3, host.GetCircuitBreaker("Calculator").Options.FailMax);

        host.Set($"{Section}:Tls", "true");
        Assert.Equal(8, host.GetCircuitBreaker("Calculator").Options.FailMax);
    }

    /// <summary>An error in the section of one circuit breaker does not reset the window of another.</summary>
    [Fact]
    public async Task WrongChangeOfAnotherCircuitBreakerKeepsTheWindow()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable),
            ($"{Section}:FailMax", "1000"),
            ($"{Section}:FailureRatio", "0.5"),
            ($"{Section}:MinimumThroughput", "2"));
        var circuitBreaker = host.GetCircuitBreaker("Calculator");
        await FailAsync();

        host.Set(($"{Section}:SamplingDuration", "00:00:20"), ($"{Section}:Methods:slow:MinimumThroughput", "7"), ($"{Section}:Methods:slow:SamplingCalls", "7"));
        Assert.Equal(TimeSpan.FromSeconds(30), circuitBreaker.Options.SamplingDuration);
        await FailAsync();

        Assert.Equal(CircuitState.Open, circuitBreaker.State);

        Task FailAsync() => Assert.ThrowsAnyAsync<Exception>(() => host.Services.GetRequiredService<Calculator.IAsync>().ping(Token).WaitAsync(Deadline.Short, Token));
    }

    [Fact]
    public async Task ChangeOfConnectionsIsLoggedAsPending()
    {
        var log = new FakeLogCollector();
        using var host = await TestHost.StartAsync(
            services =>
            {
                services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(log)));
                services.AddThriftClient<Calculator.CircuitBreakerClient>();
            },
            ($"{Section}:Endpoints:0", "one:1"),
            ($"{Section}:CallTimeout", "00:00:02"));

        host.Set(($"{Section}:Endpoints:0", "two:1"), ($"{Section}:CallTimeout", "00:00:03"), ($"{Section}:FailMax", "8"));
        host.Set($"{Section}:FailMax", "9");

        // The values in force: no change is pending.
        host.Set(($"{Section}:Endpoints:0", "one:1"), ($"{Section}:CallTimeout", "00:00:02"));

        Assert.Equal(9, host.GetCircuitBreaker("Calculator").Options.FailMax);
        Assert.Equal(
            "The connections of the client 'Calculator' keep what they were made with until the app starts again, although the configuration has changed: ThriftBreaker:Calculator:CallTimeout, ThriftBreaker:Calculator:Endpoints:0.",
            Assert.Single(log.GetSnapshot(), static entry => entry.Level == LogLevel.Warning).Message);
    }

    [Fact]
    public async Task ChangeOfAFileAppliesWhileCallsRun()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        try
        {
            await WriteAsync(failMax: 5);
            await using var server = CalculatorServer.Start();
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.Configuration.AddJsonFile(file, optional: false, reloadOnChange: true);
            builder.Services.AddThriftClient<Calculator.CircuitBreakerClient>("127.0.0.1", server.Port);
            using var host = builder.Build();
            await host.StartAsync(Token);
            var service = host.Services.GetRequiredService<Calculator.IAsync>();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var calls = Task.Run(
                async () =>
                {
                    for (var call = 0; !end.IsCancellationRequested; call++)
                    {
                        Assert.Equal($"{call}", await service.echo($"{call}", Token));
                    }
                },
                Token);

            foreach (var failMax in Enumerable.Range(6, 5))
            {
                await WriteAsync(failMax);
                await Deadline.UntilAsync(() => host.GetCircuitBreaker("Calculator").Options.FailMax == failMax, $"FailMax is {failMax}");
            }

            await end.CancelAsync();
            await calls.WaitAsync(Deadline.Short, Token);
        }
        finally
        {
            File.Delete(file);
        }

        Task WriteAsync(int failMax) => File.WriteAllTextAsync(file, $$"""{ "ThriftBreaker": { "Calculator": { "FailMax": {{failMax}} } } }""", Token);
    }
}
