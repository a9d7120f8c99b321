using Circuit.Calculators;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

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
    [InlineData("CallTimeout", "soon", "ThriftBreaker:Calculator:CallTimeout must be a time: hours, minutes and seconds, as 00:00:10 or 00:00:00.5.")]
    [InlineData("MinIdleConnections", "101", "The channel of the client 'Calculator' cannot be made of ThriftBreaker:Calculator and code: MinIdleConnections must be at most MaxConnections.")]
    [InlineData("Endpoints:0", "localhost", "ThriftBreaker:Calculator:Endpoints:0 must be host:port, unix:/path or pipe:name.")]
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
        Assert.Equal($"The changed configuration of the client 'Calculator' is not in force, and its circuit breakers keep their settings: {message}", entry.Message);
        Assert.Null(entry.Exception);

        host.Set($"{Section}:{key}", null);
        Assert.Equal([2, 2], host.GetClient().CircuitBreakers.Select(static circuitBreaker => circuitBreaker.Options.SuccessThreshold));
    }

    /// <summary>A running client keeps its connections, so the rest of the change applies.</summary>
    [Fact]
    public async Task ChangeWithoutEndpointsApplies()
    {
        using var host = await TestHost.StartAsync(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(), ($"{Section}:Endpoints:0", "one:1"));

        host.Set(($"{Section}:Endpoints:0", null), ($"{Section}:FailMax", "8"));

        Assert.Equal(8, host.GetCircuitBreaker("Calculator").Options.FailMax);
        Assert.Equal("one", host.GetClient().Channel.Endpoint!.Host);
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
    public async Task AppliedChangeIsLoggedWithOldAndNewValues()
    {
        var log = new FakeLogCollector();
        using var host = await StartAsync(
            log,
            client => client.ConfigureCircuitBreakers(static options => options.ExcludeWhen = static _ => false),
            ($"{Section}:Endpoints:0", "one:1"),
            ($"{Section}:Endpoints:1", "two:1"),
            ($"{Section}:Mode", "Isolated"),
            ($"{Section}:ProbeTimeout", "00:00:20"));

        host.Set(
            ($"{Section}:Mode", null),
            ($"{Section}:ResetTimeout", "00:00:00.5"),
            ($"{Section}:ProbeTimeout", null),
            ($"{Section}:Jitter", "0.25"),
            ($"{Section}:Methods:slow:Jitter", "0.5"),
            ($"{Section}:EndpointCircuitBreaker:FailMax", "9"));

        var entry = Assert.Single(log.GetSnapshot());
        Assert.Equal((103, LogLevel.Information), (entry.Id.Id, entry.Level));
        Assert.Equal(
            "The changed configuration of the client 'Calculator' is in force: " +
            "'Calculator': Mode Isolated → Auto, ResetTimeout 00:00:10 → 00:00:00.5000000, ProbeTimeout 00:00:20 → none, Jitter 0 → 0.25; " +
            "'Calculator.slow': Mode Isolated → Auto, ResetTimeout 00:00:10 → 00:00:00.5000000, ProbeTimeout 00:00:20 → none, Jitter 0 → 0.5; " +
            "endpoints: FailMax 5 → 9.",
            entry.Message);
    }

    /// <summary>The old values are those in force, whatever the configuration said before.</summary>
    [Fact]
    public async Task LoggedOldValuesAreThoseInForce()
    {
        var log = new FakeLogCollector();
        using var host = await StartAsync(log);
        var circuitBreaker = host.GetCircuitBreaker("Calculator");
        circuitBreaker.SetMode(CircuitMode.Isolated);
        circuitBreaker.Update(circuitBreaker.Options with { FailMax = 50 });

        host.Set(($"{Section}:Mode", "ReportOnly"), ($"{Section}:Methods:slow:Mode", "Auto"));

        Assert.Equal(
            "The changed configuration of the client 'Calculator' is in force: 'Calculator': Mode Isolated → ReportOnly, FailMax 50 → 3.",
            Assert.Single(log.GetSnapshot()).Message);
    }

    [Fact]
    public async Task ReloadWithoutAChangeIsNotLogged()
    {
        var log = new FakeLogCollector();
        using var host = await StartAsync(log, settings: ($"{Section}:FailMax", "4"));

        host.Set("Other:Setting", "1");
        host.Set($"{Section}:FailMax", "04");

        Assert.Empty(log.GetSnapshot());
    }

    [Fact]
    public async Task MistakeIsLoggedOnceUntilItIsCorrected()
    {
        var log = new FakeLogCollector();
        using var host = await StartAsync(log);

        host.Set($"{Section}:FailMax", "0");
        host.Set("Other:Setting", "1");
        host.Set($"{Section}:SuccessThreshold", "2");
        Assert.Single(log.GetSnapshot());

        host.Set($"{Section}:FailMax", "-1");
        Assert.Equal(2, log.Count);

        host.Set($"{Section}:FailMax", "8");
        host.Set($"{Section}:FailMax", "-1");
        Assert.Equal([101, 101, 103, 101], log.GetSnapshot().Select(static entry => entry.Id.Id));
    }

    /// <summary>Only an exception of the user's code is logged with its stack, which leads to the statement.</summary>
    [Fact]
    public async Task ExceptionOfTheUsersCodeIsLoggedOnceWithItsStack()
    {
        foreach (var error in new Exception[] { new ArgumentException("No such tenant."), new InvalidOperationException("No such tenant.") })
        {
            var (log, isBroken) = (new FakeLogCollector(), false);
            using var host = await StartAsync(log, client => client.ConfigureCircuitBreakers(_ => ThrowIf(isBroken)));

            isBroken = true;
            host.Set($"{Section}:FailMax", "8");
            host.Set($"{Section}:FailMax", "9");

            var entry = Assert.Single(log.GetSnapshot());
            Assert.Same(error, entry.Exception);
            Assert.Contains(nameof(ThrowIf), entry.Exception!.StackTrace, StringComparison.Ordinal);
            Assert.Equal(3, host.GetCircuitBreaker("Calculator").Options.FailMax);

            void ThrowIf(bool isBroken)
            {
                if (isBroken)
                {
                    throw error;
                }
            }
        }
    }

    [Fact]
    public async Task NameWithALineBreakIsOneLogLine()
    {
        var file = new SettingsFile("{}");
        var log = new FakeLogCollector();
        using var host = await StartAsync(log, [file, new SettingsFile("{}")], ($"{Section}:FailMax", "7"));

        file.Write("{ \"ThriftBreaker\": { \"Orders\\ninfo all is well\": { \"FailMax\": 3 } } }");

        Assert.Contains("\\u000Ainfo all is well", Assert.Single(log.GetSnapshot(), static entry => entry.Id.Id == 104).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// A file that is missing for a moment, empty, half-written while another source reloads, or whose section is
    /// renamed must not silently put an isolated circuit breaker back in use.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("{ \"ThriftBreaker\": { \"Calculator\": { \"Mode\": ")]
    [InlineData("{ \"ThriftBreaker\": { \"Calculater\": { \"Mode\": \"Isolated\" } } }")]
    public async Task SectionThatDisappearsFromAFileStaysInForce(string? content)
    {
        const string Isolated = "{ \"ThriftBreaker\": { \"Calculator\": { \"Mode\": \"Isolated\", \"SuccessThreshold\": 4 } } }";
        var (file, other) = (new SettingsFile(Isolated), new SettingsFile("{}"));
        var log = new FakeLogCollector();
        using var host = await StartAsync(log, [file, other], ($"{Section}:FailMax", "7"));

        file.Write(content);
        file.Write(content);
        other.Write("{ \"Other\": 1 }");

        Assert.Equal((CircuitMode.Isolated, 4, 7), InForce(host));
        Assert.Equal(4, host.Services.GetRequiredService<IOptionsMonitor<ThriftClientOptions>>().Get("Calculator").CircuitBreaker.SuccessThreshold);
        Assert.Equal(
            $"The changed configuration of the client 'Calculator' is not in force, and its circuit breakers keep their settings: ThriftBreaker:Calculator has disappeared from JsonConfigurationProvider for '{SettingsFile.Name}' (Required). Restore the section; to remove its settings, leave it empty, as \"Calculator\": {{}}, or start the app again.",
            Assert.Single(log.GetSnapshot(), static entry => entry.Id.Id == 101).Message);
        Assert.Equal(
            content?.Contains("Calculater", StringComparison.Ordinal) == true
                ? ["The changed configuration has a section that configures nothing: ThriftBreaker:Calculater is the section of no client. Did you mean 'Calculator'? Add the client with AddThriftClient, or take the section out; there are: Calculator."]
                : [],
            log.GetSnapshot().Where(static entry => entry.Id.Id == 104).Select(static entry => entry.Message));

        file.Write(Isolated);
        Assert.DoesNotContain(log.GetSnapshot(), static entry => entry.Id.Id == 103);

        file.Write(Isolated.Replace('4', '5'));
        Assert.Equal((CircuitMode.Isolated, 5, 7), InForce(host));
        Assert.Equal(103, log.LatestRecord.Id.Id);
    }

    [Fact]
    public async Task SectionThatIsEmptyRemovesItsSettings()
    {
        var file = new SettingsFile("{ \"ThriftBreaker\": { \"Calculator\": { \"Mode\": \"Isolated\", \"SuccessThreshold\": 4 } } }");
        var log = new FakeLogCollector();
        using var host = await StartAsync(log, [file], ($"{Section}:FailMax", "7"));

        file.Write("{ \"ThriftBreaker\": { \"Calculator\": {} } }");

        Assert.Equal((CircuitMode.Auto, 1, 7), InForce(host));
        Assert.Equal(103, Assert.Single(log.GetSnapshot()).Id.Id);
    }

    /// <summary>An operator moves the section to another file, in two steps.</summary>
    [Fact]
    public async Task SectionThatMovesToAnotherSourceIsInForce()
    {
        var file = new SettingsFile("{ \"ThriftBreaker\": { \"Calculator\": { \"SuccessThreshold\": 4 } } }");
        var log = new FakeLogCollector();
        using var host = await StartAsync(log, [file]);

        file.Write("{}");
        host.Set($"{Section}:SuccessThreshold", "4");
        host.Set($"{Section}:SuccessThreshold", "6");

        Assert.Equal((CircuitMode.Auto, 6, 3), InForce(host));
        Assert.Equal([101, 103], log.GetSnapshot().Select(static entry => entry.Id.Id));
    }

    private static (CircuitMode, int, int) InForce(IHost host)
        => (host.GetCircuitBreaker("Calculator").Mode, host.GetCircuitBreaker("Calculator").Options.SuccessThreshold, host.GetCircuitBreaker("Calculator").Options.FailMax);

    private static async Task<IHost> StartAsync(FakeLogCollector log, Action<IThriftClientBuilder>? configure = null, params (string Key, string? Value)[] settings)
    {
        var hasEndpoints = settings.Any(static setting => setting.Key.Contains("Endpoints", StringComparison.Ordinal));
        var host = await TestHost.StartAsync(
            services =>
            {
                services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(log)));
                var client = services.AddThriftClient<Calculator.CircuitBreakerClient>(hasEndpoints ? [] : [TestHost.Unreachable]);
                configure?.Invoke(client);
            },
            settings);
        log.Clear();
        return host;
    }

    private static async Task<IHost> StartAsync(FakeLogCollector log, SettingsFile[] files, params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Key, setting.Value)));
        foreach (var file in files)
        {
            builder.Configuration.AddJsonFile(source => (source.FileProvider, source.Path, source.ReloadOnChange, source.ReloadDelay) = (file, SettingsFile.Name, true, 0));
        }

        builder.Logging.AddProvider(new FakeLoggerProvider(log));
        builder.Services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable);
        var host = builder.Build();
        await host.StartAsync(Token).WaitAsync(Deadline.Short, Token);
        log.Clear();
        return host;
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
