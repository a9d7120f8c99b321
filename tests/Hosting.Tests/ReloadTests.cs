using Circuit.Calculators;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>A change of the configuration reaches circuits that run.</summary>
public sealed class ReloadTests
{
    private const string Section = "ThriftBreaker:Calculator";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AChangeIsInForceAndTheStateStays()
    {
        using var host = await TestHost.StartAsync(
            static services => services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Nowhere).ConfigureCircuits(static options => options with { SuccessThreshold = 9 }));
        host.Circuit("Calculator").Open();
        host.Circuit("Calculator.slow").Isolate();

        host.Set($"{Section}:FailMax", "8");
        host.Set($"{Section}:SuccessThreshold", "2");
        host.Set($"{Section}:Methods:slow:FailMax", "6");

        Assert.Equal((CircuitState.Open, 8, 9), (host.Circuit("Calculator").State, host.Circuit("Calculator").Options.FailMax, host.Circuit("Calculator").Options.SuccessThreshold));
        Assert.Equal((CircuitMode.Isolated, 6), (host.Circuit("Calculator.slow").Mode, host.Circuit("Calculator.slow").Options.FailMax));

        host.Set($"{Section}:FailMax", null);
        Assert.Equal(3, host.Circuit("Calculator").Options.FailMax);
    }

    [Fact]
    public async Task AMistakeIsLoggedAndTheCircuitGoesOnAsItWas()
    {
        var log = new FakeLogger();
        using var host = await TestHost.StartAsync(services =>
        {
            services.AddLogging(logging => logging.AddProvider(log));
            services.AddThriftClient<Calculator.CircuitBreakerClient>(TestHost.Nowhere);
        });

        host.Set($"{Section}:FailMax", "0");

        Assert.Equal(3, host.Circuit("Calculator").Options.FailMax);
        Assert.Contains(
            "Error: The changed configuration of the circuit 'Calculator' is not in force; it goes on as it was. Correct the setting and save the configuration again. ThriftBreaker:Calculator:FailMax is '0': FailMax must be between 1 and 1,000,000.",
            log.Lines);
    }

    [Fact]
    public async Task CallsGoOnWhileAFileChanges()
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
                await Deadline.UntilAsync(() => host.Circuit("Calculator").Options.FailMax == failMax, $"FailMax is {failMax}");
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
