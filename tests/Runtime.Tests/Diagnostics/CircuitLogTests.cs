using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Runtime.Tests.Telemetry;

/// <summary>What a circuit logs.</summary>
public sealed class CircuitLogTests : IDisposable
{
    private static readonly InvalidOperationException Broken = new("a broken listener");

    private readonly RecordingLogger _log = new();
    private readonly TestCircuit _circuit = TestCircuit.Closed();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void AnOutageAndItsEndAreLogged()
    {
        _circuit.CircuitBreaker.LogTo(_log);

        _circuit.Fail(times: 3);
        _circuit.Clock.Advance(TestCircuit.ResetTimeout);
        _circuit.Succeed();

        Assert.Equal(
            [
                (LogLevel.Warning, 1, "CircuitOpened", "The circuit 'orders' opened (FailMaxReached) with 3 failures in a row on record; the next try is admitted in 00:00:30."),
                (LogLevel.Information, 2, "CircuitHalfOpened", "The circuit 'orders' is half-open (ResetTimeoutPassed) after having been Open for 00:00:30; calls may probe."),
                (LogLevel.Information, 3, "CircuitClosed", "The circuit 'orders' closed (ProbesSucceeded) after having been HalfOpen for 00:00:00."),
            ],
            _log.Entries.Select(static entry => (entry.Level, entry.Id, entry.Name, entry.Message)));
        Assert.Same(_circuit.CircuitBreaker.LastFailure, _log.Entries[0].Error);
    }

    [Fact]
    public void ARejectionIsLoggedForWhoDebugs()
    {
        _circuit.CircuitBreaker.Open();
        _circuit.CircuitBreaker.LogTo(_log);

        _circuit.Reject();

        var entry = Assert.Single(_log.Entries);
        Assert.Equal((LogLevel.Debug, 4, "CallRejected"), (entry.Level, entry.Id, entry.Name));
        Assert.Equal("The circuit 'orders' rejected a call: Open, mode Auto; the next try is admitted in 00:00:30.", entry.Message);
    }

    [Fact]
    public void ACallThatShadowModeLetPassIsNotLoggedAsARejection()
    {
        _circuit.CircuitBreaker.Open();
        _circuit.CircuitBreaker.SetMode(CircuitMode.ReportOnly);
        _circuit.CircuitBreaker.LogTo(_log);

        _circuit.Enter();

        Assert.Equal((LogLevel.Debug, 5, "CallWouldHaveBeenRejected"), _log.Entries.Select(static entry => (entry.Level, entry.Id, entry.Name)).Single());
    }

    [Fact]
    public void ACallbackThatThrewIsLogged()
    {
        _circuit.CircuitBreaker.LogTo(_log);
        _circuit.CircuitBreaker.CallRejected += static (_, _) => throw Broken;
        _circuit.CircuitBreaker.SetMode(CircuitMode.Isolated);

        _circuit.Reject();

        var entry = Assert.Single(_log.Entries, static entry => entry.Id == 6);
        Assert.Equal((LogLevel.Error, "CallbackFailed"), (entry.Level, entry.Name));
        Assert.Same(Broken, entry.Error);
    }

    [Fact]
    public void ALoggerThatThrowsChangesNothing()
    {
        using var broken = new RecordingLogger { Throws = true };
        _circuit.CircuitBreaker.LogTo(broken);

        _circuit.Fail(times: 3);

        Assert.Equal(CircuitState.Open, _circuit.CircuitBreaker.State);
        _circuit.Reject();
    }

    [Fact]
    public void ADisposedLogIsSilentAndMayBeDisposedAgain()
    {
        _circuit.CircuitBreaker.CallRejected += static (_, _) => throw Broken;
        var log = _circuit.CircuitBreaker.LogTo(_log);

        log.Dispose();
        log.Dispose();
        _circuit.Fail(times: 3);
        _circuit.Reject();

        Assert.Empty(_log.Entries);
    }

    [Fact]
    public void TheCategoryIsTheCircuitsType()
    {
        _circuit.CircuitBreaker.LogTo(_log);

        Assert.Equal(["ThriftBreaker.CircuitBreaker"], _log.Categories);
    }

    [Fact]
    public void ListeningCostsCallsThatPassNothing()
    {
        _circuit.CircuitBreaker.LogTo(_log);

        Allocations.None(() => _circuit.CircuitBreaker.Execute(static () => { }));
    }

    [Fact]
    public void MissingArgumentsAreNamed()
    {
        Assert.Throws<ArgumentNullException>("breaker", () => CircuitBreakerLoggingExtensions.LogTo(null!, _log));
        Assert.Throws<ArgumentNullException>("loggerFactory", () => _circuit.CircuitBreaker.LogTo(null!));
    }
}
