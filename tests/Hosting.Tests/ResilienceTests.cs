using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Circuit.Calculators;
using Circuit.Example;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Polly;
using Polly.Retry;
using Thrift;
using Thrift.Transport;
using ThriftBreaker.Resilience;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>A pipeline of Polly's around a client: the retry outside, the circuit inside.</summary>
public sealed class ResilienceTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(5);
    private static readonly Request Hello = new() { Data = "hello" };

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACallIsTriedAgainAndTheCircuitJudgesEveryTry()
    {
        await using var server = ScriptedService.Start(failures: 2);
        using var host = await StartAsync<RepeatableCircuitBreakerClient>(server.Endpoint, new ThriftRetryStrategyOptions());
        var outcomes = OutcomesOf(host.Circuit("Repeatable"));

        Assert.True((await host.Services.GetRequiredService<IRepeatable>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token)).Success);

        Assert.Equal([CallOutcome.Failure, CallOutcome.Failure, CallOutcome.Success], outcomes);
        Assert.Equal(3, server.Calls);
    }

    [Fact]
    public async Task TheTriesOpenTheCircuitAndItsRejectionEndsThem()
    {
        await using var server = ScriptedService.Start(failures: int.MaxValue);
        using var host = await StartAsync<RepeatableCircuitBreakerClient>(server.Endpoint, new ThriftRetryStrategyOptions { MaxRetryAttempts = 10 });
        var rejections = RejectionsOf(host.Circuit("Repeatable"));

        var error = await Assert.ThrowsAsync<CircuitOpenException>(() => host.Services.GetRequiredService<IRepeatable>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token));

        Assert.False(error.IsTrip);
        Assert.Equal((3, 1), (server.Calls, rejections.Count));
    }

    [Fact]
    public async Task ARejectionWaitsForTheCircuitWhereItMay()
    {
        var resetTimeout = TimeSpan.FromMilliseconds(100);
        var waits = new List<TimeSpan>();
        await using var server = ScriptedService.Start();
        using var host = await StartAsync<MyService.CircuitBreakerClient>(
            server.Endpoint,
            new ThriftRetryStrategyOptions { MaxWaitForCircuit = Deadline.Short, OnRetry = retry => Note(retry.RetryDelay) },
            client => client.ConfigureCircuitBreakers(options => options with { ResetTimeout = resetTimeout }));
        host.Circuit("MyService").Open();

        Assert.True((await host.Services.GetRequiredService<MyService.IAsync>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token)).Success);

        Assert.Equal(CircuitState.Closed, host.Circuit("MyService").State);
        Assert.Equal([resetTimeout + Delay], waits);

        // The circuit's time passes while the retry waits, and not before the first try, however slow the machine.
        ValueTask Note(TimeSpan wait)
        {
            waits.Add(wait);
            _time.Advance(wait);
            return default;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ItDoesNotWaitLongerOrForOneThatIsIsolated(bool isolated)
    {
        using var host = await StartAsync<MyService.CircuitBreakerClient>(TestHost.Nowhere, new ThriftRetryStrategyOptions { MaxWaitForCircuit = TimeSpan.FromSeconds(9) });
        var rejections = RejectionsOf(host.Circuit("MyService"));
        if (isolated)
        {
            host.Circuit("MyService").SetMode(CircuitMode.Isolated);
        }
        else
        {
            host.Circuit("MyService").Open();
        }

        await Assert.ThrowsAsync<CircuitOpenException>(() => host.Services.GetRequiredService<MyService.IAsync>().doSomething(Hello, Token));

        Assert.Single(rejections);
    }

    [Fact]
    public async Task WhatTheServerMayHaveDoneIsNotDoneTwice()
    {
        await using var server = ScriptedService.Start(failures: 1);
        using var host = await StartAsync<MyService.CircuitBreakerClient>(server.Endpoint, new ThriftRetryStrategyOptions());

        await Assert.ThrowsAsync<TApplicationException>(() => host.Services.GetRequiredService<MyService.IAsync>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token));

        Assert.Equal(1, server.Calls);
    }

    [Fact]
    public async Task NeitherIsTheCallThatOpenedTheCircuit()
    {
        await using var server = ScriptedService.Start(failures: 1);
        using var host = await StartAsync<MyService.CircuitBreakerClient>(
            server.Endpoint,
            new ThriftRetryStrategyOptions { MaxWaitForCircuit = TimeSpan.FromMinutes(1) },
            static client => client.ConfigureCircuitBreakers(static options => options with { FailMax = 1, ThrowOnTrip = true }));

        var error = await Assert.ThrowsAsync<CircuitOpenException>(() => host.Services.GetRequiredService<MyService.IAsync>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token));

        Assert.True(error.IsTrip);
        Assert.Equal(1, server.Calls);
    }

    [Fact]
    public async Task WhatWasNotSentIsTriedAgainWhateverItIs()
    {
        using var nobody = new Socket(SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var host = await StartAsync<MyService.CircuitBreakerClient>(
            new ThriftEndpoint("127.0.0.1", ((IPEndPoint)nobody.LocalEndPoint!).Port), new ThriftRetryStrategyOptions { MaxRetryAttempts = 1 });
        var outcomes = OutcomesOf(host.Circuit("MyService"));

        await Assert.ThrowsAsync<TTransportException>(() => host.Services.GetRequiredService<MyService.IAsync>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token));

        Assert.Equal([CallOutcome.Failure, CallOutcome.Failure], outcomes);
    }

    [Fact]
    public async Task OfSeveralServersAnotherGetsTheNextTry()
    {
        await using var server = ScriptedService.Start();
        using var host = await TestHost.StartAsync(services => services
            .AddThriftClient<MyService.CircuitBreakerClient>(server.Endpoint, TestHost.Nowhere)
            .UseResiliencePipeline(static pipeline => pipeline.AddRetry(new ThriftRetryStrategyOptions { Delay = TimeSpan.Zero, MaxRetryAttempts = 30 }))
            .ConfigureCircuitBreakers(static options => options with { FailMax = 100 }));
        var service = host.Services.GetRequiredService<MyService.IAsync>();

        for (var call = 1; call <= 20; call++)
        {
            Assert.True((await service.doSomething(Hello, Token).WaitAsync(Deadline.Short, Token)).Success);
        }

        Assert.Equal(20, server.Calls);
    }

    [Fact]
    public async Task AnExceptionOfTheContractIsAnAnswer()
    {
        await using var server = CalculatorServer.Start();
        using var host = await StartAsync<Calculator.CircuitBreakerClient>(new ThriftEndpoint("127.0.0.1", server.Port), new ThriftRetryStrategyOptions());
        var outcomes = OutcomesOf(host.Circuit("Calculator"));

        await Assert.ThrowsAsync<DivisionByZero>(() => host.Services.GetRequiredService<Calculator.IAsync>()
            .calculate(new Work(1, 0) { Operation = Operation.DIVIDE }, Token).WaitAsync(Deadline.Short, Token));

        Assert.Equal([CallOutcome.Success], outcomes);
    }

    [Fact]
    public async Task AMethodWithoutAResultGoesTheSameWay()
    {
        await using var server = CalculatorServer.Start();
        using var host = await StartAsync<Calculator.CircuitBreakerClient>(new ThriftEndpoint("127.0.0.1", server.Port), new ThriftRetryStrategyOptions());
        var service = host.Services.GetRequiredService<Calculator.IAsync>();

        await service.ping(Token).WaitAsync(Deadline.Short, Token);
        await Assert.ThrowsAsync<TApplicationException>(() => service.crash(Token).WaitAsync(Deadline.Short, Token));
    }

    [Fact]
    public async Task APipelineOfAnyKindIsTakenByItsNameAndKnowsTheMethod()
    {
        var asked = new ConcurrentQueue<string?>();
        await using var server = ScriptedService.Start(failures: 1);
        using var host = await TestHost.StartAsync(services =>
        {
            services.AddResiliencePipeline("mine", pipeline => pipeline.AddRetry(new RetryStrategyOptions
            {
                Delay = TimeSpan.Zero,
                ShouldHandle = arguments =>
                {
                    asked.Enqueue(arguments.Context.OperationKey);
                    return new(arguments.Outcome.Exception is TApplicationException);
                },
            }));
            services.AddKeyedThriftClient<MyService.CircuitBreakerClient>("reports", server.Endpoint).UseResiliencePipeline("mine");
        });

        var service = host.Services.GetRequiredKeyedService<MyService.IAsync>("reports");

        Assert.True((await service.doSomething(Hello, Token).WaitAsync(Deadline.Short, Token)).Success);
        Assert.Equal(["MyService/doSomething", "MyService/doSomething"], asked);
    }

    [Fact]
    public async Task TheClientByItsOwnTypeIsTheGuardedOneWithoutThePipeline()
    {
        await using var server = ScriptedService.Start(failures: 1);
        using var host = await StartAsync<RepeatableCircuitBreakerClient>(server.Endpoint, new ThriftRetryStrategyOptions());

        await Assert.ThrowsAsync<TApplicationException>(
            () => host.Services.GetRequiredService<RepeatableCircuitBreakerClient>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token));

        Assert.Equal(1, server.Calls);
    }

    [Fact]
    public async Task WhatAFallbackAnswersIsTriedOnce()
    {
        await using var second = ScriptedService.Start();
        using var host = await TestHost.StartAsync(services =>
        {
            services.AddKeyedThriftClient<MyService.CircuitBreakerClient>("second", second.Endpoint);
            services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Nowhere)
                .WithFallback(static services => services.GetRequiredKeyedService<MyService.IAsync>("second"))
                .UseResiliencePipeline(static pipeline => pipeline.AddRetry(new ThriftRetryStrategyOptions { MaxWaitForCircuit = Deadline.Long }));
        });
        var rejections = RejectionsOf(host.Circuit("MyService"));
        host.Circuit("MyService").Open();

        Assert.True((await host.Services.GetRequiredService<MyService.IAsync>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token)).Success);

        Assert.Equal((1, 1), (rejections.Count, second.Calls));
    }

    [Fact]
    public async Task ACallerThatGivesUpWaitsForNoRetry()
    {
        using var host = await StartAsync<MyService.CircuitBreakerClient>(
            TestHost.Nowhere, new ThriftRetryStrategyOptions { MaxWaitForCircuit = TimeSpan.FromHours(1) });
        host.Circuit("MyService").Open();
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var call = host.Services.GetRequiredService<MyService.IAsync>().doSomething(Hello, caller.Token);
        Assert.False(call.IsCompleted);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, Token));
    }

    [Fact]
    public async Task APipelineThatThereIsNotEndsTheStart()
    {
        using var host = TestHost.Build(static services =>
        {
            services.AddResiliencePipeline("retry", static _ => { });
            services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Nowhere).UseResiliencePipeline("retyr");
        });

        Assert.Equal(
            "The client 'MyService' wants the resilience pipeline 'retyr', and there is none of this name: add it with AddResiliencePipeline(\"retyr\", …), or correct UseResiliencePipeline.",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Token))).Message);
    }

    [Fact]
    public void NoWaitIsNegative()
        => Assert.Throws<ArgumentOutOfRangeException>("MaxWaitForCircuit", static () => new ThriftRetryStrategyOptions { MaxWaitForCircuit = TimeSpan.FromTicks(-1) });

    /// <summary>A host with a client that is tried again almost at once, unless a circuit says when.</summary>
    /// <summary>The circuits are on a clock that stands still; all else, Polly too, in real time.</summary>
    private Task<IHost> StartAsync<TClient>(ThriftEndpoint endpoint, ThriftRetryStrategyOptions retry, Action<IThriftClientBuilder>? configure = null)
        where TClient : class, IThriftClient<TClient>
    {
        retry.Delay = Delay;
        return TestHost.StartAsync(services =>
        {
            var client = services.AddThriftClient<TClient>(endpoint).ConfigureCircuitBreakers(options => options with { TimeProvider = _time }).UseResiliencePipeline(pipeline => pipeline.AddRetry(retry));
            configure?.Invoke(client);
        });
    }

    private static ConcurrentQueue<CallOutcome> OutcomesOf(CircuitBreaker circuit)
    {
        var outcomes = new ConcurrentQueue<CallOutcome>();
        circuit.CallCompleted += (_, call) => outcomes.Enqueue(call.Outcome);
        return outcomes;
    }

    private static ConcurrentQueue<CallRejectedEventArgs> RejectionsOf(CircuitBreaker circuit)
    {
        var rejections = new ConcurrentQueue<CallRejectedEventArgs>();
        circuit.CallRejected += (_, rejection) => rejections.Enqueue(rejection);
        return rejections;
    }
}
