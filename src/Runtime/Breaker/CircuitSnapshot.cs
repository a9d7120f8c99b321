namespace ThriftBreaker;

/// <summary>A circuit at one moment, for messages.</summary>
internal readonly record struct CircuitSnapshot(string Name, CircuitState State, CircuitMode Mode, TimeSpan? RetryAfter, int FailureCount);
