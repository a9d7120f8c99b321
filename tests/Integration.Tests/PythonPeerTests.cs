using Circuit.Calculators;
using Circuit.Example;
using Thrift;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>Servers that another language's Thrift library runs, in processes that are really killed.</summary>
public sealed class PythonPeerTests
{
    [Theory]
    [MemberData(nameof(Speech.All), MemberType = typeof(Speech))]
    public async Task EveryKindOfCallWorks(ThriftTransport transport, ThriftProtocol protocol)
    {
        var speech = new Speech(transport, protocol);
        await using var server = await Tools.StartPythonCalculatorAsync(speech);
        await using var guarded = new Guarded(server.Port, speech);

        await Calls.OfEveryKindAsync(guarded.Client);
        await guarded.Client.note("sent without an answer", TestContext.Current.CancellationToken);
        await guarded.EchoAsync(10);

        Assert.Equal(0, guarded.Breaker.FailureCount);
    }

    [Fact]
    public async Task AnErrorThatNoContractDeclaresCounts()
    {
        await using var server = await Tools.StartPythonCalculatorAsync(Speech.Default);
        await using var guarded = new Guarded(server.Port);

        await Assert.ThrowsAsync<TApplicationException>(() => guarded.Client.crash(TestContext.Current.CancellationToken));

        Assert.Equal(1, guarded.Breaker.FailureCount);
        await guarded.EchoAsync(10);
    }

    [Fact]
    public async Task AfterACancelledCallEveryCallerGetsItsOwnAnswer()
    {
        await using var server = await Tools.StartPythonCalculatorAsync(Speech.Default);
        await using var guarded = new Guarded(server.Port);
        await guarded.EchoAsync(1);

        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guarded.Client.slow(300, impatience.Token));

        await guarded.EchoAsync(1_000);
    }

    [Theory]
    [InlineData(ThriftTransport.Buffered)]
    [InlineData(ThriftTransport.Framed)]
    public async Task AServerThatIsKilledAndStartedAgainOpensAndClosesTheCircuit(ThriftTransport transport)
    {
        var speech = new Speech(transport, ThriftProtocol.Binary);
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var request = new Request { Data = "Hello, world!" };
        var server = await Tools.StartPythonMyServiceAsync(speech);
        var breaker = new CircuitBreaker(MyService.CircuitBreakerClient.DefaultOptions with { TimeProvider = clock });
        await using var client = MyService.CircuitBreakerClient.Connect(speech.At(server.Port), new ThriftChannelOptions(), breaker);
        Assert.True((await client.doSomething(request, TestContext.Current.CancellationToken)).Success);

        await server.DisposeAsync();
        for (var call = 1; call <= 3; call++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => client.doSomething(request, TestContext.Current.CancellationToken));
        }

        await Assert.ThrowsAsync<CircuitOpenException>(() => client.doSomething(request, TestContext.Current.CancellationToken));

        await using var successor = await Tools.StartPythonMyServiceAsync(speech, server.Port);
        clock.Advance(breaker.Options.ResetTimeout);
        Assert.True((await client.doSomething(request, TestContext.Current.CancellationToken)).Success);
        Assert.Equal(CircuitState.Closed, breaker.State);
    }
}
