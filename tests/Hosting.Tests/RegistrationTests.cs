using Circuit.Calculators;
using Circuit.Example;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>The registration and lifetime of clients.</summary>
public sealed class RegistrationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddThriftClientAddsAClientThatCallsTheServer()
    {
        await using var server = CalculatorServer.Start();
        using var host = await TestHost.StartAsync(services => services.AddThriftClient<Calculator.CircuitBreakerClient>("127.0.0.1", server.Port));

        var service = host.Services.GetRequiredService<Calculator.IAsync>();

        Assert.Equal("hello", await service.echo("hello", Token).WaitAsync(Deadline.Short, Token));
        Assert.Same(service, host.Services.GetRequiredService<Calculator.CircuitBreakerClient>());
    }

    [Fact]
    public async Task KeyedClientsOfOneServiceAreSeparate()
    {
        await using var here = CalculatorServer.Start();
        await using var there = CalculatorServer.Start();
        using var host = await TestHost.StartAsync(services =>
        {
            services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("here", "127.0.0.1", here.Port);
            services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("there", "127.0.0.1", there.Port);
            services.AddTransient<Caller>();
        });

        Assert.Equal(
            [("here", here.Port), ("there", there.Port)],
            host.Services.GetRequiredService<IThriftClientRegistry>().All.Select(static client => (client.Name, client.Channel.Endpoint!.Port)));
        var (one, other) = host.Services.GetRequiredService<Caller>();
        Assert.Same(host.Services.GetRequiredKeyedService<Calculator.CircuitBreakerClient>("here"), one);
        Assert.Same(host.Services.GetRequiredKeyedService<Calculator.CircuitBreakerClient>("there"), other);
        Assert.Equal(["here", "here.slow", "there", "there.slow"], host.Services.GetRequiredService<IThriftClientRegistry>().All.SelectMany(static client => client.CircuitBreakers).Select(static circuitBreaker => circuitBreaker.Name));

        host.GetCircuitBreaker("here").Open();
        await Assert.ThrowsAsync<CircuitOpenException>(() => one.echo("lost", Token));
        Assert.Equal("found", await other.echo("found", Token).WaitAsync(Deadline.Short, Token));
    }

    [Fact]
    public async Task KeyedClientsHaveTheirOwnSections()
    {
        using var host = await TestHost.StartAsync(
            static services =>
            {
                services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("here", TestHost.Unreachable);
                services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("there");
            },
            ("ThriftBreaker:here:FailMax", "4"),
            ("ThriftBreaker:there:FailMax", "5"),
            ("ThriftBreaker:there:Endpoints", "there:9090"));

        Assert.Equal((4, 5), (host.GetCircuitBreaker("here").Options.FailMax, host.GetCircuitBreaker("there").Options.FailMax));
        Assert.Equal("there", host.Services.GetRequiredService<IThriftClientRegistry>().All[1].Channel.Endpoint!.Host);
    }

    [Fact]
    public async Task UseEndpointsTakesEndpointsFromTheSource()
    {
        await using var server = CalculatorServer.Start(new WireFormat(ThriftTransport.Framed, ThriftProtocol.Binary));
        using var host = await TestHost.StartAsync(
            services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable)
                .UseEndpoints((_, configured) => new DnsEndpointSource(configured(new ThriftEndpoint("127.0.0.1", server.Port)))),
            ("ThriftBreaker:Calculator:Transport", "Framed"));

        Assert.Equal("hello", await host.Services.GetRequiredService<Calculator.IAsync>().echo("hello", Token).WaitAsync(Deadline.Short, Token));
    }

    [Fact]
    public async Task CircuitBreakerAndChannelAreKeyedServices()
    {
        await using var server = CalculatorServer.Start();
        var host = await TestHost.StartAsync(services =>
        {
            services.AddThriftClient<Calculator.CircuitBreakerClient>("127.0.0.1", server.Port);
            services.AddKeyedThriftClient<MethodByMethodCircuitBreakerClient>("by method", TestHost.Unreachable);
        });
        var channel = host.Services.GetRequiredKeyedService<ThriftChannel>("Calculator");

        Assert.Same(host.Services.GetRequiredService<Calculator.CircuitBreakerClient>().CircuitBreaker, host.Services.GetRequiredKeyedService<CircuitBreaker>("Calculator"));
        Assert.Same(host.Services.GetRequiredService<IThriftClientRegistry>().All[0].Channel, channel);
        Assert.Equal(
            "The client 'by method' has a circuit breaker for each method and none for the service; IThriftClientRegistry lists them.",
            Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredKeyedService<CircuitBreaker>("by method")).Message);
        await host.Services.GetRequiredService<Calculator.IAsync>().ping(Token).WaitAsync(Deadline.Short, Token);

        // The container disposes the channel twice: as a service, and with the client.
        await ((IAsyncDisposable)host).DisposeAsync().AsTask().WaitAsync(Deadline.Short, Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Calculator.CircuitBreakerClient.Connect(channel).ping(Token));
    }

    [Fact]
    public async Task ClientOutlivesScopes()
    {
        await using var server = CalculatorServer.Start();
        var all = new ServiceCollection();
        all.AddThriftClient<Calculator.CircuitBreakerClient>("127.0.0.1", server.Port);
        all.AddScoped<Visit>();
        await using var services = all.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });

        var clients = new HashSet<Calculator.IAsync>();
        for (var visit = 0; visit < 3; visit++)
        {
            await using var scope = services.CreateAsyncScope();
            var service = scope.ServiceProvider.GetRequiredService<Visit>().Service;
            Assert.Equal("hello", await service.echo("hello", Token).WaitAsync(Deadline.Short, Token));
            clients.Add(service);
        }

        Assert.Single(clients);
    }

    [Fact]
    public async Task ClockAndLogComeFromTheContainer()
    {
        var time = new FakeTimeProvider();
        var log = new FakeLogCollector();
        using var host = await TestHost.StartAsync(services =>
        {
            services.AddSingleton<TimeProvider>(time).AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(log)));
            services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable);
        });

        host.GetCircuitBreaker("Calculator").Open();
        Assert.Equal(TimeSpan.FromSeconds(10), host.GetCircuitBreaker("Calculator").RetryAfter);
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(TimeSpan.Zero, host.GetCircuitBreaker("Calculator").RetryAfter);
        Assert.Same(time, host.Services.GetRequiredService<IThriftClientRegistry>().All[0].Channel.Options.TimeProvider);
        Assert.Contains(log.GetSnapshot(), static entry => entry.Message.Contains("Calculator", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ClientsOfTwoServicesCanBeAdded()
    {
        using var host = await TestHost.StartAsync(static services =>
        {
            services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable);
            services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Unreachable);
        });

        Assert.Equal(
            [("Calculator", typeof(Calculator.IAsync)), ("MyService", typeof(MyService.IAsync))],
            host.Services.GetRequiredService<IThriftClientRegistry>().All.Select(static client => (client.Name, client.ServiceType)));
    }

    [Fact]
    public void AddThriftClientWithAnExistingNameThrows()
    {
        var services = new ServiceCollection();
        services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable);

        var error = Assert.Throws<InvalidOperationException>(() => services.AddKeyedThriftClient<MyService.CircuitBreakerClient>("calculator", TestHost.Unreachable));

        Assert.Equal(
            "There is a client 'Calculator' already, of Circuit.Calculators.Calculator+IAsync. Give this one, of Circuit.Example.MyService+IAsync, another name: AddKeyedThriftClient(\"…\", …).",
            error.Message);
    }

    [Theory]
    [InlineData(null, typeof(ArgumentNullException))]
    [InlineData(" ", typeof(ArgumentException))]
    [InlineData("a:b", typeof(ArgumentException))]
    public void AddKeyedThriftClientWithAnInvalidNameThrows(string? name, Type error)
        => Assert.Throws(error, () => new ServiceCollection().AddKeyedThriftClient<MyService.CircuitBreakerClient>(name!, TestHost.Unreachable));

    [Fact]
    public void AddThriftClientWithAColonInTheAttributesNameThrows()
    {
        Assert.Equal(
            "The attribute of Circuit.Example.INamedLikeAPath names its circuit breaker 'orders:eu', and a client's name must not have a colon in it: it is the name of a section of the configuration. Change the name in the attribute, or add the client by AddKeyedThriftClient(\"…\", …).",
            Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddThriftClient<NamedLikeAPathCircuitBreakerClient>(TestHost.Unreachable)).Message);
    }

    [Theory]
    [InlineData("pipeline")]
    [InlineData("source of endpoints")]
    [InlineData("configuration")]
    public async Task PartThatDependsOnItsClientStopsTheStart(string part)
    {
        using var host = TestHost.Build(services =>
        {
            var client = services.AddThriftClient<Calculator.CircuitBreakerClient>();
            _ = part == "configuration" ? client.Services.AddOptions<ThriftClientOptions>("Calculator").Configure<Calculator.IAsync>(static (_, _) => { }) : null;
            _ = part == "pipeline" ? client.UsePipeline(static provider => (ICallPipeline)provider.GetRequiredService<Calculator.IAsync>()) : client;
            _ = client.UseEndpoints(provider => part == "source of endpoints" ? (IEndpointSource)provider.GetRequiredService<Calculator.IAsync>() : new DnsEndpointSource(TestHost.Unreachable));
        });

        Assert.Equal(
            $"The {part} of the client 'Calculator' depends on this client, which is created after it. Remove the dependency, or use a client of another name.",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Token).WaitAsync(Deadline.Short, Token))).Message);
    }

    [Fact]
    public async Task ContainerDisposesItsClients()
    {
        await using var server = CalculatorServer.Start();
        var host = await TestHost.StartAsync(services => services.AddThriftClient<Calculator.CircuitBreakerClient>("127.0.0.1", server.Port));
        var service = host.Services.GetRequiredService<Calculator.IAsync>();
        await service.ping(Token).WaitAsync(Deadline.Short, Token);

        await ((IAsyncDisposable)host).DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => service.ping(Token));
    }

    [Fact]
    public void ClientWithoutAHostIsCreatedOnFirstUse()
    {
        var all = new ServiceCollection();
        all.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Unreachable);
        using var services = all.BuildServiceProvider();

        Assert.Equal(3, services.GetRequiredService<MyService.CircuitBreakerClient>().CircuitBreaker.Options.FailMax);
    }

    /// <summary>A test of an app replaces the service by a fake, and has no server and no settings.</summary>
    [Theory]
    [InlineData(ServiceLifetime.Singleton)]
    [InlineData(ServiceLifetime.Scoped)]
    [InlineData(ServiceLifetime.Transient)]
    public async Task HostStartsWithoutAnEndpointIfTheServiceIsReplaced(ServiceLifetime lifetime)
    {
        using var host = await TestHost.StartAsync(
            services =>
            {
                services.AddThriftClient<MyService.CircuitBreakerClient>();
                services.AddKeyedThriftClient<MyService.CircuitBreakerClient>("reports").WithFallback<FakeService>();
                services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Unreachable);
                services.AddHealthChecks().AddThriftBreakers();
                services.Add(new ServiceDescriptor(typeof(MyService.IAsync), typeof(FakeService), lifetime));
                services.Add(new ServiceDescriptor(typeof(MyService.IAsync), "reports", typeof(FakeService), lifetime));
            },
            ("ThriftBreaker:MyService:FailMax", "4"));

        await using var scope = host.Services.CreateAsyncScope();
        Assert.IsType<FakeService>(scope.ServiceProvider.GetRequiredService<MyService.IAsync>());
        Assert.IsType<FakeService>(scope.ServiceProvider.GetRequiredKeyedService<MyService.IAsync>("reports"));
        Assert.Equal("Calculator", host.GetClient().Name);
        Assert.Equal(HealthStatus.Healthy, (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token)).Status);
        Assert.StartsWith(
            "The client 'MyService' has no endpoint",
            Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<MyService.CircuitBreakerClient>()).Message,
            StringComparison.Ordinal);
    }

    /// <summary>A decorator is another implementation that still calls the client.</summary>
    [Fact]
    public async Task ServiceThatDependsOnAClientWithoutAnEndpointStopsTheStart()
        => Assert.StartsWith(
            "The client 'MyService' has no endpoint",
            await TestHost.GetStartErrorAsync<OptionsValidationException>(static services =>
            {
                services.AddThriftClient<MyService.CircuitBreakerClient>();
                services.AddSingleton<MyService.IAsync>(static provider => new Decorator(provider.GetRequiredService<MyService.CircuitBreakerClient>()));
            }),
            StringComparison.Ordinal);

    /// <summary>A wrong setting is a mistake of the app, also in a test with a fake.</summary>
    [Fact]
    public async Task WrongSettingOfAReplacedServiceStopsTheStart()
        => Assert.Equal(
            "ThriftBreaker:MyService:FailMax is '0': FailMax must be between 1 and 1,000,000.",
            await TestHost.GetStartErrorAsync<OptionsValidationException>(
                static services =>
                {
                    services.AddThriftClient<MyService.CircuitBreakerClient>();
                    services.AddSingleton<MyService.IAsync, FakeService>();
                },
                ("ThriftBreaker:MyService:FailMax", "0")));

    private sealed class Decorator(MyService.IAsync inner) : MyService.IAsync
    {
        public Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default) => inner.doSomething(request, cancellationToken);
    }

    private sealed class FakeService : MyService.IAsync, IAsyncDisposable
    {
        public Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default) => Task.FromResult(new Response { Success = true });

        public ValueTask DisposeAsync() => default;
    }

    private sealed record Visit(Calculator.IAsync Service);

    private sealed record Caller(
        [FromKeyedServices("here")] Calculator.IAsync Here,
        [FromKeyedServices("there")] Calculator.IAsync There);
}
