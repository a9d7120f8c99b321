using Circuit.Calculators;
using Circuit.Example;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>Who gets which client, and how long it lives.</summary>
public sealed class RegistrationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneLineAddsAClientThatCallsAServer()
    {
        await using var server = CalculatorServer.Start();
        using var host = await TestHost.StartAsync(services => services.AddThriftClient<Calculator.CircuitBreakerClient>("127.0.0.1", server.Port));

        var service = host.Services.GetRequiredService<Calculator.IAsync>();

        Assert.Equal("hello", await service.echo("hello", Token).WaitAsync(Deadline.Short, Token));
        Assert.Same(service, host.Services.GetRequiredService<Calculator.CircuitBreakerClient>());
    }

    [Fact]
    public async Task ClientsOfOneServiceAreToldApartByTheirKeys()
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
        Assert.Equal(["here", "here.slow", "there", "there.slow"], host.Services.GetRequiredService<IThriftClientRegistry>().All.SelectMany(static client => client.CircuitBreakers).Select(static circuit => circuit.Name));

        host.Circuit("here").Open();
        await Assert.ThrowsAsync<CircuitOpenException>(() => one.echo("lost", Token));
        Assert.Equal("found", await other.echo("found", Token).WaitAsync(Deadline.Short, Token));
    }

    [Fact]
    public async Task EachHasASectionOfItsOwn()
    {
        using var host = await TestHost.StartAsync(
            static services =>
            {
                services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("here", TestHost.Nowhere);
                services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("there");
            },
            ("ThriftBreaker:here:FailMax", "4"),
            ("ThriftBreaker:there:FailMax", "5"),
            ("ThriftBreaker:there:Endpoints", "there:9090"));

        Assert.Equal((4, 5), (host.Circuit("here").Options.FailMax, host.Circuit("there").Options.FailMax));
        Assert.Equal("there", host.Services.GetRequiredService<IThriftClientRegistry>().All[1].Channel.Endpoint!.Host);
    }

    [Fact]
    public async Task EndpointsCanComeFromASource()
    {
        await using var server = CalculatorServer.Start(new WireFormat(ThriftTransport.Framed, ThriftProtocol.Binary));
        using var host = await TestHost.StartAsync(
            services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Nowhere)
                .UseEndpoints((_, configured) => new DnsEndpointSource(configured(new ThriftEndpoint("127.0.0.1", server.Port)))),
            ("ThriftBreaker:Calculator:Transport", "Framed"));

        Assert.Equal("hello", await host.Services.GetRequiredService<Calculator.IAsync>().echo("hello", Token).WaitAsync(Deadline.Short, Token));
    }

    [Fact]
    public async Task ItsCircuitAndItsChannelAreThereUnderItsName()
    {
        await using var server = CalculatorServer.Start();
        var host = await TestHost.StartAsync(services =>
        {
            services.AddThriftClient<Calculator.CircuitBreakerClient>("127.0.0.1", server.Port);
            services.AddKeyedThriftClient<MethodByMethodCircuitBreakerClient>("by method", TestHost.Nowhere);
        });
        var channel = host.Services.GetRequiredKeyedService<ThriftChannel>("Calculator");

        Assert.Same(host.Services.GetRequiredService<Calculator.CircuitBreakerClient>().CircuitBreaker, host.Services.GetRequiredKeyedService<CircuitBreaker>("Calculator"));
        Assert.Same(host.Services.GetRequiredService<IThriftClientRegistry>().All[0].Channel, channel);
        Assert.Equal(
            "The client 'by method' has a circuit for each method and none for the service; IThriftClientRegistry lists them.",
            Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredKeyedService<CircuitBreaker>("by method")).Message);
        await host.Services.GetRequiredService<Calculator.IAsync>().ping(Token).WaitAsync(Deadline.Short, Token);

        // The container ends it once as the client's and once as its own.
        await ((IAsyncDisposable)host).DisposeAsync().AsTask().WaitAsync(Deadline.Short, Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Calculator.CircuitBreakerClient.Connect(channel).ping(Token));
    }

    [Fact]
    public async Task AClientOutlivesTheScopesThatAskForIt()
    {
        await using var server = CalculatorServer.Start();
        var all = new ServiceCollection();
        all.AddThriftClient<Calculator.CircuitBreakerClient>("127.0.0.1", server.Port);
        all.AddScoped<Visit>();
        await using var services = all.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });

        var seen = new HashSet<Calculator.IAsync>();
        for (var visit = 0; visit < 3; visit++)
        {
            await using var scope = services.CreateAsyncScope();
            var service = scope.ServiceProvider.GetRequiredService<Visit>().Service;
            Assert.Equal("hello", await service.echo("hello", Token).WaitAsync(Deadline.Short, Token));
            seen.Add(service);
        }

        Assert.Single(seen);
    }

    [Fact]
    public async Task TheClockIsTheContainersAndSoIsTheLog()
    {
        var time = new FakeTimeProvider();
        var log = new FakeLogger();
        using var host = await TestHost.StartAsync(services =>
        {
            services.AddSingleton<TimeProvider>(time).AddLogging(logging => logging.AddProvider(log));
            services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Nowhere);
        });

        host.Circuit("Calculator").Open();
        Assert.Equal(TimeSpan.FromSeconds(10), host.Circuit("Calculator").RetryAfter);
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(TimeSpan.Zero, host.Circuit("Calculator").RetryAfter);
        Assert.Same(time, host.Services.GetRequiredService<IThriftClientRegistry>().All[0].Channel.Options.TimeProvider);
        Assert.Contains(log.Lines, static line => line.Contains("Calculator", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ClientsOfTwoServicesStandSideBySide()
    {
        using var host = await TestHost.StartAsync(static services =>
        {
            services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Nowhere);
            services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Nowhere);
        });

        Assert.Equal(
            [("Calculator", typeof(Calculator.IAsync)), ("MyService", typeof(MyService.IAsync))],
            host.Services.GetRequiredService<IThriftClientRegistry>().All.Select(static client => (client.Name, client.ServiceType)));
    }

    [Fact]
    public void ANameIsGivenOnce()
    {
        var services = new ServiceCollection();
        services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Nowhere);

        var error = Assert.Throws<InvalidOperationException>(() => services.AddKeyedThriftClient<MyService.CircuitBreakerClient>("calculator", TestHost.Nowhere));

        Assert.Equal(
            "There is a client 'Calculator' already, of Circuit.Calculators.Calculator+IAsync. Give this one, of Circuit.Example.MyService+IAsync, a name of its own: AddKeyedThriftClient(\"…\", …).",
            error.Message);
    }

    [Theory]
    [InlineData(null, typeof(ArgumentNullException))]
    [InlineData(" ", typeof(ArgumentException))]
    [InlineData("a:b", typeof(ArgumentException))]
    public void ANameIsTheNameOfASection(string? name, Type error)
        => Assert.Throws(error, () => new ServiceCollection().AddKeyedThriftClient<MyService.CircuitBreakerClient>(name!, TestHost.Nowhere));

    [Fact]
    public void ANameThatAMarkGivesMustBeOneToo()
    {
        Assert.Equal(
            "The mark of Circuit.Example.INamedLikeAPath names its circuit 'orders:eu', and a client's name must not have a colon in it: it is the name of a section of the configuration. Give the mark another name, or add the client by AddKeyedThriftClient(\"…\", …).",
            Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddThriftClient<NamedLikeAPathCircuitBreakerClient>(TestHost.Nowhere)).Message);
    }

    [Theory]
    [InlineData("pipeline")]
    [InlineData("source of endpoints")]
    public async Task APartOfAClientThatWantsTheClientEndsTheStart(string part)
    {
        using var host = TestHost.Build(services =>
        {
            var client = services.AddThriftClient<Calculator.CircuitBreakerClient>();
            _ = part == "pipeline" ? client.UsePipeline(static provider => (ICallPipeline)provider.GetRequiredService<Calculator.IAsync>()) : client;
            _ = client.UseEndpoints(provider => part == "pipeline" ? new DnsEndpointSource(TestHost.Nowhere) : (IEndpointSource)provider.GetRequiredService<Calculator.IAsync>());
        });

        Assert.Equal(
            $"The {part} of the client 'Calculator' asks the container for this very client, which is made after it. Let it do without, or take a client of another name.",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Token).WaitAsync(Deadline.Short, Token))).Message);
    }

    [Fact]
    public async Task TheContainerEndsItsClients()
    {
        await using var server = CalculatorServer.Start();
        var host = await TestHost.StartAsync(services => services.AddThriftClient<Calculator.CircuitBreakerClient>("127.0.0.1", server.Port));
        var service = host.Services.GetRequiredService<Calculator.IAsync>();
        await service.ping(Token).WaitAsync(Deadline.Short, Token);

        await ((IAsyncDisposable)host).DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => service.ping(Token));
    }

    [Fact]
    public void WithoutAHostClientsAreMadeWhenTheyAreAskedFor()
    {
        var all = new ServiceCollection();
        all.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Nowhere);
        using var services = all.BuildServiceProvider();

        Assert.Equal(3, services.GetRequiredService<MyService.CircuitBreakerClient>().CircuitBreaker.Options.FailMax);
    }

    private sealed record Visit(Calculator.IAsync Service);

    private sealed record Caller(
        [FromKeyedServices("here")] Calculator.IAsync Here,
        [FromKeyedServices("there")] Calculator.IAsync There);
}
