using Circuit.Calculators;
using Circuit.Example;
using Microsoft.Extensions.DependencyInjection;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>A fallback answers the calls that a client's circuit breaker rejects.</summary>
public sealed class FallbackTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FallbackClassAnswersRejectedCallsOnly()
    {
        using var host = await TestHost.StartAsync(static services => services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Unreachable).WithFallback<CountingFallback>());
        var service = host.Services.GetRequiredService<MyService.IAsync>();

        await Assert.ThrowsAnyAsync<Exception>(() => service.doSomething(new Request(), Token).WaitAsync(Deadline.Short, Token));
        host.GetCircuitBreaker("MyService").Open();

        Assert.True((await service.doSomething(new Request(), Token)).Success);
        Assert.Equal(1, host.Services.GetRequiredService<CountingFallback>().Answers);
    }

    [Fact]
    public async Task RegisteredFallbackIsUsed()
    {
        var registered = new CountingFallback();
        using var host = await TestHost.StartAsync(services =>
        {
            services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Unreachable).WithFallback<CountingFallback>();
            services.AddSingleton(registered);
        });
        host.GetCircuitBreaker("MyService").Open();

        await host.Services.GetRequiredService<MyService.IAsync>().doSomething(new Request(), Token);

        Assert.Equal(1, registered.Answers);
    }

    [Fact]
    public async Task ClientOfASecondServerCanBeTheFallback()
    {
        await using var second = CalculatorServer.Start();
        using var host = await TestHost.StartAsync(services =>
        {
            services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("first", TestHost.Unreachable)
                .WithFallback(static provider => provider.GetRequiredKeyedService<Calculator.IAsync>("second"));
            services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("second", "127.0.0.1", second.Port);
        });
        host.GetCircuitBreaker("first").Open();

        Assert.Equal("hello", await host.Services.GetRequiredKeyedService<Calculator.IAsync>("first").echo("hello", Token).WaitAsync(Deadline.Short, Token));
    }

    [Fact]
    public async Task FallbackOfAnotherServiceStopsTheStart()
        => Assert.Equal(
            "The client 'MyService' cannot be made: The fallback must implement Circuit.Example.MyService+IAsync, and System.String does not.",
            await TestHost.GetStartErrorAsync<InvalidOperationException>(static services => services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Unreachable).WithFallback(static _ => "no service")));

    [Fact]
    public async Task FallbackThatDependsOnItsClientStopsTheStart()
        => Assert.Equal(
            "The fallback of the client 'MyService' depends on this client, which is created after it. Remove the dependency, or use a client of another name.",
            await TestHost.GetStartErrorAsync<InvalidOperationException>(static services => services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Unreachable).WithFallback<Circular>()));

    [Fact]
    public async Task FallbacksThatDependOnEachOtherStopTheStart()
        => Assert.StartsWith(
            "The fallback of the client 'one' depends on this client",
            await TestHost.GetStartErrorAsync<InvalidOperationException>(static services =>
            {
                services.AddKeyedThriftClient<MyService.CircuitBreakerClient>("one", TestHost.Unreachable).WithFallback(static provider => provider.GetRequiredKeyedService<MyService.IAsync>("other"));
                services.AddKeyedThriftClient<MyService.CircuitBreakerClient>("other", TestHost.Unreachable).WithFallback(static provider => provider.GetRequiredKeyedService<MyService.IAsync>("one"));
            }),
            StringComparison.Ordinal);

    private sealed class CountingFallback : MyService.IAsync
    {
        public int Answers { get; private set; }

        public Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default)
        {
            Answers++;
            return Task.FromResult(new Response { Success = true });
        }
    }

    private sealed class Circular(MyService.IAsync client) : MyService.IAsync
    {
        public Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default) => client.doSomething(request, cancellationToken);
    }
}
