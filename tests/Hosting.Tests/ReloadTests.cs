using Circuit.Calculators;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>A change of the configuration reaches circuits that run.</summary>
public sealed class ReloadTests
{
    private const string Section = "ThriftBreaker:Calculator";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AChangeIsInForceAndTheStateStays()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Nowhere).ConfigureCircuitBreakers(static options => options with { SuccessThreshold = 9 }));
        host.Circuit("Calculator").Open();
        host.Circuit("Calculator.slow").SetMode(CircuitMode.Isolated);

        host.Set($"{Section}:FailMax", "8");
        host.Set($"{Section}:SuccessThreshold", "2");
        host.Set($"{Section}:Methods:slow:FailMax", "6");

        Assert.Equal((CircuitState.Open, 8, 9), (host.Circuit("Calculator").State, host.Circuit("Calculator").Options.FailMax, host.Circuit("Calculator").Options.SuccessThreshold));
        Assert.Equal((CircuitMode.Isolated, 6), (host.Circuit("Calculator.slow").Mode, host.Circuit("Calculator.slow").Options.FailMax));

        host.Set($"{Section}:FailMax", null);
        Assert.Equal(3, host.Circuit("Calculator").Options.FailMax);
    }

    [Fact]
    public async Task SoDoesOneForTheCircuitsOfEndpoints()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(new ThriftEndpoint("one", 1), new ThriftEndpoint("two", 2)));
        var endpoints = host.Services.GetRequiredService<IThriftClientRegistry>().All[0].Channel.Endpoints;
        endpoints[0].CircuitBreaker.Open();

        host.Set($"{Section}:EndpointCircuitBreaker:FailMax", "9");

        Assert.Equal([(CircuitState.Open, 9), (CircuitState.Closed, 9)], endpoints.Select(static endpoint => (endpoint.CircuitBreaker.State, endpoint.CircuitBreaker.Options.FailMax)));

        host.Set($"{Section}:EndpointCircuitBreaker:Mode", "ReportOnly");

        Assert.All(endpoints, static endpoint => Assert.Equal(CircuitMode.ReportOnly, endpoint.CircuitBreaker.Mode));
    }

    /// <summary>Whoever isolated a circuit by hand finds it isolated when somebody else has changed a number.</summary>
    [Fact]
    public async Task AModeIsTakenWhenItIsChangedAndNotWithEveryOtherSetting()
    {
        using var host = await TestHost.StartAsync(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Nowhere));
        var circuit = host.Circuit("Calculator");

        foreach (var (configured, mode) in new[] { ("ReportOnly", CircuitMode.ReportOnly), ("Isolated", CircuitMode.Isolated), ("Disabled", CircuitMode.Disabled), ("Auto", CircuitMode.Auto), ("ReportOnly", CircuitMode.ReportOnly) })
        {
            host.Set($"{Section}:Mode", configured);
            Assert.Equal((mode, mode), (circuit.Mode, circuit.Options.Mode));
        }

        circuit.SetMode(CircuitMode.Isolated);
        host.Set($"{Section}:FailMax", "8");
        Assert.Equal(CircuitMode.Isolated, circuit.Mode);

        host.Set($"{Section}:Mode", null);
        Assert.Equal(CircuitMode.Auto, circuit.Mode);
    }

    [Theory]
    [InlineData("FailMax", "0", "ThriftBreaker:Calculator:FailMax is '0': FailMax must be between 1 and 1,000,000.")]
    [InlineData("FailMaxx", "5", "ThriftBreaker:Calculator:FailMaxx is not a setting of a client. Did you mean 'FailMax'? Correct the key, or take it out.")]
    [InlineData("FailMax:Value", "5", "ThriftBreaker:Calculator:FailMax:Value is not a setting of a client: FailMax has a value, and nothing below it. Take it out.")]
    [InlineData("CallTimeout", "soon", "ThriftBreaker:Calculator:CallTimeout is 'soon', but must be a time: hours, minutes and seconds, as 00:00:10 or 00:00:00.5.")]
    [InlineData("MinIdleConnections", "101", "The channel of the client 'Calculator' cannot be made of ThriftBreaker:Calculator and code: MinIdleConnections must be at most MaxConnections.")]
    [InlineData("Endpoints:0", "localhost", "ThriftBreaker:Calculator:Endpoints:0 is 'localhost', but must be host:port, unix:/path or pipe:name.")]
    [InlineData("Tls", "true", "ThriftBreaker:Calculator:Tls would not be read: AddThriftClient names the endpoints of the client 'Calculator', and says how they are spoken to. Say it there, or name the endpoints in ThriftBreaker:Calculator:Endpoints.")]
    [InlineData("EndpointCircuitBreaker:FailMax", "0", "ThriftBreaker:Calculator:EndpointCircuitBreaker:FailMax is '0': FailMax must be between 1 and 1,000,000.")]
    [InlineData("EndpointCircuitBreaker:FailureRatio", "0.5", "The channel of the client 'Calculator' cannot be made of ThriftBreaker:Calculator and code: FailureRatio requires MinimumThroughput, or SamplingCalls to measure it over the latest calls instead of over time.")]
    [InlineData("Methods:slow:FailureRatio", "0.5", "The settings of the circuit 'Calculator.slow', of its mark, ThriftBreaker:Calculator and code together, contradict each other: FailureRatio requires MinimumThroughput, or SamplingCalls to measure it over the latest calls instead of over time.")]
    [InlineData("Methods:slow:ProbeTimeout", "00:00:01", "The settings of the circuit 'Calculator.slow', of its mark, ThriftBreaker:Calculator and code together, contradict each other: ProbeTimeout (1 s) must be at least the longest call timeout of the clients of the circuit breaker 'Calculator.slow' (10 s), or a probe times out before its call does.")]
    public async Task AMistakeIsLoggedAndAllCircuitsOfTheClientGoOnAsTheyWere(string key, string value, string message)
    {
        var log = new FakeLogger();
        using var host = await TestHost.StartAsync(
            services =>
            {
                services.AddLogging(logging => logging.AddProvider(log));
                services.AddThriftClient<Calculator.CircuitBreakerClient>(new ThriftEndpoint("one", 1), new ThriftEndpoint("two", 2));
            },
            ($"{Section}:SuccessThreshold", "4"));

        host.Set(($"{Section}:SuccessThreshold", "2"), ($"{Section}:{key}", value));

        Assert.Equal([(3, 4), (1, 4)], host.Services.GetRequiredService<IThriftClientRegistry>().All[0].CircuitBreakers.Select(static circuit => (circuit.Options.FailMax, circuit.Options.SuccessThreshold)));
        Assert.Contains(
            "Error: The changed configuration of the client 'Calculator' is not in force; its circuits go on as they were. Correct the setting and save the configuration again. " + message,
            log.Lines);

        host.Set($"{Section}:{key}", null);
        Assert.Equal([2, 2], host.Services.GetRequiredService<IThriftClientRegistry>().All[0].CircuitBreakers.Select(static circuit => circuit.Options.SuccessThreshold));
    }

    /// <summary>A source has read it at the start; that the next start will fail is said now.</summary>
    [Fact]
    public async Task SoIsOneInWhatASourceIsTold()
    {
        using var host = await TestHost.StartAsync(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>()
            .UseEndpoints(static (_, configured) => new DnsEndpointSource(configured(TestHost.Nowhere))));

        host.Set(($"{Section}:FailMax", "8"), ($"{Section}:Tls", "maybe"));
        Assert.Equal(3, host.Circuit("Calculator").Options.FailMax);

        host.Set($"{Section}:Tls", "true");
        Assert.Equal(8, host.Circuit("Calculator").Options.FailMax);
    }

    /// <summary>What calls have told so far is not lost to a mistake in another circuit's section.</summary>
    [Fact]
    public async Task AMistakeElsewhereTakesNothingFromAWindow()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Nowhere),
            ($"{Section}:FailMax", "1000"),
            ($"{Section}:FailureRatio", "0.5"),
            ($"{Section}:MinimumThroughput", "2"));
        var circuit = host.Circuit("Calculator");
        await FailAsync();

        host.Set(($"{Section}:SamplingDuration", "00:00:20"), ($"{Section}:Methods:slow:MinimumThroughput", "7"), ($"{Section}:Methods:slow:SamplingCalls", "7"));
        Assert.Equal(TimeSpan.FromSeconds(30), circuit.Options.SamplingDuration);
        await FailAsync();

        Assert.Equal(CircuitState.Open, circuit.State);

        Task FailAsync() => Assert.ThrowsAnyAsync<Exception>(() => host.Services.GetRequiredService<Calculator.IAsync>().ping(Token).WaitAsync(Deadline.Short, Token));
    }

    [Fact]
    public async Task WhatConnectionsKeepIsSaid()
    {
        var log = new FakeLogger();
        using var host = await TestHost.StartAsync(
            services =>
            {
                services.AddLogging(logging => logging.AddProvider(log));
                services.AddThriftClient<Calculator.CircuitBreakerClient>();
            },
            ($"{Section}:Endpoints:0", "one:1"),
            ($"{Section}:CallTimeout", "00:00:02"));

        host.Set(($"{Section}:Endpoints:0", "two:1"), ($"{Section}:CallTimeout", "00:00:03"), ($"{Section}:FailMax", "8"));
        host.Set($"{Section}:FailMax", "9");

        // Back to what is in force: nothing waits any more.
        host.Set(($"{Section}:Endpoints:0", "one:1"), ($"{Section}:CallTimeout", "00:00:02"));

        Assert.Equal(9, host.Circuit("Calculator").Options.FailMax);
        Assert.Equal(
            "Warning: The connections of the client 'Calculator' keep what they were made with until the app starts again, although the configuration has changed: ThriftBreaker:Calculator:CallTimeout, ThriftBreaker:Calculator:Endpoints:0.",
            Assert.Single(log.Lines, static line => line.StartsWith("Warning", StringComparison.Ordinal)).TrimEnd());
    }

    [Fact]
    public async Task CallsGoOnWhileAFileChanges()
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
                await Deadline.UntilAsync(() => host.Circuit("Calculator").Options.FailMax == failMax, $"FailMax is {failMax}");
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
