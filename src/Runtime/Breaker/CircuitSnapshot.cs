namespace ThriftBreaker;

/// <summary>A circuit at one moment, for messages; with why it opened, while it is open.</summary>
internal readonly record struct CircuitSnapshot(string Name, CircuitState State, CircuitMode Mode, TimeSpan? RetryAfter, int FailureCount, CircuitStateChangeReason? OpenedBy);
