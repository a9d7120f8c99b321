using Circuit.Calculators;
using Microsoft.Extensions.Logging.Abstractions;
using Thrift;
using Thrift.Processor;
using Thrift.Protocol;
using ThriftBreaker.Integration.Tests.Servers;

#pragma warning disable TB0014 // A new connection is spoken to before there is a guarded client over it.

namespace ThriftBreaker.Integration.Tests;

/// <summary>A server of several services, each called by its name.</summary>
public sealed class MultiplexedTests
{
    [Theory]
    [MemberData(nameof(Speech.All), MemberType = typeof(Speech))]
    public async Task EveryKindOfCallWorks(ThriftTransport transport, ThriftProtocol protocol)
    {
        var speech = new Speech(transport, protocol);
        await using var server = CalculatorServer.StartOther(Processor(("calculator", new CalculatorHandler())), speech);
        await using var guarded = new Guarded(speech.At(server.Port) with { Service = "calculator" });

        await Calls.OfEveryKindAsync(guarded.Client);
        await guarded.Client.note("sent without an answer", TestContext.Current.CancellationToken);
        await guarded.EchoAsync(10);

        Assert.Equal(0, guarded.Breaker.FailureCount);
    }

    [Fact]
    public async Task AServiceThatTheServerDoesNotHaveIsTheServersError()
    {
        await using var server = CalculatorServer.StartOther(Processor(("calculator", new CalculatorHandler())));
        await using var guarded = new Guarded(Speech.Default.At(server.Port) with { Service = "orders" });

        var error = await Assert.ThrowsAsync<TApplicationException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));
        Assert.Contains("orders", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANewConnectionCanSpeakToAnotherServiceOfTheServerFirst()
    {
        var login = new CalculatorHandler();
        await using var server = CalculatorServer.StartOther(Processor(("calculator", new CalculatorHandler()), ("login", login)));
        var options = new ThriftChannelOptions
        {
            OnConnected = static async (protocol, token) =>
            {
                using var client = new Calculator.Client(new TMultiplexedProtocol(protocol, "login"));
                await client.note("user", token);
            },
        };
        await using var guarded = new Guarded(Speech.Default.At(server.Port) with { Service = "calculator" }, options);

        await guarded.EchoAsync(2);

        Assert.Equal("user", await login.LastNote.Task.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
    }

    private static TMultiplexedProcessor Processor(params (string Name, CalculatorHandler Handler)[] services)
    {
        var processor = new TMultiplexedProcessor();
        foreach (var (name, handler) in services)
        {
            processor.RegisterProcessor(name, new Calculator.AsyncProcessor(handler, NullLogger<Calculator.AsyncProcessor>.Instance));
        }

        return processor;
    }
}
