using Circuit.Calculators;
using Microsoft.Extensions.Logging.Abstractions;
using Thrift;
using Thrift.Processor;
using Thrift.Protocol;
using Thrift.Protocol.Entities;
using Thrift.Protocol.Utilities;
using ThriftBreaker.Integration.Tests.Servers;

#pragma warning disable TB0014 // A new connection is spoken to before there is a guarded client over it.

namespace ThriftBreaker.Integration.Tests;

/// <summary>A server of several services, each called by its name.</summary>
public sealed class MultiplexedTests
{
    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task EveryKindOfCallWorks(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.StartOther(Processor(("calculator", new CalculatorHandler())), wireFormat);
        await using var guarded = new Guarded(wireFormat.At(server.Port) with { Service = "calculator" });

        await Calls.OfEveryKindAsync(guarded.Client);
        await guarded.Client.note("sent without an answer", TestContext.Current.CancellationToken);
        await guarded.EchoAsync(10);

        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    /// <summary>Not what the caller asked for, but an answer: the connection is as good as before.</summary>
    /// <param name="transport">How it is spoken.</param>
    /// <param name="protocol">How it is written.</param>
    [Theory]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary)]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Compact)]
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Binary)]
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Compact)]
    public async Task AServiceThatTheServerDoesNotHaveIsTheServersError(ThriftTransport transport, ThriftProtocol protocol)
        => await IsRefusedAsync(
            new WireFormat(transport, protocol), "orders", TApplicationException.ExceptionType.InternalError, CallOutcome.Failure, "Service name not found: orders");

    /// <summary>The two sides disagree about the contract, which no waiting mends: it is not counted.</summary>
    /// <param name="transport">How it is spoken.</param>
    /// <param name="protocol">How it is written.</param>
    [Theory]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary)]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Compact)]
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Binary)]
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Compact)]
    public async Task AClientThatNamesNoServiceIsToldSo(ThriftTransport transport, ThriftProtocol protocol)
        => await IsRefusedAsync(
            new WireFormat(transport, protocol), service: null, TApplicationException.ExceptionType.InvalidProtocol, CallOutcome.Ignored, "Service name not found in message name: echo");

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
        await using var guarded = new Guarded(WireFormat.Default.At(server.Port) with { Service = "calculator" }, options);

        await guarded.EchoAsync(2);

        Assert.Equal("user", await login.LastNote.Task.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
    }

    /// <summary>Twice over one connection; and when a server that has the service is there in the first one's place, the next call is right.</summary>
    private static async Task IsRefusedAsync(WireFormat wireFormat, string? service, TApplicationException.ExceptionType type, CallOutcome counted, string message)
    {
        await using var server = CalculatorServer.StartOther(new Patient(Processor(("calculator", new CalculatorHandler()))), wireFormat);
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(wireFormat.At(front.Port) with { Service = service });
        var outcomes = guarded.Outcomes();

        for (var call = 1; call <= 2; call++)
        {
            var error = await Assert.ThrowsAsync<TApplicationException>(
                () => guarded.Client.echo("lost", TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            Assert.Equal(type, error.Type);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal([counted, counted], outcomes);
        Assert.Equal(1, front.Accepted);

        await server.DisposeAsync();
        await Deadline.UntilAsync(() => front.Open == 0, "the connection is closed");
        await using var mended = service is null
            ? CalculatorServer.Start(wireFormat, server.Port)
            : CalculatorServer.StartOther(Processor((service, new CalculatorHandler())), wireFormat, server.Port);
        await guarded.EchoAsync(2);
        Assert.Equal((0, 2), (guarded.CircuitBreaker.FailureCount, front.Accepted));
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

    /// <summary>One that goes on after a call that it refused. ApacheThrift's leaves the arguments unread and hangs up, so that nobody could tell
    /// who did; in JSON nothing else is left to it, whose protocol loses its place.</summary>
    private sealed class Patient(ITAsyncProcessor processor) : ITAsyncProcessor
    {
        public async Task<bool> ProcessAsync(TProtocol iprot, TProtocol oprot, CancellationToken cancellationToken = default)
        {
            if (!await processor.ProcessAsync(iprot, oprot, cancellationToken))
            {
                await TProtocolUtil.SkipAsync(iprot, TType.Struct, cancellationToken);
                await iprot.ReadMessageEndAsync(cancellationToken);
            }

            return true;
        }
    }
}
