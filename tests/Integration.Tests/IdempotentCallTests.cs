using Circuit.Calculators;
using Thrift;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>A contract whose calls may be made twice, but for one; and two methods that are given their time.</summary>
[CircuitBreaker(FailMax = 3, Idempotent = true)]
[CircuitBreakerMethod(nameof(Calculator.IAsync.describe), Idempotent = false)]
[CircuitBreakerMethod(nameof(Calculator.IAsync.slow), CallTimeoutSeconds = 60)]
[CircuitBreakerMethod(nameof(Calculator.IAsync.ping), CallTimeoutSeconds = 2, Bypass = true)]
public interface IRepeatableCalculator : Calculator.IAsync;

/// <summary>A call that finds its connection dead is made once more where that does no harm; and a method may have a timeout of its own.</summary>
public sealed class IdempotentCallTests : IAsyncDisposable
{
    private readonly CalculatorServer _server = CalculatorServer.Start();
    private readonly FaultInjectionProxy _front;
    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider _clock = new();
    private readonly RepeatableCalculatorCircuitBreakerClient _client;
    private readonly List<CallOutcome> _counted = [];

    public IdempotentCallTests()
    {
        _front = new FaultInjectionProxy(_server.Port);
        _client = RepeatableCalculatorCircuitBreakerClient.Connect(WireFormat.Default.At(_front.Port), new ThriftChannelOptions { TimeProvider = _clock });
        _client.CircuitBreaker.CallCompleted += (_, call) => _counted.Add(call.Outcome);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _front.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(Fault.Close)]
    [InlineData(Fault.Reset)]
    public async Task ACallThatFindsItsConnectionDeadIsMadeOnceMore(Fault fault)
    {
        await EchoAsync();
        _front.Next = fault;

        await EchoAsync();

        Assert.Equal(2, _front.Accepted);
        Assert.Equal([CallOutcome.Success, CallOutcome.Success], _counted);
        await EchoAsync();
        Assert.Equal(2, _front.Accepted);
    }

    [Fact]
    public async Task OneThatMayNotBeMadeTwiceFails()
    {
        await EchoAsync();
        _front.Next = Fault.Close;

        await Assert.ThrowsAsync<TTransportException>(() => _client.describe("once", true, Token));

        Assert.Equal(1, _front.Accepted);
        Assert.Equal(CallOutcome.Failure, _counted[^1]);
    }

    [Fact]
    public async Task OneThatHasGotSomethingOfAnAnswerFails()
    {
        await EchoAsync();
        _front.Next = Fault.HalfReplyThenClose;

        await Assert.ThrowsAsync<TTransportException>(() => _client.echo("lost", Token));
        Assert.Equal(1, _front.Accepted);
    }

    [Fact]
    public async Task OneOnAConnectionThatWasOpenedForItFails()
    {
        _front.Next = Fault.Close;

        await Assert.ThrowsAsync<TTransportException>(() => _client.echo("lost", Token));
        Assert.Equal(1, _front.Accepted);
    }

    [Fact]
    public async Task NoCallIsMadeAThirdTime()
    {
        await EchoAsync();
        _front.Every = Fault.Close;

        await Assert.ThrowsAsync<TTransportException>(() => _client.echo("lost", Token));

        Assert.Equal(2, _front.Accepted);
        Assert.Equal([CallOutcome.Success, CallOutcome.Failure], _counted);
        _front.Every = Fault.None;
        await EchoAsync();
    }

    [Fact]
    public async Task ACallThatTimesOutIsNotMadeOnceMore()
    {
        await EchoAsync();
        _front.Next = Fault.Silence;
        var call = _client.echo("lost", Token);
        _clock.Advance(TimeSpan.FromSeconds(10));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Deadline.Short, Token));
        Assert.Contains("within the CallTimeout of 10 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, _front.Accepted);
    }

    [Fact]
    public async Task BothTriesShareOneTimeout()
    {
        await EchoAsync();
        _front.Next = Fault.Close;
        _front.Every = Fault.Silence;
        var call = _client.echo("lost", Token);
        await Deadline.UntilAsync(() => _front.Accepted == 2, "the second try has its connection");
        _clock.Advance(TimeSpan.FromSeconds(10));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Deadline.Short, Token));
        Assert.Contains("within the CallTimeout of 10 s", error.Message, StringComparison.Ordinal);
        _front.Every = Fault.None;
        await EchoAsync();
    }

    [Fact]
    public async Task IfTheSecondTryFindsNoServerThatIsWhatTheCallerSees()
    {
        await EchoAsync();
        _front.Next = Fault.Close;
        _front.StopListening();

        var error = await Assert.ThrowsAsync<TTransportException>(() => _client.echo("lost", Token));
        Assert.Equal(TTransportException.ExceptionType.NotOpen, error.Type);
    }

    [Fact]
    public async Task AnAnswerIsAnAnswerAlsoOnTheSecondTry()
    {
        await EchoAsync();
        _front.Next = Fault.Close;
        await Assert.ThrowsAsync<DivisionByZero>(() => _client.calculate(Calls.OneByZero, Token));
        _front.Next = Fault.Close;
        await Assert.ThrowsAsync<TApplicationException>(() => _client.crash(Token));

        await EchoAsync();
        Assert.Equal(3, _front.Accepted);
    }

    [Fact]
    public async Task AMethodMayTakeTheTimeThatItsMarkGivesIt()
    {
        var slow = _client.slow(CalculatorHandler.UntilReleased, Token);
        await _server.Handler.SlowCallArrivesAsync();
        _clock.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromTicks(1));
        Assert.False(slow.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => slow.WaitAsync(Deadline.Short, Token));
        Assert.Contains("within the CallTimeout of 60 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OrLessThanTheOthers()
    {
        await EchoAsync();
        _front.Next = Fault.Silence;
        var ping = _client.ping(Token);
        _clock.Advance(TimeSpan.FromSeconds(2));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => ping.WaitAsync(Deadline.Short, Token));
        Assert.Contains("within the CallTimeout of 2 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AProbeMayTakeAsLongAsTheLongestCall()
        => Assert.Equal(TimeSpan.FromSeconds(2 * (5 + 5 + 60)), RepeatableCalculatorCircuitBreakerClient.Connect(new ThriftEndpoint("localhost", 1)).CircuitBreaker.Options.ProbeTimeout);

    private async Task EchoAsync() => Assert.Equal("text", await _client.echo("text", Token).WaitAsync(Deadline.Short, Token));
}
