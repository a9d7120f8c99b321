namespace ThriftBreaker;

/// <summary>Specifies why a circuit changed its state.</summary>
public enum CircuitStateChangeReason
{
    /// <summary>
    /// Manual control: <see cref="CircuitBreaker.Open"/>, <see cref="CircuitBreaker.Close"/>,
    /// <see cref="CircuitBreaker.HalfOpen"/> or <see cref="CircuitBreaker.SetMode"/> was called.
    /// </summary>
    Manual = 0,

    /// <summary>Closed → open: <see cref="CircuitBreakerOptions.FailMax"/> consecutive calls failed.</summary>
    FailMaxReached = 1,

    /// <summary>Open → half-open: the reset timeout has passed and a call probes.</summary>
    ResetTimeoutPassed = 2,

    /// <summary>Half-open → closed: <see cref="CircuitBreakerOptions.SuccessThreshold"/> probes succeeded.</summary>
    ProbesSucceeded = 3,

    /// <summary>Half-open → open: a probe failed.</summary>
    ProbeFailed = 4,

    /// <summary>
    /// Half-open → open: a probe had no outcome within <see cref="CircuitBreakerOptions.ProbeTimeout"/>.
    /// </summary>
    ProbeTimedOut = 5,

    /// <summary>
    /// Closed → open: the ratio of failed calls reached <see cref="CircuitBreakerOptions.FailureRatio"/>.
    /// </summary>
    FailureRatioReached = 6,

    /// <summary>
    /// Closed → open: the ratio of slow calls reached <see cref="CircuitBreakerOptions.SlowCallRatio"/>.
    /// </summary>
    SlowCallRatioReached = 7,
}
