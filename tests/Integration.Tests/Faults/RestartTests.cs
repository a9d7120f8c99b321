using Circuit.Calculators;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Faults;

/// <summary>The circuit breaker while the server stops and restarts.</summary>
public sealed class RestartTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StoppedAndRestartedServer_OpensAndClosesCircuit(bool connectionPerCall)
    {
        var token = TestContext.Current.CancellationToken;
        var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port, options: new ThriftChannelOptions { ConnectionPerCall = connectionPerCall });
        var states = new List<CircuitState>();
        guarded.CircuitBreaker.StateChanged += (_, change) => states.Add(change.To);
        await guarded.EchoAsync(5);

        await server.DisposeAsync();
        for (var call = 1; call <= 3; call++)
        {
            await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.ping(token));
        }

        var rejection = await Assert.ThrowsAsync<CircuitOpenException>(() => guarded.Client.ping(token));
        Assert.Equal(Guarded.ResetTimeout, rejection.RetryAfter);
        Assert.Equal(3, rejection.FailureCount);
        Assert.IsType<TTransportException>(rejection.InnerException);

        guarded.Clock.Advance(Guarded.ResetTimeout);
        await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.ping(token));
        Assert.Equal(CircuitState.Open, guarded.CircuitBreaker.State);

        await using var restarted = CalculatorServer.Start(port: server.Port);
        await Assert.ThrowsAsync<CircuitOpenException>(() => guarded.Client.ping(token));
        guarded.Clock.Advance(Guarded.ResetTimeout);
        await guarded.EchoAsync(100);

        Assert.Equal([CircuitState.Open, CircuitState.HalfOpen, CircuitState.Open, CircuitState.HalfOpen, CircuitState.Closed], states);
    }

    [Fact]
    public async Task Probe_InFlight_RejectsOtherCalls()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port);
        guarded.CircuitBreaker.Open();
        guarded.Clock.Advance(Guarded.ResetTimeout);

        var probe = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        var others = Enumerable.Range(0, 20).Select(_ => Assert.ThrowsAsync<CircuitOpenException>(() => guarded.Client.ping(TestContext.Current.CancellationToken)));
        await Task.WhenAll(others);
        await server.Handler.WaitForSlowCallAsync();
        server.Handler.Release();

        Assert.Equal(CalculatorHandler.UntilReleased, await probe);
        Assert.Equal(CircuitState.Closed, guarded.CircuitBreaker.State);
        Assert.Equal(1, proxy.AcceptedCount);
    }

    [Fact]
    public async Task OnewayProbe_KeepsCircuitHalfOpen()
    {
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port);
        guarded.CircuitBreaker.HalfOpen();

        await guarded.Client.note("oneway", TestContext.Current.CancellationToken);
        Assert.Equal(CircuitState.HalfOpen, guarded.CircuitBreaker.State);

        await guarded.EchoAsync(1);
        Assert.Equal(CircuitState.Closed, guarded.CircuitBreaker.State);
    }

    [Fact]
    public async Task Connect_UsesSettingsOfTheAttribute()
    {
        await using var client = Calculator.CircuitBreakerClient.Connect("127.0.0.1", 1);
        Assert.Equal("Calculator", client.CircuitBreaker.Name);
        Assert.Equal(3, client.CircuitBreaker.Options.FailMax);
        Assert.Equal(TimeSpan.FromSeconds(10), client.CircuitBreaker.Options.ResetTimeout);
    }
}
