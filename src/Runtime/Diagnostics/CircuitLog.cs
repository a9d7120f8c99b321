using Microsoft.Extensions.Logging;

namespace ThriftBreaker;

/// <summary>
/// Writes the events of one circuit breaker to a logger. The event ids are as stable as the public API.
/// </summary>
internal sealed partial class CircuitLog : IDisposable
{
    private readonly CircuitBreaker _breaker;
    private readonly ILogger _logger;
    private readonly string _name;

    public CircuitLog(CircuitBreaker breaker, ILogger logger)
    {
        _breaker = breaker;
        _logger = logger;
        _name = LogText.Escape(breaker.Name);
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

    private void OnStateChanged(object? sender, CircuitStateChangedEventArgs change)
    {
        switch (change.To)
        {
            case CircuitState.Open:
                CircuitOpened(_name, change.Reason, _breaker.FailureCount, _breaker.RetryAfter, change.Exception);
                break;

            case CircuitState.HalfOpen:
                CircuitHalfOpened(_name, change.Reason, change.From, change.TimeInPreviousState);
                break;

            default:
                CircuitClosed(_name, change.Reason, change.From, change.TimeInPreviousState);
                break;
        }
    }

    private void OnCallRejected(object? sender, CallRejectedEventArgs rejection)
    {
        if (rejection.Mode == CircuitMode.ReportOnly)
        {
            CallWouldHaveBeenRejected(_name, rejection.State, rejection.RetryAfter);
        }
        else
        {
            CallRejected(_name, rejection.State, rejection.Mode, rejection.RetryAfter);
        }
    }

    private void OnCallbackFailed(object? sender, CallbackFailedEventArgs failed) => CallbackFailed(_name, failed.Exception);

    [LoggerMessage(1, LogLevel.Warning, "The circuit breaker '{CircuitBreakerName}' opened ({Reason}) with {FailureCount} consecutive failures; the next try is admitted in {RetryAfter}.")]
    private partial void CircuitOpened(string circuitBreakerName, CircuitStateChangeReason reason, int failureCount, TimeSpan? retryAfter, Exception? lastFailure);

    [LoggerMessage(2, LogLevel.Information, "The circuit breaker '{CircuitBreakerName}' is half-open ({Reason}) after having been {From} for {TimeInPreviousState}; calls may probe.")]
    private partial void CircuitHalfOpened(string circuitBreakerName, CircuitStateChangeReason reason, CircuitState from, TimeSpan timeInPreviousState);

    [LoggerMessage(3, LogLevel.Information, "The circuit breaker '{CircuitBreakerName}' closed ({Reason}) after having been {From} for {TimeInPreviousState}.")]
    private partial void CircuitClosed(string circuitBreakerName, CircuitStateChangeReason reason, CircuitState from, TimeSpan timeInPreviousState);

    [LoggerMessage(4, LogLevel.Debug, "The circuit breaker '{CircuitBreakerName}' rejected a call: {State}, mode {Mode}; the next try is admitted in {RetryAfter}.")]
    private partial void CallRejected(string circuitBreakerName, CircuitState state, CircuitMode mode, TimeSpan? retryAfter);

    [LoggerMessage(5, LogLevel.Debug, "The circuit breaker '{CircuitBreakerName}' reports a call that it would have rejected: {State}, mode ReportOnly; the next try would be admitted in {RetryAfter}.")]
    private partial void CallWouldHaveBeenRejected(string circuitBreakerName, CircuitState state, TimeSpan? retryAfter);

    [LoggerMessage(6, LogLevel.Error, "A callback of the circuit breaker '{CircuitBreakerName}' threw an exception; calls were not affected.")]
    private partial void CallbackFailed(string circuitBreakerName, Exception thrown);
}
