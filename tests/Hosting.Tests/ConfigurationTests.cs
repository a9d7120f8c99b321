using Circuit.Calculators;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>
/// Settings come from the attribute, the configuration and code. An error stops the start of the host with a message
/// that names the key.
/// </summary>
public sealed class ConfigurationTests
{
    private const string Section = "ThriftBreaker:Calculator";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "FailMax", "0", "ThriftBreaker:Calculator:FailMax is '0': FailMax must be between 1 and 1,000,000." },
        { "FailMax", "many", "ThriftBreaker:Calculator:FailMax must be a whole number." },
        { "FailureRatio", "half", "ThriftBreaker:Calculator:FailureRatio must be a number, as 0.5." },
        { "ResetTimeout", "10", "ThriftBreaker:Calculator:ResetTimeout must be a time: hours, minutes and seconds, as 00:00:10 or 00:00:00.5." },
        { "ThrowOnTrip", "1", "ThriftBreaker:Calculator:ThrowOnTrip must be true or false." },
        { "Mode", "2", "ThriftBreaker:Calculator:Mode must be one of Auto, Isolated, Disabled, ReportOnly." },
        { "CallTimeout", "00:00:00", "ThriftBreaker:Calculator:CallTimeout is '00:00:00': CallTimeout must be greater than zero and at most 24 days." },
        { "Failmacks", "3", "ThriftBreaker:Calculator:Failmacks is not a setting of a client. Correct the key, or take it out." },
        { "FailMaxx", "3", "ThriftBreaker:Calculator:FailMaxx is not a setting of a client. Did you mean 'FailMax'? Correct the key, or take it out." },
        { "Methods:slow:FailMaxx", "3", "ThriftBreaker:Calculator:Methods:slow:FailMaxx is not a setting of a circuit breaker. Did you mean 'FailMax'? Correct the key, or take it out." },
        { "ResetTimeoutSeconds", "10", "ThriftBreaker:Calculator:ResetTimeoutSeconds is not a setting of a client. Did you mean 'ResetTimeout', with a time, as 00:00:10? Correct the key, or take it out." },
        { "callTimeoutMs", "10", "ThriftBreaker:Calculator:callTimeoutMs is not a setting of a client. Did you mean 'CallTimeout', with a time, as 00:00:10? Correct the key, or take it out." },
        { "Methods:slow:ProbeTimeoutSeconds", "9", "ThriftBreaker:Calculator:Methods:slow:ProbeTimeoutSeconds is not a setting of a circuit breaker. Did you mean 'ProbeTimeout', with a time, as 00:00:10? Correct the key, or take it out." },
        { "Exclude:0", "NotFound", "ThriftBreaker:Calculator:Exclude is not a setting of a client. It can be set in code only. Correct the key, or take it out." },
        { "Idempotent", "true", "ThriftBreaker:Calculator:Idempotent is not a setting of a client. It can be set in the attribute only. Correct the key, or take it out." },
        { "CircuitBreaker:FailMax", "3", "ThriftBreaker:Calculator:CircuitBreaker is not a setting of a client. Its settings have no section of their own: they belong beside CircuitBreaker. Correct the key, or take it out." },
        { "Methods:slow:FailMax", "0", "ThriftBreaker:Calculator:Methods:slow:FailMax is '0': FailMax must be between 1 and 1,000,000." },
        {
            "Methods:slou:FailMax", "3",
            "ThriftBreaker:Calculator:Methods:slou sets a circuit breaker, but the client has none for a method 'slou'. Did you mean 'slow'? A method gets one by [CircuitBreakerMethod(…)] or Scope = CircuitBreakerScope.Method on the service."
        },
        { "EndpointCircuitBreaker:FailMax", "0", "ThriftBreaker:Calculator:EndpointCircuitBreaker:FailMax is '0': FailMax must be between 1 and 1,000,000." },
        { "FailMax:Value", "3", "ThriftBreaker:Calculator:FailMax:Value is not a setting of a client: FailMax has a value, and nothing below it. Take it out." },
        { "Methods", "3", "ThriftBreaker:Calculator:Methods must be a section with settings below it, as ThriftBreaker:Calculator:Methods:doSomething:FailMax, and has a value." },
        { "Methods:slow", "3", "ThriftBreaker:Calculator:Methods:slow must be a section with settings below it, as ThriftBreaker:Calculator:Methods:slow:FailMax, and has a value." },
        { "EndpointCircuitBreaker", "3", "ThriftBreaker:Calculator:EndpointCircuitBreaker must be a section with settings below it, as ThriftBreaker:Calculator:EndpointCircuitBreaker:FailMax, and has a value." },
        { "EndpointCircuitBreakers:FailMax", "3", "ThriftBreaker:Calculator:EndpointCircuitBreakers is not a setting of a client. Did you mean 'EndpointCircuitBreaker'? Correct the key, or take it out." },
        { "EndpointCircuitBreaker:CallTimeout", "0", "ThriftBreaker:Calculator:EndpointCircuitBreaker:CallTimeout is not a setting of a circuit breaker. It can be set in the attribute only. Correct the key, or take it out." },
        {
            "FailureRatio", "0.5",
            "The settings of the circuit breaker 'Calculator', of its attribute, ThriftBreaker:Calculator and code together, contradict each other: " + TestHost.RatioWithoutWindow
        },
        { "EndpointCircuitBreaker:FailureRatio", "0.5", "The channel of the client 'Calculator' cannot be made of ThriftBreaker:Calculator and code: " + TestHost.RatioWithoutWindow },
        { "MinIdleConnections", "101", "The channel of the client 'Calculator' cannot be made of ThriftBreaker:Calculator and code: MinIdleConnections must be at most MaxConnections." },
    };

    [Fact]
    public async Task SettingsComeFromAttributeThenConfigurationThenCode()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable)
                .ConfigureCircuitBreakers(static options => options.SuccessThreshold = 5)
                .ConfigureCircuitBreakers(static options => options.SuccessThreshold = options.SuccessThreshold + 1)
                .ConfigureChannel(static options => options.MaxConnections = 7),
            ($"{Section}:SuccessThreshold", "2"),
            ($"{Section}:ResetTimeout", "00:00:00.5"),
            ($"{Section}:mode", "reportonly"),
            ($"{Section}:MaxConnections", "6"),
            ($"{Section}:TcpKeepAliveTime", "00:00:00"),
            ($"{Section}:TcpKeepAliveInterval", "00:00:02"),
            ($"{Section}:TcpKeepAliveRetryCount", "4"),
            ($"{Section}:CallTimeout", "00:00:02"));

        var circuitBreaker = host.GetCircuitBreaker("Calculator").Options;
        var channel = host.GetClient().Channel.Options;
        Assert.Equal((3, TimeSpan.FromSeconds(0.5), 6, CircuitMode.ReportOnly), (circuitBreaker.FailMax, circuitBreaker.ResetTimeout, circuitBreaker.SuccessThreshold, circuitBreaker.Mode));
        Assert.Equal((7, TimeSpan.FromSeconds(2)), (channel.MaxConnections, channel.CallTimeout));
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(2), 4), (channel.TcpKeepAliveTime, channel.TcpKeepAliveInterval, channel.TcpKeepAliveRetryCount));
    }

    [Fact]
    public async Task MethodSectionAppliesToItsCircuitBreakerOnly()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable),
            ($"{Section}:FailMax", "4"),
            ($"{Section}:ResetTimeout", "00:00:20"),
            ($"{Section}:Methods:slow:FailMax", "2"));

        Assert.Equal((4, 20), Settings("Calculator"));
        Assert.Equal((2, 20), Settings("Calculator.slow"));

        (int, double) Settings(string name) => (host.GetCircuitBreaker(name).Options.FailMax, host.GetCircuitBreaker(name).Options.ResetTimeout.TotalSeconds);
    }

    /// <summary>Environment variables are often in upper case.</summary>
    [Fact]
    public async Task KeysAreCaseInsensitive()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(), ("THRIFTBREAKER:CALCULATOR:METHODS:SLOW:FAILMAX", "2"), ("THRIFTBREAKER:CALCULATOR:ENDPOINTS", "one:9090"));

        Assert.Equal(2, host.GetCircuitBreaker("Calculator.slow").Options.FailMax);
        Assert.Equal("one", host.GetClient().Channel.Endpoint!.Host);
    }

    [Fact]
    public async Task EndpointsCanComeFromTheConfiguration()
    {
        await using var server = CalculatorServer.Start(new WireFormat(ThriftTransport.Framed, ThriftProtocol.Compact));
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(),
            ($"{Section}:Endpoints:0", $"127.0.0.1:{server.Port}"),
            ($"{Section}:Transport", "Framed"),
            ($"{Section}:Protocol", "Compact"));

        Assert.Equal("hello", await host.Services.GetRequiredService<Calculator.IAsync>().echo("hello", Token).WaitAsync(Deadline.Short, Token));
    }

    [Theory]
    [InlineData("localhost:9090", "localhost:9090 (buffered, binary)")]
    [InlineData("[::1]:9090", "[::1]:9090 (buffered, binary)")]
    [InlineData("unix:/run/orders.sock", "unix:/run/orders.sock (buffered, binary)")]
    [InlineData("PIPE:orders", "pipe:orders (buffered, binary)")]
    public async Task EndpointTextIsParsed(string text, string endpoint)
    {
        using var host = await TestHost.StartAsync(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(), ($"{Section}:Endpoints", text));

        Assert.Equal(endpoint, host.GetClient().Channel.Endpoint!.ToString());
    }

    [Fact]
    public async Task SeveralEndpointsHaveTheSettingsOfTheSection()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(),
            ($"{Section}:Endpoints:0", "one:9090"),
            ($"{Section}:Endpoints:1", "two:9090"),
            ($"{Section}:Service", "calc"),
            ($"{Section}:Tls", "true"),
            ($"{Section}:AllOpenBehavior", "TryNextAvailable"),
            ($"{Section}:EndpointCircuitBreaker:FailMax", "2"));

        var channel = host.GetClient().Channel;
        Assert.Equal(
            [("one:9090 (buffered, binary, service calc, TLS)", 2), ("two:9090 (buffered, binary, service calc, TLS)", 2)],
            channel.Endpoints.Select(static endpoint => (endpoint.Endpoint.ToString(), endpoint.CircuitBreaker.Options.FailMax)));
        Assert.Equal(AllOpenBehavior.TryNextAvailable, channel.Options.AllOpenBehavior);
    }

    [Fact]
    public async Task EndpointsInCodeOverrideThoseOfTheConfiguration()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>("code", 9090), ($"{Section}:Endpoints:0", "configuration:9090"));

        Assert.Equal("code", host.GetClient().Channel.Endpoint!.Host);
        Assert.Equal(
            "ThriftBreaker:Calculator:Endpoints:0 must be host:port, unix:/path or pipe:name.",
            await TestHost.GetStartErrorAsync(($"{Section}:Endpoints:0", "localhost")));
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task WrongSettingStopsTheStartAndNamesTheKey(string key, string value, string message)
        => Assert.Equal(message, await TestHost.GetStartErrorAsync(($"{Section}:{key}", value)));

    [Theory]
    [InlineData("localhost", "ThriftBreaker:Calculator:Endpoints:0 must be host:port, unix:/path or pipe:name.")]
    [InlineData(":9090", "ThriftBreaker:Calculator:Endpoints:0 must be host:port, unix:/path or pipe:name.")]
    [InlineData("::1:9090", "ThriftBreaker:Calculator:Endpoints:0 must be host:port, unix:/path or pipe:name; an IPv6 address stands in brackets, as [::1]:9090.")]
    [InlineData("[[::1]]:9090", "ThriftBreaker:Calculator:Endpoints:0: The host must be a host name or an IP address.")]
    [InlineData("[localhost]:9090", "ThriftBreaker:Calculator:Endpoints:0: The host must be a host name or an IP address.")]
    [InlineData("http://user:secret@localhost:9090", "ThriftBreaker:Calculator:Endpoints:0: The host must be a host name or an IP address, without a scheme. For a server over HTTP, use ThriftEndpoint.Http.")]
    [InlineData("local host:9090", "ThriftBreaker:Calculator:Endpoints:0: The host must be a host name or an IP address.")]
    [InlineData("localhost:70000", "ThriftBreaker:Calculator:Endpoints:0: A TCP port must be between 1 and 65535.")]
    public async Task InvalidEndpointStopsTheStart(string text, string message)
    {
        using var host = TestHost.Build(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(), ($"{Section}:Endpoints:0", text));

        Assert.Equal(message, (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token))).Message);
    }

    /// <summary>A client whose Tls setting is ignored would connect without encryption.</summary>
    [Theory]
    [InlineData("Tls", "true")]
    [InlineData("tls", "true")]
    [InlineData("Transport", "Framed")]
    [InlineData("Protocol", "Compact")]
    [InlineData("Service", "calc")]
    public async Task EndpointSettingForEndpointsInCodeStopsTheStart(string key, string value)
    {
        Assert.Equal(Message("AddThriftClient"), await TestHost.GetStartErrorAsync(($"{Section}:{key}", value)));

        using var host = TestHost.Build(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>().UseEndpoints(static _ => new DnsEndpointSource(TestHost.Unreachable)), ($"{Section}:{key}", value));
        Assert.Equal(Message("UseEndpoints"), (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token))).Message);

        string Message(string place)
            => $"{Section}:{key} would be ignored: {place} names the endpoints of the client 'Calculator', with their transport and protocol. Set it there, or name the endpoints in {Section}:Endpoints.";
    }

    /// <summary>The same settings in code, which a source with its own transport and protocol ignores too.</summary>
    [Theory]
    [InlineData("Tls")]
    [InlineData("Transport")]
    [InlineData("Protocol")]
    [InlineData("Service")]
    public async Task EndpointOptionInCodeForASourceInCodeStopsTheStart(string option)
    {
        using var host = TestHost.Build(services =>
        {
            services.AddThriftClient<Calculator.CircuitBreakerClient>().UseEndpoints(static _ => new DnsEndpointSource(TestHost.Unreachable));
            services.Configure<ThriftClientOptions>("Calculator", options =>
            {
                options.Tls = option == "Tls" ? new ThriftTlsOptions() : null;
                options.Transport = option == "Transport" ? ThriftTransport.Framed : null;
                options.Protocol = option == "Protocol" ? ThriftProtocol.Compact : null;
                options.Service = option == "Service" ? "calc" : null;
            });
        });

        Assert.StartsWith(
            $"{option} of the options would be ignored: UseEndpoints names the endpoints of the client 'Calculator'",
            (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChannelSettingInCodeOutOfRangeStopsTheStart()
    {
        using var host = TestHost.Build(static services =>
            services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable).ConfigureChannel(static options => options.CallTimeout = TimeSpan.Zero));

        Assert.Equal(
            "The channel of the client 'Calculator' cannot be made of ThriftBreaker:Calculator and code: CallTimeout must be greater than zero and at most 24 days.",
            (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token))).Message);
    }

    /// <summary>A password in the wrong place must not reach a log.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(":FailMax")]
    [InlineData(":FailureRatio")]
    [InlineData(":ResetTimeout")]
    [InlineData(":ThrowOnTrip")]
    [InlineData(":Mode")]
    [InlineData(":CallTimeout")]
    [InlineData(":MaxConnections")]
    [InlineData(":AllOpenBehavior")]
    [InlineData(":Tls")]
    [InlineData(":Transport")]
    [InlineData(":Service")]
    [InlineData(":Endpoints")]
    [InlineData(":Endpoints:1")]
    [InlineData(":Methods")]
    [InlineData(":Methods:slow")]
    [InlineData(":Methods:slow:FailMax")]
    [InlineData(":Methods:none:FailMax")]
    [InlineData(":EndpointCircuitBreaker")]
    [InlineData(":EndpointCircuitBreaker:Jitter")]
    [InlineData(":Password")]
    [InlineData(":FailMax:Password")]
    public async Task MessageDoesNotRepeatASecret(string key)
    {
        string[] secrets = ["hunter2:x", "user:hunter2@host:1", "unix:/" + string.Concat(Enumerable.Repeat("hunter2", 40)), "Server=one:1;Password=hunter2"];
        var log = new FakeLogCollector();
        foreach (var secret in secrets)
        {
            using var stopped = TestHost.Build(AddClient, ($"{Section}{key}", secret), ($"{Section}:Endpoints:0", "one:1"));
            var error = await Assert.ThrowsAsync<OptionsValidationException>(() => stopped.StartAsync(Token));
            Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);

            using var running = await TestHost.StartAsync(AddClient, ($"{Section}:Endpoints:0", "one:1"));
            log.Clear();
            running.Set($"{Section}{key}", secret);
            Assert.Equal(LogLevel.Error, Assert.Single(log.GetSnapshot()).Level);
            Assert.DoesNotContain("hunter2", $"{log.LatestRecord.Message} {log.LatestRecord.Exception}", StringComparison.Ordinal);
        }

        void AddClient(IServiceCollection services)
        {
            services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(log)));
            services.AddThriftClient<Calculator.CircuitBreakerClient>();
        }
    }

    /// <summary>A file can remove the value of another file with null.</summary>
    [Fact]
    public async Task NullValueIsIgnored()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable),
            ($"{Section}:FailMax", null),
            ($"{Section}:FailMaxx", null),
            ($"{Section}:Tls", null),
            ($"{Section}:Endpoints:0", null),
            ($"{Section}:EndpointCircuitBreaker", null),
            ($"{Section}:Methods:slow", null),
            ($"{Section}:Methods:none", null),
            ("ThriftBreaker:Unknown", null));

        Assert.Equal(3, host.GetCircuitBreaker("Calculator").Options.FailMax);
    }

    /// <summary>The text of a variable that is not set must not turn encryption off.</summary>
    [Fact]
    public async Task EmptyTextStopsTheStart()
    {
        using var host = TestHost.Build(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(), ($"{Section}:Endpoints", "one:1"), ($"{Section}:Tls", ""));

        Assert.Equal("ThriftBreaker:Calculator:Tls is empty, and must be true or false.", (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token))).Message);
    }

    [Fact]
    public async Task ClientWithoutEndpointStopsTheStart()
    {
        using var host = TestHost.Build(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>());

        Assert.Equal(
            "The client 'Calculator' has no endpoint: name it in AddThriftClient, or in the configuration, as ThriftBreaker:Calculator:Endpoints:0 = host:port.",
            (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token))).Message);
    }

    [Fact]
    public async Task EmptyEndpointListStopsTheStart()
    {
        using var host = TestHost.Build(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(), ($"{Section}:Endpoints", ""));

        Assert.StartsWith(
            "The client 'Calculator' has no endpoint", (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ValueInsteadOfTheSectionStopsTheStart()
        => Assert.Equal(
            "ThriftBreaker:Calculator must be a section with settings below it, as ThriftBreaker:Calculator:FailMax, and has a value.", await TestHost.GetStartErrorAsync((Section, "off")));

    [Fact]
    public async Task SectionOfNoClientStopsTheStart()
        => Assert.Equal(
            "ThriftBreaker:Calculater is the section of no client. Did you mean 'Calculator'? Add the client with AddThriftClient, or take the section out; there are: Calculator.",
            await TestHost.GetStartErrorAsync(("ThriftBreaker:Calculater:FailMax", "3")));
}
