using System.Text;
using Circuit.Calculators;
using Circuit.Example;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>
/// The Options pattern applies to clients as to every other service: named options, post-configuration, validation,
/// monitor.
/// </summary>
public sealed class OptionsTests
{
    private const string Section = "ThriftBreaker:Calculator";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ConfigureOverridesTheConfigurationInAnyOrder(bool beforeTheClient)
    {
        using var host = await TestHost.StartAsync(
            services =>
            {
                if (beforeTheClient)
                {
                    Configure(services);
                }

                services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("orders", TestHost.Unreachable);
                if (!beforeTheClient)
                {
                    Configure(services);
                }
            },
            ("ThriftBreaker:orders:FailMax", "7"),
            ("ThriftBreaker:orders:SuccessThreshold", "2"));

        Assert.Equal((5, 2, 10), (host.GetCircuitBreaker("orders").Options.FailMax, host.GetCircuitBreaker("orders").Options.SuccessThreshold, host.GetCircuitBreaker("orders").Options.ResetTimeout.TotalSeconds));

        static void Configure(IServiceCollection services) => services.Configure<ThriftClientOptions>("orders", static options => options.CircuitBreaker.FailMax = 5);
    }

    [Fact]
    public async Task ConfigureActionsRunInTheOrderOfTheirRegistration()
    {
        using var host = await TestHost.StartAsync(static services => services
            .ConfigureAll<ThriftClientOptions>(static options => options.CircuitBreaker.FailMax += 1)
            .AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable)
            .Configure(static options => options.CircuitBreaker.FailMax *= 10)
            .ConfigureCircuitBreakers(static options => options.FailMax += 2));

        Assert.Equal(42, host.GetCircuitBreaker("Calculator").Options.FailMax);
    }

    [Fact]
    public async Task PostConfigureOverridesConfigure()
    {
        using var host = await TestHost.StartAsync(static services =>
        {
            services.PostConfigure<ThriftClientOptions>("Calculator", static options => options.CircuitBreaker.FailMax *= 2);
            services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable).ConfigureCircuitBreakers(static options => options.FailMax = 8);
        });

        Assert.Equal(16, host.GetCircuitBreaker("Calculator").Options.FailMax);
    }

    [Fact]
    public async Task ServiceSettingAppliesToMethodsUntilTheMethodHasItsOwn()
    {
        using var host = await TestHost.StartAsync(
            static services =>
            {
                services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable);
                services.Configure<ThriftClientOptions>("Calculator", static options =>
                {
                    options.Methods["SLOW"].SuccessThreshold = 4;
                    options.CircuitBreaker.ResetTimeout = TimeSpan.FromSeconds(20);
                    options.CircuitBreaker.MaxProbes = 3;
                    options.Methods["slow"].MaxProbes = 2;
                });
            },
            ($"{Section}:Methods:slow:ResetTimeout", "00:00:30"));

        var method = host.GetCircuitBreaker("Calculator.slow").Options;

        Assert.Equal((1, 20, 4, 2), (method.FailMax, method.ResetTimeout.TotalSeconds, method.SuccessThreshold, method.MaxProbes));
        Assert.Equal((3, 3), (host.GetCircuitBreaker("Calculator").Options.MaxProbes, host.GetCircuitBreaker("Calculator").Options.FailMax));
        Assert.Equal(1, host.Services.GetRequiredService<IOptionsMonitor<ThriftClientOptions>>().Get("Calculator").Methods["slow"].FailMax);
    }

    [Fact]
    public async Task ConfigureCircuitBreakersReadsTheValuesOfEachCircuitBreaker()
    {
        using var host = await TestHost.StartAsync(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable)
            .ConfigureCircuitBreakers(static options => options.FailMax += options.Name == "Calculator.slow" ? 10 : 20));

        Assert.Equal((23, 11), (host.GetCircuitBreaker("Calculator").Options.FailMax, host.GetCircuitBreaker("Calculator.slow").Options.FailMax));
    }

    /// <summary>
    /// The action never sees a method with the settings of the service, for which a relative change may be out of
    /// range.
    /// </summary>
    [Fact]
    public async Task ConfigureCircuitBreakersRunsAfterTheAttributeOfTheMethod()
    {
        var seen = new List<string>();
        using var host = await TestHost.StartAsync(
            services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable)
                .Configure(static options => options.Methods["slow"].MaxProbes = 2)
                .ConfigureCircuitBreakers(options =>
                {
                    seen.Add($"{options.Name} {options.FailMax} {options.MaxProbes}");
                    options.FailMax -= options.FailMax > 1 ? 1 : 0;
                }),
            ($"{Section}:Methods:slow:SuccessThreshold", "2"));

        Assert.Equal(["Calculator 3 1", "Calculator.slow 1 2"], seen.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal((2, 1), (host.GetCircuitBreaker("Calculator").Options.FailMax, host.GetCircuitBreaker("Calculator.slow").Options.FailMax));

        seen.Clear();
        host.Set($"{Section}:Methods:slow:SuccessThreshold", "3");

        Assert.Equal(["Calculator 3 1", "Calculator.slow 1 2"], seen.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(3, host.GetCircuitBreaker("Calculator.slow").Options.SuccessThreshold);
    }

    [Fact]
    public async Task ConfigureCircuitBreakersDoesNotRunForACircuitBreakerThatDoesNotExist()
    {
        var seen = new List<string>();
        using var host = await TestHost.StartAsync(services => services.AddThriftClient<MethodByMethodCircuitBreakerClient>(TestHost.Unreachable)
            .ConfigureCircuitBreakers(options =>
            {
                seen.Add(options.Name);
                options.FailMax = options.Name == "MethodByMethod" ? 0 : 4;
            }));

        Assert.Equal(["MethodByMethod.doSomething"], seen.Distinct());
        Assert.Equal(4, Assert.Single(host.GetClient().CircuitBreakers).Options.FailMax);
    }

    [Fact]
    public async Task MethodCircuitBreakersWithoutOneOfTheServiceHaveTheServicesSettings()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<MethodByMethodCircuitBreakerClient>(TestHost.Unreachable).Configure(static options => options.Methods["doSomething"].MinimumThroughput = 10),
            ("ThriftBreaker:MethodByMethod:FailureRatio", "0.5"));

        var options = Assert.Single(host.GetClient().CircuitBreakers).Options;

        Assert.Equal((0.5, 10), (options.FailureRatio, options.MinimumThroughput));
    }

    [Fact]
    public async Task EndpointsAndChannelCanBeConfiguredInCode()
    {
        using var host = await TestHost.StartAsync(static services =>
        {
            services.AddThriftClient<Calculator.CircuitBreakerClient>();
            services.Configure<ThriftClientOptions>("Calculator", static options =>
            {
                options.Endpoints.Add(new ThriftEndpoint("one", 1));
                options.Endpoints.Add(new ThriftEndpoint("two", 2));
                (options.Transport, options.Protocol, options.Service, options.Tls) = (ThriftTransport.Framed, ThriftProtocol.Compact, "calc", new ThriftTlsOptions());
                options.Channel.CallTimeout = TimeSpan.FromSeconds(2);
                options.EndpointCircuitBreaker.FailMax = 9;
            });
        });

        var channel = host.GetClient().Channel;

        Assert.Equal(
            ["one:1 (framed, compact, service calc, TLS)", "two:2 (framed, compact, service calc, TLS)"],
            channel.Endpoints.Select(static endpoint => endpoint.Endpoint.ToString()));
        Assert.All(channel.Endpoints, static endpoint => Assert.Equal(9, endpoint.CircuitBreaker.Options.FailMax));
        Assert.Equal(TimeSpan.FromSeconds(2), channel.Options.CallTimeout);
    }

    /// <summary>In a shell: <c>ThriftBreaker__environment__FailMax=5</c>.</summary>
    [Fact]
    public async Task EnvironmentVariableSetsASetting()
    {
        Environment.SetEnvironmentVariable("ThriftBreaker__environment__FailMax", "5");
        Environment.SetEnvironmentVariable("THRIFTBREAKER__ENVIRONMENT__METHODS__SLOW__FAILMAX", "6");
        try
        {
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.Configuration.AddEnvironmentVariables();
            builder.Services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("environment", TestHost.Unreachable);
            using var host = builder.Build();
            await host.StartAsync(Token);

            Assert.Equal((5, 6), (host.GetCircuitBreaker("environment").Options.FailMax, host.GetCircuitBreaker("environment.slow").Options.FailMax));
        }
        finally
        {
            Environment.SetEnvironmentVariable("ThriftBreaker__environment__FailMax", null);
            Environment.SetEnvironmentVariable("THRIFTBREAKER__ENVIRONMENT__METHODS__SLOW__FAILMAX", null);
        }
    }

    /// <summary>User secrets are a JSON file with flat keys, which overrides appsettings.json.</summary>
    [Fact]
    public async Task UserSecretOverridesAppSettings()
    {
        using var settings = new MemoryStream(Encoding.UTF8.GetBytes("""{ "ThriftBreaker": { "Calculator": { "FailMax": 5, "Service": "calc", "Endpoints": ["one:1"] } } }"""));
        using var secrets = new MemoryStream(Encoding.UTF8.GetBytes("""{ "ThriftBreaker:Calculator:Endpoints:0": "secret:1", "ThriftBreaker:Calculator:FailMax": "6" }"""));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddJsonStream(settings).AddJsonStream(secrets);
        builder.Services.AddThriftClient<Calculator.CircuitBreakerClient>();
        using var host = builder.Build();
        await host.StartAsync(Token);

        Assert.Equal(6, host.GetCircuitBreaker("Calculator").Options.FailMax);
        Assert.Equal("secret:1 (buffered, binary, service calc)", host.GetClient().Channel.Endpoint!.ToString());
    }

    [Fact]
    public async Task MonitorReportsAChangeAndTheCircuitBreakersUseIt()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable).Configure(static options => options.CircuitBreaker.SuccessThreshold = 9),
            ($"{Section}:FailMax", "4"));
        var monitor = host.Services.GetRequiredService<IOptionsMonitor<ThriftClientOptions>>();
        var changes = new List<(string?, int, int)>();
        using var subscription = monitor.OnChange((options, name) => changes.Add((name, options.CircuitBreaker.FailMax, options.CircuitBreaker.SuccessThreshold)));

        host.Set($"{Section}:FailMax", "8");

        Assert.Equal([("Calculator", 8, 9)], changes);
        Assert.Equal((8, 8), (monitor.Get("Calculator").CircuitBreaker.FailMax, host.GetCircuitBreaker("Calculator").Options.FailMax));
    }

    [Theory]
    [InlineData("FailMax", "0")]
    [InlineData("Methods:slow:FailureRatio", "0.5")]
    [InlineData("Methods:unknown:FailMax", "1")]
    public async Task MonitorKeepsTheOptionsInForceAfterAWrongChange(string key, string value)
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable), ($"{Section}:SuccessThreshold", "4"));
        var monitor = host.Services.GetRequiredService<IOptionsMonitor<ThriftClientOptions>>();

        host.Set(($"{Section}:SuccessThreshold", "5"), ($"{Section}:{key}", value));
        Assert.Equal((4, 4), (monitor.Get("Calculator").CircuitBreaker.SuccessThreshold, host.GetCircuitBreaker("Calculator").Options.SuccessThreshold));

        host.Set($"{Section}:{key}", null);
        Assert.Equal((5, 5), (monitor.Get("Calculator").CircuitBreaker.SuccessThreshold, host.GetCircuitBreaker("Calculator").Options.SuccessThreshold));
    }

    /// <summary>The connections keep their CallTimeout, so a probe may not be shorter than that.</summary>
    [Fact]
    public async Task MonitorKeepsTheOptionsThatTheRunningEndpointsCanUse()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(new ThriftEndpoint("one", 1), new ThriftEndpoint("two", 2)),
            ($"{Section}:EndpointCircuitBreaker:FailMax", "4"));
        var monitor = host.Services.GetRequiredService<IOptionsMonitor<ThriftClientOptions>>();

        host.Set(($"{Section}:CallTimeout", "00:00:01"), ($"{Section}:EndpointCircuitBreaker:ProbeTimeout", "00:00:02"), ($"{Section}:EndpointCircuitBreaker:FailMax", "9"));
        Assert.Equal([4, 4, 4], GetFailMax());

        host.Set($"{Section}:EndpointCircuitBreaker:ProbeTimeout", null);
        Assert.Equal([9, 9, 9], GetFailMax());

        IEnumerable<int> GetFailMax() => host.GetClient().Channel.Endpoints.Select(static endpoint => endpoint.CircuitBreaker.Options.FailMax)
            .Prepend(monitor.Get("Calculator").EndpointCircuitBreaker.FailMax);
    }

    [Fact]
    public async Task ValidateOnStartStopsTheHostAndNamesTheKey()
    {
        using var host = TestHost.Build(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable), ($"{Section}:FailMax", "0"));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));

        Assert.Equal(("Calculator", typeof(ThriftClientOptions)), (error.OptionsName, error.OptionsType));
        Assert.Equal(["ThriftBreaker:Calculator:FailMax is '0': FailMax must be between 1 and 1,000,000."], error.Failures);
        Assert.Equal(error.Message, Assert.Throws<OptionsValidationException>(host.Services.GetRequiredService<IStartupValidator>().Validate).Message);
    }

    [Fact]
    public async Task ValidationOfTheUserStopsTheHost()
        => Assert.Equal(
            "Production requires more than 3 failures.",
            await TestHost.GetStartErrorAsync<OptionsValidationException>(static services =>
            {
                services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable);
                services.AddOptions<ThriftClientOptions>("Calculator").Validate(static options => options.CircuitBreaker.FailMax > 3, "Production requires more than 3 failures.");
            }));

    [Fact]
    public async Task ValueInCodeOutOfRangeStopsTheStart()
        => Assert.Equal(
            "The client 'Calculator' cannot be made of ThriftBreaker:Calculator and code: FailMax must be between 1 and 1,000,000.",
            await TestHost.GetStartErrorAsync<OptionsValidationException>(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable)
                .ConfigureCircuitBreakers(static options => options.FailMax = 0)));

    [Fact]
    public async Task MethodInCodeWithoutACircuitBreakerStopsTheStart()
        => Assert.Equal(
            "Methods[\"slou\"] of the client 'Calculator' sets a circuit breaker, but the client has none for a method 'slou'. Did you mean 'slow'? A method gets one by [CircuitBreakerMethod(…)] or Scope = CircuitBreakerScope.Method on the service.",
            await TestHost.GetStartErrorAsync<OptionsValidationException>(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable)
                .Configure(static options => options.Methods["slou"].FailMax = 1)));

    [Theory]
    [InlineData("Calculater")]
    [InlineData("calculator")]
    public async Task ActionForNoClientStopsTheStart(string name)
    {
        Assert.Equal(
            $"Configure of ThriftClientOptions with the name \"{name}\" applies to no client. Did you mean 'Calculator'? Pass the exact name of a client; there are: Calculator.",
            await TestHost.GetStartErrorAsync<OptionsValidationException>(services =>
            {
                services.Configure<ThriftClientOptions>(name, static options => options.CircuitBreaker.FailMax = 5);
                services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable);
            }));
    }

    [Fact]
    public async Task ActionWithoutANameStopsTheStart()
        => Assert.Equal(
            "PostConfigure of ThriftClientOptions without a name applies to no client. Pass the exact name of a client, or call PostConfigureAll; there are: Calculator.",
            await TestHost.GetStartErrorAsync<OptionsValidationException>(static services =>
            {
                services.PostConfigure<ThriftClientOptions>(static options => options.CircuitBreaker.FailMax = 5);
                services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable);
            }));

    public static TheoryData<string> Steps => [.. NamedSteps.Keys];

    /// <summary>Each way to register a step for options of a name, with up to five dependencies.</summary>
    private static Dictionary<string, Action<OptionsBuilder<ThriftClientOptions>>> NamedSteps { get; } = new()
    {
        ["Configure"] = static options => options.Configure(static _ => { }),
        ["Configure, 1 dependency"] = static options => options.Configure<TimeProvider>(static (_, _) => { }),
        ["Configure, 2 dependencies"] = static options => options.Configure<TimeProvider, TimeProvider>(static (_, _, _) => { }),
        ["Configure, 3 dependencies"] = static options => options.Configure<TimeProvider, TimeProvider, TimeProvider>(static (_, _, _, _) => { }),
        ["Configure, 4 dependencies"] = static options => options.Configure<TimeProvider, TimeProvider, TimeProvider, TimeProvider>(static (_, _, _, _, _) => { }),
        ["Configure, 5 dependencies"] = static options => options.Configure<TimeProvider, TimeProvider, TimeProvider, TimeProvider, TimeProvider>(static (_, _, _, _, _, _) => { }),
        ["PostConfigure"] = static options => options.PostConfigure(static _ => { }),
        ["PostConfigure, 1 dependency"] = static options => options.PostConfigure<TimeProvider>(static (_, _) => { }),
        ["PostConfigure, 2 dependencies"] = static options => options.PostConfigure<TimeProvider, TimeProvider>(static (_, _, _) => { }),
        ["PostConfigure, 3 dependencies"] = static options => options.PostConfigure<TimeProvider, TimeProvider, TimeProvider>(static (_, _, _, _) => { }),
        ["PostConfigure, 4 dependencies"] = static options => options.PostConfigure<TimeProvider, TimeProvider, TimeProvider, TimeProvider>(static (_, _, _, _, _) => { }),
        ["PostConfigure, 5 dependencies"] = static options => options.PostConfigure<TimeProvider, TimeProvider, TimeProvider, TimeProvider, TimeProvider>(static (_, _, _, _, _, _) => { }),
        ["Validate"] = static options => options.Validate(static _ => true),
        ["Validate, 1 dependency"] = static options => options.Validate<TimeProvider>(static (_, _) => true),
        ["Validate, 2 dependencies"] = static options => options.Validate<TimeProvider, TimeProvider>(static (_, _, _) => true),
        ["Validate, 3 dependencies"] = static options => options.Validate<TimeProvider, TimeProvider, TimeProvider>(static (_, _, _, _) => true),
        ["Validate, 4 dependencies"] = static options => options.Validate<TimeProvider, TimeProvider, TimeProvider, TimeProvider>(static (_, _, _, _, _) => true),
        ["Validate, 5 dependencies"] = static options => options.Validate<TimeProvider, TimeProvider, TimeProvider, TimeProvider, TimeProvider>(static (_, _, _, _, _, _) => true),
    };

    /// <summary>Names of options are case-sensitive, as those of all options and keyed services of .NET.</summary>
    [Theory]
    [MemberData(nameof(Steps))]
    public async Task StepForNoClientStopsTheStart(string step)
    {
        foreach (var name in new[] { "Calculater", "calculator" })
        {
            Assert.Equal(
                $"{step.Split(',')[0]} of ThriftClientOptions with the name \"{name}\" applies to no client. Did you mean 'Calculator'? Pass the exact name of a client; there are: Calculator.",
                await TestHost.GetStartErrorAsync<OptionsValidationException>(services => Add(services, name)));
        }

        using var host = await TestHost.StartAsync(services => Add(services, "Calculator"));

        void Add(IServiceCollection services, string name)
        {
            services.AddSingleton(TimeProvider.System);
            NamedSteps[step](services.AddOptions<ThriftClientOptions>(name));
            services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable);
        }
    }

    /// <summary>The stack of the user's action leads to the statement; the message alone names no line.</summary>
    [Fact]
    public async Task ErrorOfAnActionKeepsTheStackOfTheAction()
    {
        Action<IThriftClientBuilder>[] mistakes =
        [
            static client => client.Configure(static options => FailInTheAction(options.CircuitBreaker)),
            static client => client.Services.PostConfigure<ThriftClientOptions>(client.Name, static options => FailInTheAction(options.CircuitBreaker)),
            static client => client.ConfigureCircuitBreakers(FailInTheAction),
            static client => client.UseEndpoints(static _ => FailInTheSource()),
        ];
        foreach (var mistake in mistakes)
        {
            using var host = TestHost.Build(services => mistake(services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable)));

            var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));

            Assert.Matches("InTheAction|InTheSource", error.ToString());
            Assert.StartsWith($"{typeof(OptionsValidationException)}: {error.Message}{Environment.NewLine} ---> System.Argument", error.ToString(), StringComparison.Ordinal);
        }

        static IEndpointSource FailInTheSource() => throw new ArgumentException("The source has no address.");
    }

    private static void FailInTheAction(ThriftClientCircuitBreakerOptions options) => options.FailMax = 0;

    [Fact]
    public void ServiceSettingOutOfRangeThrowsWhereItIsAssigned()
    {
        var options = new ThriftClientOptions();

        Assert.Throws<ArgumentOutOfRangeException>("FailMax", () => options.CircuitBreaker.FailMax = 0);
        Assert.Throws<ArgumentOutOfRangeException>("CallTimeout", () => options.Channel.CallTimeout = TimeSpan.Zero);
        Assert.Throws<ArgumentOutOfRangeException>("Transport", () => options.Transport = (ThriftTransport)9);
        Assert.Throws<ArgumentException>("Service", () => options.Service = "a:b");
        Assert.Throws<ArgumentNullException>("method", () => options.Methods[null!]);
        Assert.Equal((5, 10), (options.CircuitBreaker.FailMax, options.Channel.CallTimeout.TotalSeconds));
    }

    /// <summary>A container may be built more than once from the same services.</summary>
    [Fact]
    public void TwoContainersOfTheSameServicesAreIndependent()
    {
        var services = new ServiceCollection();
        services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Unreachable);
        using var one = services.BuildServiceProvider(validateScopes: true);
        using var other = services.BuildServiceProvider(validateScopes: true);

        Assert.NotSame(one.GetRequiredService<MyService.CircuitBreakerClient>().CircuitBreaker, other.GetRequiredService<MyService.CircuitBreakerClient>().CircuitBreaker);
        using var scope = other.CreateScope();
        Assert.Equal(3, scope.ServiceProvider.GetRequiredService<IOptionsSnapshot<ThriftClientOptions>>().Get("MyService").CircuitBreaker.FailMax);
    }
}
