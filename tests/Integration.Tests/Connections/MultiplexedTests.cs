using Circuit.Calculators;
using Microsoft.Extensions.Logging.Abstractions;
using Thrift;
using Thrift.Processor;
using Thrift.Protocol;
using Thrift.Protocol.Entities;
using Thrift.Protocol.Utilities;
using ThriftBreaker.Integration.Tests.Servers;

#pragma warning disable TB0014 // OnConnected uses a bare client on the new connection.

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>A server of several services with names.</summary>
public sealed class MultiplexedTests
{
    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task EachKindOfCall_Works(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.StartOther(CreateProcessor(("calculator", new CalculatorHandler())), wireFormat);
        await using var guarded = new Guarded(wireFormat.At(server.Port) with { Service = "calculator" });

        await Calls.MakeEachKindAsync(guarded.Client);
        await guarded.Client.note("oneway", TestContext.Current.CancellationToken);
        await guarded.EchoAsync(10);

        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    /// <summary>An error reply: the connection is kept.</summary>
    [Theory]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary)]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Compact)]
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Binary)]
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Compact)]
    public async Task UnknownService_IsAFailure(ThriftTransport transport, ThriftProtocol protocol)
        => await AssertRejectedAsync(
            new WireFormat(transport, protocol), "orders", TApplicationException.ExceptionType.InternalError, CallOutcome.Failure, "Service name not found: orders");

    /// <summary>
    /// Client and server disagree about the contract, which a retry does not change: the outcome is ignored.
    /// </summary>
    [Theory]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary)]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Compact)]
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Binary)]
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Compact)]
    public async Task MissingServiceName_IsIgnored(ThriftTransport transport, ThriftProtocol protocol)
        => await AssertRejectedAsync(
            new WireFormat(transport, protocol), service: null, TApplicationException.ExceptionType.InvalidProtocol, CallOutcome.Ignored, "Service name not found in message name: echo");

    [Fact]
    public async Task OnConnected_CanCallAnotherService()
    {
        var login = new CalculatorHandler();
        await using var server = CalculatorServer.StartOther(CreateProcessor(("calculator", new CalculatorHandler()), ("login", login)));
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

    /// <summary>
    /// Asserts that two calls over one connection fail, and that a call succeeds when a server with the service has
    /// replaced the first one.
    /// </summary>
    private static async Task AssertRejectedAsync(WireFormat wireFormat, string? service, TApplicationException.ExceptionType type, CallOutcome outcome, string message)
    {
        await using var server = CalculatorServer.StartOther(new TolerantCreateProcessor(CreateProcessor(("calculator", new CalculatorHandler()))), wireFormat);
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(wireFormat.At(proxy.Port) with { Service = service });
        var outcomes = guarded.RecordOutcomes();

        for (var call = 1; call <= 2; call++)
        {
            var error = await Assert.ThrowsAsync<TApplicationException>(
                () => guarded.Client.echo("lost", TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            Assert.Equal(type, error.Type);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal([outcome, outcome], outcomes);
        Assert.Equal(1, proxy.AcceptedCount);

        await server.DisposeAsync();
        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "the connection is closed");
        await using var repaired = service is null
            ? CalculatorServer.Start(wireFormat, server.Port)
            : CalculatorServer.StartOther(CreateProcessor((service, new CalculatorHandler())), wireFormat, server.Port);
        await guarded.EchoAsync(2);
        Assert.Equal((0, 2), (guarded.CircuitBreaker.FailureCount, proxy.AcceptedCount));
    }

    private static TMultiplexedProcessor CreateProcessor(params (string Name, CalculatorHandler Handler)[] services)
    {
        var processor = new TMultiplexedProcessor();
        foreach (var (name, handler) in services)
        {
            processor.RegisterProcessor(name, new Calculator.AsyncProcessor(handler, NullLogger<Calculator.AsyncProcessor>.Instance));
        }

        return processor;
    }

    /// <summary>
    /// A processor that continues after a rejected call. ApacheThrift's leaves the arguments unread and closes the
    /// connection, which hides the side that closed it. With JSON it has no alternative: the protocol loses its
    /// position.
    /// </summary>
    private sealed class TolerantCreateProcessor(ITAsyncProcessor processor) : ITAsyncProcessor
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
