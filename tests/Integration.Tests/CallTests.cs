using Circuit.Calculators;
using Thrift;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>Every kind of call over every way of speaking, against ApacheThrift's own server.</summary>
public sealed class CallTests
{
    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task EveryKindOfCallWorks(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var guarded = new Guarded(server.Port, wireFormat);
        await Calls.OfEveryKindAsync(guarded.Client);
        await guarded.Client.note("sent without an answer", TestContext.Current.CancellationToken);
        Assert.Equal("sent without an answer", await server.Handler.LastNote.Task.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task ADeclaredExceptionIsAnAnswer()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port);

        for (var call = 0; call < 5; call++)
        {
            var refusal = await Assert.ThrowsAsync<DivisionByZero>(() => guarded.Client.calculate(Calls.OneByZero, TestContext.Current.CancellationToken));
            Assert.Equal(1, refusal.Work?.Left);
        }

        Assert.Equal(CircuitState.Closed, guarded.CircuitBreaker.State);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
        Assert.Equal(1, front.Accepted);
    }

    [Fact]
    public async Task AnErrorThatNoContractDeclaresCountsAndKeepsTheConnection()
    {
        await using var server = CalculatorServer.Start();
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port);

        var error = await Assert.ThrowsAsync<TApplicationException>(() => guarded.Client.crash(TestContext.Current.CancellationToken));
        Assert.Equal(TApplicationException.ExceptionType.InternalError, error.Type);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);

        await guarded.EchoAsync(10);
        Assert.Equal(1, front.Accepted);
    }

    [Fact]
    public async Task ANullResultSaysNothingAboutTheServer()
    {
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port);
        await Assert.ThrowsAsync<TApplicationException>(() => guarded.Client.crash(TestContext.Current.CancellationToken));

        for (var call = 0; call < 5; call++)
        {
            var error = await Assert.ThrowsAsync<TApplicationException>(() => guarded.Client.history(Operation.ADD, [], TestContext.Current.CancellationToken));
            Assert.Equal(TApplicationException.ExceptionType.MissingResult, error.Type);
        }

        Assert.Equal(CircuitState.Closed, guarded.CircuitBreaker.State);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        await guarded.EchoAsync(10);
    }
}
