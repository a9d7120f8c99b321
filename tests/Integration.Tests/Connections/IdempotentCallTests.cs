using Circuit.Calculators;
using Thrift;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>An idempotent contract with one other method, and two methods with a call timeout.</summary>
[CircuitBreaker(FailMax = 3, Idempotent = true)]
[CircuitBreakerMethod(nameof(Calculator.IAsync.describe), Idempotent = false)]
[CircuitBreakerMethod(nameof(Calculator.IAsync.slow), CallTimeoutSeconds = 60)]
[CircuitBreakerMethod(nameof(Calculator.IAsync.ping), CallTimeoutSeconds = 2, Bypass = true)]
public interface IIdempotentCalculator : Calculator.IAsync;

/// <summary>Idempotent calls on dead connections are repeated once; methods can have their own timeouts.</summary>
public sealed class IdempotentCallTests : IAsyncDisposable
{
    private readonly CalculatorServer _server = CalculatorServer.Start();
    private readonly FaultInjectionProxy _proxy;
    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider _clock = new();
    private readonly IdempotentCalculatorCircuitBreakerClient _client;
    private readonly List<CallOutcome> _outcomes = [];

    public IdempotentCallTests()
    {
        _proxy = new FaultInjectionProxy(_server.Port);
        _client = IdempotentCalculatorCircuitBreakerClient.Connect(WireFormat.Default.At(_proxy.Port), new ThriftChannelOptions { TimeProvider = _clock });
        _client.CircuitBreaker.CallCompleted += (_, call) => _outcomes.Add(call.Outcome);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(Fault.Close)]
    [InlineData(Fault.Reset)]
    public async Task DeadConnection_IsRepeatedOnce(Fault fault)
    {
        await EchoAsync();
        _proxy.NextFault = fault;

        await EchoAsync();

        Assert.Equal(2, _proxy.AcceptedCount);
        Assert.Equal([CallOutcome.Success, CallOutcome.Success], _outcomes);
        await EchoAsync();
        Assert.Equal(2, _proxy.AcceptedCount);
    }

    [Fact]
    public async Task DeadConnection_NotIdempotent_Fails()
    {
        await EchoAsync();
        _proxy.NextFault = Fault.Close;

        await Assert.ThrowsAsync<TTransportException>(() => _client.describe("once", true, Token));

        Assert.Equal(1, _proxy.AcceptedCount);
        Assert.Equal(CallOutcome.Failure, _outcomes[^1]);
    }

    [Fact]
    public async Task PartialReply_IsNotRepeated()
    {
        await EchoAsync();
        _proxy.NextFault = Fault.HalfReplyThenClose;

        await Assert.ThrowsAsync<TTransportException>(() => _client.echo("lost", Token));
        Assert.Equal(1, _proxy.AcceptedCount);
    }

    [Fact]
    public async Task NewConnection_IsNotRepeated()
    {
        _proxy.NextFault = Fault.Close;

        await Assert.ThrowsAsync<TTransportException>(() => _client.echo("lost", Token));
        Assert.Equal(1, _proxy.AcceptedCount);
    }

    [Fact]
    public async Task SecondAttemptFails_IsNotRepeated()
    {
        await EchoAsync();
        _proxy.DefaultFault = Fault.Close;

        await Assert.ThrowsAsync<TTransportException>(() => _client.echo("lost", Token));

        Assert.Equal(2, _proxy.AcceptedCount);
        Assert.Equal([CallOutcome.Success, CallOutcome.Failure], _outcomes);
        _proxy.DefaultFault = Fault.None;
        await EchoAsync();
    }

    [Fact]
    public async Task Timeout_IsNotRepeated()
    {
        await EchoAsync();
        _proxy.NextFault = Fault.Silence;
        var call = _client.echo("lost", Token);
        _clock.Advance(TimeSpan.FromSeconds(10));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Deadline.Short, Token));
        Assert.Contains("within the CallTimeout of 10 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, _proxy.AcceptedCount);
    }

    [Fact]
    public async Task BothAttempts_ShareOneTimeout()
    {
        await EchoAsync();
        _proxy.NextFault = Fault.Close;
        _proxy.DefaultFault = Fault.Silence;
        var call = _client.echo("lost", Token);
        await Deadline.UntilAsync(() => _proxy.AcceptedCount == 2, "the second attempt has its connection");
        _clock.Advance(TimeSpan.FromSeconds(10));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Deadline.Short, Token));
        Assert.Contains("within the CallTimeout of 10 s", error.Message, StringComparison.Ordinal);
        _proxy.DefaultFault = Fault.None;
        await EchoAsync();
    }

    [Fact]
    public async Task SecondAttempt_CannotConnect_ThrowsNotOpen()
    {
        await EchoAsync();
        _proxy.NextFault = Fault.Close;
        _proxy.StopListening();

        var error = await Assert.ThrowsAsync<TTransportException>(() => _client.echo("lost", Token));
        Assert.Equal(TTransportException.ExceptionType.NotOpen, error.Type);
    }

    [Fact]
    public async Task SecondAttempt_ErrorReply_IsReturned()
    {
        await EchoAsync();
        _proxy.NextFault = Fault.Close;
        await Assert.ThrowsAsync<DivisionByZero>(() => _client.calculate(Calls.DivideByZero, Token));
        _proxy.NextFault = Fault.Close;
        await Assert.ThrowsAsync<TApplicationException>(() => _client.crash(Token));

        await EchoAsync();
        Assert.Equal(3, _proxy.AcceptedCount);
    }

    [Fact]
    public async Task CallTimeout_OfMethod_CanBeLonger()
    {
        var slow = _client.slow(CalculatorHandler.UntilReleased, Token);
        await _server.Handler.WaitForSlowCallAsync();
        _clock.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromTicks(1));
        Assert.False(slow.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => slow.WaitAsync(Deadline.Short, Token));
        Assert.Contains("within the CallTimeout of 60 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallTimeout_OfMethod_CanBeShorter()
    {
        await EchoAsync();
        _proxy.NextFault = Fault.Silence;
        var ping = _client.ping(Token);
        _clock.Advance(TimeSpan.FromSeconds(2));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => ping.WaitAsync(Deadline.Short, Token));
        Assert.Contains("within the CallTimeout of 2 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProbeTimeout_CoversTheLongestCall()
        => Assert.Equal(TimeSpan.FromSeconds(2 * (5 + 5 + 60)), IdempotentCalculatorCircuitBreakerClient.Connect(new ThriftEndpoint("localhost", 1)).CircuitBreaker.Options.ProbeTimeout);

    private async Task EchoAsync() => Assert.Equal("text", await _client.echo("text", Token).WaitAsync(Deadline.Short, Token));
}
