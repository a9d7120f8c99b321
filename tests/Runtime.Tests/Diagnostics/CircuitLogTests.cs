using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ThriftBreaker.Runtime.Tests.Diagnostics;

/// <summary>The log messages of a circuit breaker.</summary>
public sealed class CircuitLogTests : IDisposable
{
    private static readonly InvalidOperationException Broken = new("a broken handler");

    private readonly FakeLoggerProvider _provider = new();
    private readonly LoggerFactory _loggers;
    private readonly TestCircuit _circuit = TestCircuit.Closed();

    public CircuitLogTests() => _loggers = new LoggerFactory([_provider], new LoggerFilterOptions { MinLevel = LogLevel.Trace });

    private IReadOnlyList<FakeLogRecord> Records => _provider.Collector.GetSnapshot();

    public void Dispose()
    {
        _loggers.Dispose();
        _provider.Dispose();
    }

    [Fact]
    public void Outage_IsLogged()
    {
        _circuit.CircuitBreaker.LogTo(_loggers);

        _circuit.Fail(times: 3);
        _circuit.Clock.Advance(TestCircuit.ResetTimeout);
        _circuit.Succeed();

        Assert.Equal(
            [
                (LogLevel.Warning, 1, "CircuitOpened", "The circuit breaker 'orders' opened (FailMaxReached) with 3 consecutive failures; the next try is admitted in 00:00:30."),
                (LogLevel.Information, 2, "CircuitHalfOpened", "The circuit breaker 'orders' is half-open (ResetTimeoutPassed) after having been Open for 00:00:30; calls may probe."),
                (LogLevel.Information, 3, "CircuitClosed", "The circuit breaker 'orders' closed (ProbesSucceeded) after having been HalfOpen for 00:00:00."),
            ],
            Records.Select(static record => (record.Level, record.Id.Id, record.Id.Name!, record.Message)));
        Assert.Same(_circuit.CircuitBreaker.LastException, Records[0].Exception);
    }

    /// <summary>A line break in a name would make other log lines up. A name can come from a tenant.</summary>
    [Theory]
    [InlineData("a\r\nwarn: all is well", @"a\u000D\u000Awarn: all is well")]
    [InlineData("a\u0085\u2028\u2029\u202e\u200b\u001b[2J\0", @"a\u0085\u2028\u2029\u202E\u200B\u001B[2J\u0000")]
    [InlineData("Straße 名前 \"'<>\\", "Straße 名前 \"'<>\\")]
    public void NameWithControlCharacters_IsEscaped(string name, string logged)
    {
        var circuitBreaker = new CircuitBreaker(new() { Name = name });
        circuitBreaker.LogTo(_loggers);
        circuitBreaker.StateChanged += static (_, _) => throw Broken;

        circuitBreaker.Open();
        circuitBreaker.TryEnter(out _);
        circuitBreaker.SetMode(CircuitMode.ReportOnly);
        circuitBreaker.TryEnter(out _);
        circuitBreaker.HalfOpen();
        circuitBreaker.Close();

        Assert.Equal([1, 2, 3, 4, 5, 6], Records.Select(static record => record.Id.Id).Distinct().Order());
        Assert.All(Records, record => Assert.Contains($"The circuit breaker '{logged}'", record.Message.Replace("A callback of the", "The", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public void Rejection_IsLoggedAsDebug()
    {
        _circuit.CircuitBreaker.Open();
        _circuit.CircuitBreaker.LogTo(_loggers);

        _circuit.Reject();

        var record = Assert.Single(Records);
        Assert.Equal((LogLevel.Debug, 4, "CallRejected"), (record.Level, record.Id.Id, record.Id.Name));
        Assert.Equal("The circuit breaker 'orders' rejected a call: Open, mode Auto; the next try is admitted in 00:00:30.", record.Message);
    }

    [Fact]
    public void ReportOnly_ReportedCall_HasItsOwnEvent()
    {
        _circuit.CircuitBreaker.Open();
        _circuit.CircuitBreaker.SetMode(CircuitMode.ReportOnly);
        _circuit.CircuitBreaker.LogTo(_loggers);

        _circuit.Enter();

        Assert.Equal((LogLevel.Debug, 5, "CallWouldHaveBeenRejected"), Records.Select(static record => (record.Level, record.Id.Id, record.Id.Name)).Single());
    }

    [Fact]
    public void CallbackThrows_IsLogged()
    {
        _circuit.CircuitBreaker.LogTo(_loggers);
        _circuit.CircuitBreaker.CallRejected += static (_, _) => throw Broken;
        _circuit.CircuitBreaker.SetMode(CircuitMode.Isolated);

        _circuit.Reject();

        var record = Assert.Single(Records, static record => record.Id.Id == 6);
        Assert.Equal((LogLevel.Error, "CallbackFailed"), (record.Level, record.Id.Name));
        Assert.Same(Broken, record.Exception);
    }

    [Fact]
    public void LoggerThrows_NothingChanges()
    {
        var broken = new FakeLoggerProvider(FakeLogCollector.Create(new FakeLogCollectorOptions
        {
            OutputSink = static _ => throw new InvalidOperationException("a broken logger"),
        }));
        using var loggers = new LoggerFactory([broken]);
        _circuit.CircuitBreaker.LogTo(loggers);
        var reported = 0;
        _circuit.CircuitBreaker.CallbackFailed += (_, _) => reported++;

        _circuit.Fail(times: 3);

        Assert.Equal(1, reported);
        Assert.Equal(CircuitState.Open, _circuit.CircuitBreaker.State);
        _circuit.Reject();
    }

    [Fact]
    public void Dispose_EndsTheLog_AndMayBeRepeated()
    {
        _circuit.CircuitBreaker.CallRejected += static (_, _) => throw Broken;
        var log = _circuit.CircuitBreaker.LogTo(_loggers);

        log.Dispose();
        log.Dispose();
        _circuit.Fail(times: 3);
        _circuit.Reject();

        Assert.Empty(Records);
    }

    [Fact]
    public void Category_IsTheTypeOfTheCircuitBreaker()
    {
        _circuit.CircuitBreaker.LogTo(_loggers);

        _circuit.Fail(times: 3);

        Assert.Equal(["ThriftBreaker.CircuitBreaker"], Records.Select(static record => record.Category));
    }

    [Fact]
    public void Logging_AdmittedCall_AllocatesNothing()
    {
        _circuit.CircuitBreaker.LogTo(_loggers);

        Allocations.None(() => _circuit.CircuitBreaker.Execute(static () => { }));
    }

    [Fact]
    public void NullArguments_Throw()
    {
        Assert.Throws<ArgumentNullException>("circuitBreaker", () => CircuitBreakerLoggingExtensions.LogTo(null!, _loggers));
        Assert.Throws<ArgumentNullException>("loggerFactory", () => _circuit.CircuitBreaker.LogTo(null!));
    }
}
