namespace ThriftBreaker.Dashboard.Monitoring;

/// <summary>Represents all circuit breakers at one moment.</summary>
/// <param name="Number">
/// The number of snapshots that were published to viewers before: a later snapshot has a higher number.
/// </param>
/// <param name="Now">The moment, in milliseconds of the server's Unix time.</param>
/// <param name="CircuitBreakers">The circuit breakers, ordered by name.</param>
internal sealed record Snapshot(long Number, long Now, IReadOnlyList<CircuitBreakerView> CircuitBreakers);
