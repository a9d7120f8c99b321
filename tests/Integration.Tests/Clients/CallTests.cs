using Circuit.Calculators;
using Thrift;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Clients;

/// <summary>Each kind of call in each wire format, against ApacheThrift's processor.</summary>
public sealed class CallTests
{
    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task EachKindOfCall_Works(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var guarded = new Guarded(server.Port, wireFormat);
        await Calls.MakeEachKindAsync(guarded.Client);
        await guarded.Client.note("oneway", TestContext.Current.CancellationToken);
        Assert.Equal("oneway", await server.Handler.LastNote.Task.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task DeclaredException_IsASuccess()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port);

        for (var call = 0; call < 5; call++)
        {
            var declared = await Assert.ThrowsAsync<DivisionByZero>(() => guarded.Client.calculate(Calls.DivideByZero, TestContext.Current.CancellationToken));
            Assert.Equal(1, declared.Work?.Left);
        }

        Assert.Equal(CircuitState.Closed, guarded.CircuitBreaker.State);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
        Assert.Equal(1, proxy.AcceptedCount);
    }

    [Fact]
    public async Task UndeclaredException_IsAFailureAndKeepsConnection()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port);

        var error = await Assert.ThrowsAsync<TApplicationException>(() => guarded.Client.crash(TestContext.Current.CancellationToken));
        Assert.Equal(TApplicationException.ExceptionType.InternalError, error.Type);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);

        await guarded.EchoAsync(10);
        Assert.Equal(1, proxy.AcceptedCount);
    }

    [Fact]
    public async Task MissingResult_IsIgnored()
    {
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port);
        await Assert.ThrowsAsync<TApplicationException>(() => guarded.Client.crash(TestContext.Current.CancellationToken));

        for (var call = 0; call < 5; call++)
        {
            var error = await Assert.ThrowsAsync<TApplicationException>(() => guarded.Client.history(Operation.ADD, [], TestContext.Current.CancellationToken));
            Assert.Equal(TApplicationException.ExceptionType.MissingResult, error.Type);
            Assert.Equal(
                $"history failed: unknown result. The reply from 127.0.0.1:{server.Port} (buffered, binary) has neither a result nor a declared exception. Check that the method returns no null, and that the server uses the same contract.",
                error.Message);
        }

        Assert.Equal(CircuitState.Closed, guarded.CircuitBreaker.State);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        await guarded.EchoAsync(10);
    }
}
