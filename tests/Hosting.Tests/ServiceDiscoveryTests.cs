using Circuit.Calculators;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Thrift.Transport;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>Microsoft.Extensions.ServiceDiscovery finds the servers, here in the configuration.</summary>
public sealed class ServiceDiscoveryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DiscoveryNamesServersAndTheSectionTheirTransport()
    {
        await using var server = CalculatorServer.Start(new WireFormat(ThriftTransport.Framed, ThriftProtocol.Compact));
        using var host = await StartAsync(
            static client => client.UseServiceDiscovery("calculator", static endpoint => endpoint with { Protocol = ThriftProtocol.Compact }),
            ("Services:calculator:default:0", $"127.0.0.1:{server.Port}"),
            ("ThriftBreaker:Calculator:Transport", "Framed"),
            ("ThriftBreaker:Calculator:Protocol", "Json"));

        Assert.Equal("hello", await EchoAsync(host, "hello"));

        Assert.Equal([$"127.0.0.1:{server.Port} (framed, compact)"], GetEndpoints(host));
    }

    [Fact]
    public async Task ChangeAppliesWhileCallsRun()
    {
        var first = CalculatorServer.Start();
        await using var second = CalculatorServer.Start();
        using var host = await StartAsync(static client => client.UseServiceDiscovery("calculator"), ("Services:calculator:default:0", $"127.0.0.1:{first.Port}"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Assert.Equal("hello", await EchoAsync(host, "hello"));
        var calls = Task.Run(
            async () =>
            {
                for (var call = 0; !stop.IsCancellationRequested; call++)
                {
                    Assert.Equal($"{call}", await EchoAsync(host, $"{call}"));
                }
            },
            Token);

        foreach (var server in new[] { second, first, second })
        {
            host.Set("Services:calculator:default:0", $"127.0.0.1:{server.Port}");
            await Deadline.UntilAsync(() => GetEndpoints(host).SequenceEqual([$"127.0.0.1:{server.Port} (buffered, binary)"]), "the list has changed");
        }

        await first.DisposeAsync();
        Assert.Equal("still there", await EchoAsync(host, "still there"));
        await stop.CancelAsync();
        await calls.WaitAsync(Deadline.Short, Token);
    }

    [Fact]
    public async Task RemainingServerKeepsItsCircuitBreaker()
    {
        using var host = await StartAsync(static client => client.UseServiceDiscovery("calculator"), ("Services:calculator:default:0", "127.0.0.1:1"));
        await Assert.ThrowsAsync<TTransportException>(() => EchoAsync(host, "lost"));
        var circuitBreaker = GetChannel(host).Endpoints[0].CircuitBreaker;

        host.Set("Services:calculator:default:1", "127.0.0.1:2");
        await Deadline.UntilAsync(() => GetChannel(host).Endpoints.Count == 2, "the list has changed");

        Assert.Same(circuitBreaker, GetChannel(host).Endpoints[0].CircuitBreaker);
        Assert.Equal(1, circuitBreaker.FailureCount);
    }

    [Fact]
    public async Task NamedEndpointOfAServiceIsFound()
    {
        await using var server = CalculatorServer.Start();
        using var host = await StartAsync(
            static client => client.UseServiceDiscovery("_thrift.calculator"),
            ("Services:calculator:default:0", "http://127.0.0.1:1"),
            ("Services:calculator:thrift:0", $"tcp://127.0.0.1:{server.Port}"));

        Assert.Equal("hello", await EchoAsync(host, "hello"));
    }

    [Fact]
    public async Task UnknownServiceFailsTheCall()
    {
        using var host = await StartAsync(static client => client.UseServiceDiscovery("calculator"));

        var error = await Assert.ThrowsAsync<TTransportException>(() => EchoAsync(host, "lost"));

        Assert.StartsWith("No endpoints from service discovery for 'calculator': ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "is not a host and a port. Configure the service, as Services:calculator:default:0 = host:port, or register a provider of service discovery that finds it.",
            error.Message,
            StringComparison.Ordinal);
    }

    /// <summary>A password in the wrong place must not reach the exception of a call.</summary>
    [Theory]
    [InlineData("Server=one;Password=hunter2")]
    [InlineData("hunter2")]
    public async Task MessageDoesNotRepeatASecret(string secret)
    {
        using var host = await StartAsync(static client => client.UseServiceDiscovery("calculator"), ("Services:calculator:default:0", secret));

        var error = await Assert.ThrowsAnyAsync<Exception>(() => EchoAsync(host, "lost"));

        Assert.DoesNotContain("hunter2", $"{error.Message} {error.InnerException?.Message}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongChangeKeepsTheLastList()
    {
        await using var server = CalculatorServer.Start();
        using var host = await StartAsync(static client => client.UseServiceDiscovery("calculator"), ("Services:calculator:default:0", $"127.0.0.1:{server.Port}"));
        Assert.Equal("hello", await EchoAsync(host, "hello"));

        host.Set("Services:calculator:default:0", "127.0.0.1");
        await Deadline.UntilAsync(() => GetChannel(host).SourceException is not null, "the mistake is noticed");

        Assert.Equal("still there", await EchoAsync(host, "still there"));
    }

    [Fact]
    public async Task MissingServiceDiscoveryStopsTheStart()
    {
        using var host = TestHost.Build(static services => services.AddThriftClient<Calculator.CircuitBreakerClient>().UseServiceDiscovery("calculator"));

        Assert.Equal(
            "The client 'Calculator' requires service discovery for its endpoints, which has not been added: call builder.Services.AddServiceDiscovery().",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Token))).Message);
    }

    [Fact]
    public async Task WrongSettingStopsTheStart()
    {
        using var host = TestHost.Build(
            static services => services.AddServiceDiscovery().AddThriftClient<Calculator.CircuitBreakerClient>().UseServiceDiscovery("calculator"),
            ("ThriftBreaker:Calculator:Transport", "Frammed"));

        Assert.Equal(
            "ThriftBreaker:Calculator:Transport must be one of Buffered, Framed, Raw.",
            (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token))).Message);
    }

    [Theory]
    [InlineData(null, typeof(ArgumentNullException))]
    [InlineData(" ", typeof(ArgumentException))]
    [InlineData("http://", typeof(ArgumentException))]
    public void UseServiceDiscoveryWithAnInvalidNameThrows(string? service, Type error)
        => Assert.Throws(error, () => new ServiceCollection().AddThriftClient<Calculator.CircuitBreakerClient>().UseServiceDiscovery(service!));

    private static Task<IHost> StartAsync(Action<IThriftClientBuilder> configure, params (string Key, string? Value)[] settings)
        => TestHost.StartAsync(services => configure(services.AddServiceDiscovery().AddThriftClient<Calculator.CircuitBreakerClient>()), settings);

    private static Task<string> EchoAsync(IHost host, string text)
        => host.Services.GetRequiredService<Calculator.IAsync>().echo(text, Token).WaitAsync(Deadline.Short, Token);

    private static ThriftChannel GetChannel(IHost host) => host.GetClient().Channel;

    private static IEnumerable<string> GetEndpoints(IHost host) => GetChannel(host).Endpoints.Select(static endpoint => endpoint.Endpoint.ToString());
}
