using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Circuit.Calculators;
using Circuit.Example;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Polly;
using Polly.Registry;
using Polly.Retry;
using Polly.Telemetry;
using Thrift;
using Thrift.Transport;
using ThriftBreaker.Resilience;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>A Polly pipeline around a client: the retry outside, the circuit breaker inside.</summary>
public sealed class ResilienceTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(5);
    private static readonly Request Hello = new() { Data = "hello" };

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RetryRepeatsACallAndTheCircuitBreakerCountsEveryAttempt()
    {
        await using var server = ScriptedService.Start(failures: 2);
        using var host = await StartAsync<RepeatableCircuitBreakerClient>(server.Endpoint, new ThriftRetryStrategyOptions());
        var outcomes = RecordOutcomes(host.GetCircuitBreaker("Repeatable"));

        Assert.True((await host.Services.GetRequiredService<IRepeatable>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token)).Success);

        Assert.Equal([CallOutcome.Failure, CallOutcome.Failure, CallOutcome.Success], outcomes);
        Assert.Equal(3, server.Calls);
    }

    [Fact]
    public async Task RetryStopsAtTheRejectionOfAnOpenCircuit()
    {
        await using var server = ScriptedService.Start(failures: int.MaxValue);
        using var host = await StartAsync<RepeatableCircuitBreakerClient>(server.Endpoint, new ThriftRetryStrategyOptions { MaxRetryAttempts = 10 });
        var rejections = RecordRejections(host.GetCircuitBreaker("Repeatable"));

        var error = await Assert.ThrowsAsync<CircuitOpenException>(() => host.Services.GetRequiredService<IRepeatable>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token));

        Assert.False(error.IsTrip);
        Assert.Equal((3, 1), (server.Calls, rejections.Count));
    }

    [Fact]
    public async Task RejectionWaitsForTheCircuitWithMaxRetryAfter()
    {
        var resetTimeout = TimeSpan.FromMilliseconds(100);
        var waits = new List<TimeSpan>();
        await using var server = ScriptedService.Start();
        using var host = await StartAsync<MyService.CircuitBreakerClient>(
            server.Endpoint,
            new ThriftRetryStrategyOptions { MaxRetryAfter = Deadline.Short, OnRetry = retry => RecordAsync(retry.RetryDelay) },
            client => client.ConfigureCircuitBreakers(options => options.ResetTimeout = resetTimeout));
        host.GetCircuitBreaker("MyService").Open();

        Assert.True((await host.Services.GetRequiredService<MyService.IAsync>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token)).Success);

        Assert.Equal(CircuitState.Closed, host.GetCircuitBreaker("MyService").State);
        Assert.Equal([resetTimeout + Delay], waits);

        // The circuit breaker's clock advances while the retry waits, and not before, on a slow machine too.
        ValueTask RecordAsync(TimeSpan wait)
        {
            waits.Add(wait);
            _time.Advance(wait);
            return default;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RejectionDoesNotWaitLongerOrForAnIsolatedCircuitBreaker(bool isolated)
    {
        using var host = await StartAsync<MyService.CircuitBreakerClient>(TestHost.Unreachable, new ThriftRetryStrategyOptions { MaxRetryAfter = TimeSpan.FromSeconds(9) });
        var rejections = RecordRejections(host.GetCircuitBreaker("MyService"));
        if (isolated)
        {
            host.GetCircuitBreaker("MyService").SetMode(CircuitMode.Isolated);
        }
        else
        {
            host.GetCircuitBreaker("MyService").Open();
        }

        await Assert.ThrowsAsync<CircuitOpenException>(() => host.Services.GetRequiredService<MyService.IAsync>().doSomething(Hello, Token));

        Assert.Single(rejections);
    }

    [Fact]
    public async Task CallThatMayHaveBeenExecutedIsNotRetried()
    {
        await using var server = ScriptedService.Start(failures: 1);
        using var host = await StartAsync<MyService.CircuitBreakerClient>(server.Endpoint, new ThriftRetryStrategyOptions());

        await Assert.ThrowsAsync<TApplicationException>(() => host.Services.GetRequiredService<MyService.IAsync>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token));

        Assert.Equal(1, server.Calls);
    }

    [Fact]
    public async Task CallThatOpenedTheCircuitIsNotRetried()
    {
        await using var server = ScriptedService.Start(failures: 1);
        using var host = await StartAsync<MyService.CircuitBreakerClient>(
            server.Endpoint,
            new ThriftRetryStrategyOptions { MaxRetryAfter = TimeSpan.FromMinutes(1) },
            static client => client.ConfigureCircuitBreakers(static options => (options.FailMax, options.ThrowOnTrip) = (1, true)));

        var error = await Assert.ThrowsAsync<CircuitOpenException>(() => host.Services.GetRequiredService<MyService.IAsync>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token));

        Assert.True(error.IsTrip);
        Assert.Equal(1, server.Calls);
    }

    [Fact]
    public async Task CallThatWasNotSentIsRetried()
    {
        using var closedPort = new Socket(SocketType.Stream, ProtocolType.Tcp);
        closedPort.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var host = await StartAsync<MyService.CircuitBreakerClient>(
            new ThriftEndpoint("127.0.0.1", ((IPEndPoint)closedPort.LocalEndPoint!).Port), new ThriftRetryStrategyOptions { MaxRetryAttempts = 1 });
        var outcomes = RecordOutcomes(host.GetCircuitBreaker("MyService"));

        await Assert.ThrowsAsync<TTransportException>(() => host.Services.GetRequiredService<MyService.IAsync>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token));

        Assert.Equal([CallOutcome.Failure, CallOutcome.Failure], outcomes);
    }

    [Fact]
    public async Task RetryWithSeveralServersCanUseAnotherServer()
    {
        await using var server = ScriptedService.Start();
        using var host = await TestHost.StartAsync(services => services
            .AddThriftClient<MyService.CircuitBreakerClient>(server.Endpoint, TestHost.Unreachable)
            .UseResiliencePipeline(static pipeline => pipeline.AddRetry(new ThriftRetryStrategyOptions { Delay = TimeSpan.Zero, MaxRetryAttempts = 30 }))
            .ConfigureCircuitBreakers(static options => options.FailMax = 100));
        var service = host.Services.GetRequiredService<MyService.IAsync>();

        for (var call = 1; call <= 20; call++)
        {
            Assert.True((await service.doSomething(Hello, Token).WaitAsync(Deadline.Short, Token)).Success);
        }

        Assert.Equal(20, server.Calls);
    }

    [Fact]
    public async Task DeclaredExceptionIsNotRetried()
    {
        await using var server = CalculatorServer.Start();
        using var host = await StartAsync<Calculator.CircuitBreakerClient>(new ThriftEndpoint("127.0.0.1", server.Port), new ThriftRetryStrategyOptions());
        var outcomes = RecordOutcomes(host.GetCircuitBreaker("Calculator"));

        await Assert.ThrowsAsync<DivisionByZero>(() => host.Services.GetRequiredService<Calculator.IAsync>()
            .calculate(new Work(1, 0) { Operation = Operation.DIVIDE }, Token).WaitAsync(Deadline.Short, Token));

        Assert.Equal([CallOutcome.Success], outcomes);
    }

    [Fact]
    public async Task MethodWithoutResultUsesThePipeline()
    {
        await using var server = CalculatorServer.Start();
        using var host = await StartAsync<Calculator.CircuitBreakerClient>(new ThriftEndpoint("127.0.0.1", server.Port), new ThriftRetryStrategyOptions());
        var service = host.Services.GetRequiredService<Calculator.IAsync>();

        await service.ping(Token).WaitAsync(Deadline.Short, Token);
        await Assert.ThrowsAsync<TApplicationException>(() => service.crash(Token).WaitAsync(Deadline.Short, Token));
    }

    [Fact]
    public async Task NamedPipelineIsUsedAndKnowsTheMethod()
    {
        var methods = new ConcurrentQueue<string?>();
        await using var server = ScriptedService.Start(failures: 1);
        using var host = await TestHost.StartAsync(services =>
        {
            services.AddResiliencePipeline("mine", pipeline => pipeline.AddRetry(new RetryStrategyOptions
            {
                Delay = TimeSpan.Zero,
                ShouldHandle = arguments =>
                {
                    methods.Enqueue(arguments.Context.OperationKey);
                    return new(arguments.Outcome.Exception is TApplicationException);
                },
            }));
            services.AddKeyedThriftClient<MyService.CircuitBreakerClient>("reports", server.Endpoint).UseResiliencePipeline("mine");
        });

        var service = host.Services.GetRequiredKeyedService<MyService.IAsync>("reports");

        Assert.True((await service.doSomething(Hello, Token).WaitAsync(Deadline.Short, Token)).Success);
        Assert.Equal(["MyService/doSomething", "MyService/doSomething"], methods);
    }

    [Fact]
    public async Task ClientByItsOwnTypeDoesNotUseThePipeline()
    {
        await using var server = ScriptedService.Start(failures: 1);
        using var host = await StartAsync<RepeatableCircuitBreakerClient>(server.Endpoint, new ThriftRetryStrategyOptions());

        await Assert.ThrowsAsync<TApplicationException>(
            () => host.Services.GetRequiredService<RepeatableCircuitBreakerClient>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token));

        Assert.Equal(1, server.Calls);
    }

    [Fact]
    public async Task CallThatAFallbackAnswersIsNotRetried()
    {
        await using var second = ScriptedService.Start();
        using var host = await TestHost.StartAsync(services =>
        {
            services.AddKeyedThriftClient<MyService.CircuitBreakerClient>("second", second.Endpoint);
            services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Unreachable)
                .WithFallback(static services => services.GetRequiredKeyedService<MyService.IAsync>("second"))
                .UseResiliencePipeline(static pipeline => pipeline.AddRetry(new ThriftRetryStrategyOptions { MaxRetryAfter = Deadline.Long }));
        });
        var rejections = RecordRejections(host.GetCircuitBreaker("MyService"));
        host.GetCircuitBreaker("MyService").Open();

        Assert.True((await host.Services.GetRequiredService<MyService.IAsync>().doSomething(Hello, Token).WaitAsync(Deadline.Short, Token)).Success);

        Assert.Equal((1, 1), (rejections.Count, second.Calls));
    }

    [Fact]
    public async Task CancelledCallIsNotRetried()
    {
        using var host = await StartAsync<MyService.CircuitBreakerClient>(
            TestHost.Unreachable, new ThriftRetryStrategyOptions { MaxRetryAfter = TimeSpan.FromHours(1) });
        host.GetCircuitBreaker("MyService").Open();
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var call = host.Services.GetRequiredService<MyService.IAsync>().doSomething(Hello, caller.Token);
        Assert.False(call.IsCompleted);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, Token));
    }

    /// <summary>Polly logs every result, and a Thrift struct would be logged with all of its fields.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PollyLogsTheTypeOfAResultAndNotItsContent(bool isNamed)
    {
        var log = new FakeLogCollector();
        await using var server = CalculatorServer.Start();
        using var host = await TestHost.StartAsync(services =>
        {
            AddLog(services, log);
            services.AddResiliencePipeline("mine", static pipeline => pipeline.AddRetry(new ThriftRetryStrategyOptions()));
            var client = services.AddThriftClient<Calculator.CircuitBreakerClient>("127.0.0.1", server.Port);
            _ = isNamed ? client.UseResiliencePipeline("mine") : client.UseResiliencePipeline(static pipeline => pipeline.AddRetry(new ThriftRetryStrategyOptions()));
        });
        var service = host.Services.GetRequiredService<Calculator.IAsync>();

        await service.echo("a private text", Token).WaitAsync(Deadline.Short, Token);
        await service.ping(Token).WaitAsync(Deadline.Short, Token);
        await host.Services.GetRequiredService<ResiliencePipelineProvider<string>>().GetPipeline("mine").ExecuteAsync(static _ => new ValueTask<string>("of the app"), Token);

        Assert.DoesNotContain(log.GetSnapshot(), static entry => entry.Message.Contains("private", StringComparison.Ordinal));
        Assert.Contains(log.GetSnapshot(), static entry => entry.Message.Contains("Calculator/echo", StringComparison.Ordinal) && entry.Message.Contains("Result: 'System.String'", StringComparison.Ordinal));
        Assert.Contains(log.GetSnapshot(), static entry => entry.Message.Contains("Result: 'of the app'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ResultFormatterOfTheAppStays(bool beforeTheClient)
    {
        var log = new FakeLogCollector();
        await using var server = CalculatorServer.Start();
        using var host = await TestHost.StartAsync(services =>
        {
            AddLog(services, log);
            Configure(services, beforeTheClient);
            services.AddThriftClient<Calculator.CircuitBreakerClient>("127.0.0.1", server.Port).UseResiliencePipeline(static pipeline => pipeline.AddRetry(new ThriftRetryStrategyOptions()));
            Configure(services, !beforeTheClient);
        });

        await host.Services.GetRequiredService<Calculator.IAsync>().echo("hello", Token).WaitAsync(Deadline.Short, Token);

        Assert.Contains(log.GetSnapshot(), static entry => entry.Message.Contains("Result: 'HELLO'", StringComparison.Ordinal));

        static void Configure(IServiceCollection services, bool condition)
        {
            if (condition)
            {
                services.Configure<TelemetryOptions>(static options => options.ResultFormatter = static (_, result) => result?.ToString()?.ToUpperInvariant());
            }
        }
    }

    private static void AddLog(IServiceCollection services, FakeLogCollector log)
        => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(log)));

    [Theory]
    [MemberData(nameof(CallerThread.Kinds), MemberType = typeof(CallerThread))]
    public async Task BlockedCallerGetsTheResultOfARetry(CallerKind kind)
    {
        await using var server = ScriptedService.Start(failures: 1);
        using var host = await StartAsync<RepeatableCircuitBreakerClient>(server.Endpoint, new ThriftRetryStrategyOptions { OnRetry = static async _ => await Task.Yield() });
        var client = host.Services.GetRequiredService<IRepeatable>();
        using var caller = new CallerThread(kind);

        Assert.True((await caller.RunAsync(() => client.doSomething(Hello, Token).GetAwaiter().GetResult())).Success);
        Assert.True((await caller.RunAsync(() => client.doSomething(Hello, Token).GetAwaiter().GetResult())).Success);

        Assert.Equal(3, server.Calls);
    }

    [Fact]
    public async Task UnknownPipelineStopsTheStart()
    {
        using var host = TestHost.Build(static services =>
        {
            services.AddResiliencePipeline("retry", static _ => { });
            services.AddThriftClient<MyService.CircuitBreakerClient>(TestHost.Unreachable).UseResiliencePipeline("retyr");
        });

        Assert.Equal(
            "The client 'MyService' requires the resilience pipeline 'retyr', which is not registered: add it with AddResiliencePipeline(\"retyr\", …), or correct UseResiliencePipeline.",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Token))).Message);
    }

    [Fact]
    public void MaxWaitForCircuitNegativeThrows()
        => Assert.Throws<ArgumentOutOfRangeException>("MaxRetryAfter", static () => new ThriftRetryStrategyOptions { MaxRetryAfter = TimeSpan.FromTicks(-1) });

    /// <summary>
    /// Starts a host with a client whose calls are retried almost at once. The clock of the circuit breakers does not
    /// advance; Polly runs in real time.
    /// </summary>
    private Task<IHost> StartAsync<TClient>(ThriftEndpoint endpoint, ThriftRetryStrategyOptions retry, Action<IThriftClientBuilder>? configure = null)
        where TClient : class, IThriftClient<TClient>
    {
        retry.Delay = Delay;
        return TestHost.StartAsync(services =>
        {
            var client = services.AddThriftClient<TClient>(endpoint).ConfigureCircuitBreakers(options => options.TimeProvider = _time).UseResiliencePipeline(pipeline => pipeline.AddRetry(retry));
            configure?.Invoke(client);
        });
    }

    private static ConcurrentQueue<CallOutcome> RecordOutcomes(CircuitBreaker circuitBreaker)
    {
        var outcomes = new ConcurrentQueue<CallOutcome>();
        circuitBreaker.CallCompleted += (_, call) => outcomes.Enqueue(call.Outcome);
        return outcomes;
    }

    private static ConcurrentQueue<CallRejectedEventArgs> RecordRejections(CircuitBreaker circuitBreaker)
    {
        var rejections = new ConcurrentQueue<CallRejectedEventArgs>();
        circuitBreaker.CallRejected += (_, rejection) => rejections.Enqueue(rejection);
        return rejections;
    }
}
