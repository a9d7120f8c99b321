namespace ThriftBreaker;

/// <summary>A circuit breaker at one moment, for messages; with the reason for its opening, while it is open.</summary>
internal readonly record struct CircuitSnapshot(string Name, CircuitState State, CircuitMode Mode, TimeSpan? RetryAfter, int FailureCount, CircuitStateChangeReason? OpenedBy);
