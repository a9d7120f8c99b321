using Circuit.Calculators;
using Circuit.Example;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>Who answers the calls that a client's circuit rejects.</summary>
public sealed class FallbackTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AClassAnswersWhatIsRejectedAndNothingElse()
    {
        using var host = await TestHost.StartAsync(static services => services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Nowhere).WithFallback<Nobody>());
        var service = host.Services.GetRequiredService<MyService.IAsync>();

        await Assert.ThrowsAnyAsync<Exception>(() => service.doSomething(new Request(), Token).WaitAsync(Deadline.Short, Token));
        host.Circuit("MyService").Open();

        Assert.True((await service.doSomething(new Request(), Token)).Success);
        Assert.Equal(1, host.Services.GetRequiredService<Nobody>().Answers);
    }

    [Fact]
    public async Task OneThatTheContainerHasIsTaken()
    {
        var own = new Nobody();
        using var host = await TestHost.StartAsync(services =>
        {
            services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Nowhere).WithFallback<Nobody>();
            services.AddSingleton(own);
        });
        host.Circuit("MyService").Open();

        await host.Services.GetRequiredService<MyService.IAsync>().doSomething(new Request(), Token);

        Assert.Equal(1, own.Answers);
    }

    [Fact]
    public async Task AClientOfASecondServerAnswers()
    {
        await using var second = CalculatorServer.Start();
        using var host = await TestHost.StartAsync(services =>
        {
            services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("first", TestHost.Nowhere)
                .WithFallback(static provider => provider.GetRequiredKeyedService<Calculator.IAsync>("second"));
            services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("second", "127.0.0.1", second.Port);
        });
        host.Circuit("first").Open();

        Assert.Equal("hello", await host.Services.GetRequiredKeyedService<Calculator.IAsync>("first").echo("hello", Token).WaitAsync(Deadline.Short, Token));
    }

    [Fact]
    public async Task OneOfAnotherServiceEndsTheStart()
        => Assert.Equal(
            "The client 'MyService' cannot be made: The fallback must implement Circuit.Example.MyService+IAsync, and System.String does not.",
            await RefusalAsync(static services => services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Nowhere).WithFallback(static _ => "no service")));

    [Fact]
    public async Task OneThatWantsItsOwnClientEndsTheStart()
        => Assert.Equal(
            "The fallback of the client 'MyService' asks the container for this very client, which is made after it. Let it do without, or take a client of another name.",
            await RefusalAsync(static services => services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Nowhere).WithFallback<Circular>()));

    [Fact]
    public async Task TwoThatWantEachOtherEndIt()
        => Assert.StartsWith(
            "The fallback of the client 'one' asks the container for this very client",
            await RefusalAsync(static services =>
            {
                services.AddKeyedThriftClient<MyService.CircuitBreakerClient>("one", TestHost.Nowhere).WithFallback(static provider => provider.GetRequiredKeyedService<MyService.IAsync>("other"));
                services.AddKeyedThriftClient<MyService.CircuitBreakerClient>("other", TestHost.Nowhere).WithFallback(static provider => provider.GetRequiredKeyedService<MyService.IAsync>("one"));
            }),
            StringComparison.Ordinal);

    private static async Task<string> RefusalAsync(Action<IServiceCollection> add)
    {
        using var host = TestHost.Build(add);
        return (await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Token).WaitAsync(Deadline.Short, Token))).Message;
    }

    private sealed class Nobody : MyService.IAsync
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
