using Microsoft.Extensions.Logging;

namespace ThriftBreaker;

/// <summary>One listener that writes what a circuit says to a logger. The event ids are as stable as the public API.</summary>
internal sealed partial class CircuitLog : IDisposable
{
    private readonly CircuitBreaker _breaker;
    private readonly ILogger _logger;

    public CircuitLog(CircuitBreaker breaker, ILogger logger)
    {
        _breaker = breaker;
        _logger = logger;
        breaker.StateChanged += OnStateChanged;
        breaker.CallRejected += OnCallRejected;
        breaker.CallbackFailed += OnCallbackFailed;
    }

    public void Dispose()
    {
        _breaker.StateChanged -= OnStateChanged;
        _breaker.CallRejected -= OnCallRejected;
        _breaker.CallbackFailed -= OnCallbackFailed;
    }

    private void OnStateChanged(object? sender, CircuitStateChange change)
    {
        switch (change.To)
        {
            case CircuitState.Open:
                CircuitOpened(change.BreakerName, change.Reason, _breaker.FailureCount, _breaker.RetryAfter, change.Failure);
                break;

            case CircuitState.HalfOpen:
                CircuitHalfOpened(change.BreakerName, change.Reason, change.From, change.After);
                break;

            default:
                CircuitClosed(change.BreakerName, change.Reason, change.From, change.After);
                break;
        }
    }

    private void OnCallRejected(object? sender, CallRejection rejection)
    {
        if (rejection.Mode == CircuitMode.Shadow)
        {
            CallWouldHaveBeenRejected(rejection.BreakerName, rejection.State, rejection.RetryAfter);
        }
        else
        {
            CallRejected(rejection.BreakerName, rejection.State, rejection.Mode, rejection.RetryAfter);
        }
    }

    private void OnCallbackFailed(object? sender, Exception thrown) => CallbackFailed(_breaker.Name, thrown);

    [LoggerMessage(1, LogLevel.Warning, "The circuit '{CircuitName}' opened ({Reason}) with {FailureCount} failures in a row on record; the next try is admitted in {RetryAfter}.")]
    private partial void CircuitOpened(string circuitName, CircuitChangeReason reason, int failureCount, TimeSpan? retryAfter, Exception? lastFailure);

    [LoggerMessage(2, LogLevel.Information, "The circuit '{CircuitName}' is half-open ({Reason}) after having been {From} for {After}; calls may probe.")]
    private partial void CircuitHalfOpened(string circuitName, CircuitChangeReason reason, CircuitState from, TimeSpan after);

    [LoggerMessage(3, LogLevel.Information, "The circuit '{CircuitName}' closed ({Reason}) after having been {From} for {After}.")]
    private partial void CircuitClosed(string circuitName, CircuitChangeReason reason, CircuitState from, TimeSpan after);

    [LoggerMessage(4, LogLevel.Debug, "The circuit '{CircuitName}' rejected a call: {State}, mode {Mode}; the next try is admitted in {RetryAfter}.")]
    private partial void CallRejected(string circuitName, CircuitState state, CircuitMode mode, TimeSpan? retryAfter);

    [LoggerMessage(5, LogLevel.Debug, "The circuit '{CircuitName}' let a call pass in shadow mode that it would have rejected: {State}; the next try would be admitted in {RetryAfter}.")]
    private partial void CallWouldHaveBeenRejected(string circuitName, CircuitState state, TimeSpan? retryAfter);

    [LoggerMessage(6, LogLevel.Error, "A callback of the circuit '{CircuitName}' threw; its calls did not notice.")]
    private partial void CallbackFailed(string circuitName, Exception thrown);
}
