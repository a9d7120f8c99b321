namespace ThriftBreaker.Dashboard.Monitoring;

/// <summary>Represents all circuit breakers at one moment.</summary>
/// <param name="Number">The position among all snapshots.</param>
/// <param name="Now">The moment, in milliseconds of the server's Unix time.</param>
/// <param name="Uptime">
/// The moment, in milliseconds since the page was mapped. Corrections of the server's clock do not change it.
/// </param>
/// <param name="CircuitBreakers">
/// The circuit breakers, ordered by name. Each has the number of the snapshot in which it looked like this first.
/// </param>
/// <param name="Removed">
/// The ids of the last circuit breakers that were garbage collected. Each has the number of the snapshot that lacked it
/// first.
/// </param>
/// <param name="RemovedSince">The number of the snapshot after which <paramref name="Removed"/> is complete.</param>
internal sealed record Snapshot(
    long Number,
    long Now,
    long Uptime,
    IReadOnlyList<Published<CircuitBreakerView>> CircuitBreakers,
    IReadOnlyList<Published<string>> Removed,
    long RemovedSince);
