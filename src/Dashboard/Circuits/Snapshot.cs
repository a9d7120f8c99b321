namespace ThriftBreaker.Dashboard.Circuits;

/// <summary>All circuits at one moment.</summary>
/// <param name="Number">How many times the circuits had been looked at for viewers: the later one has the higher.</param>
/// <param name="Now">The moment, in milliseconds of the server's Unix time.</param>
/// <param name="CircuitBreakers">The circuits, by name.</param>
internal sealed record Snapshot(long Number, long Now, IReadOnlyList<CircuitView> CircuitBreakers);
