namespace ThriftBreaker.Dashboard.Circuits;

/// <summary>All circuits at one moment.</summary>
/// <param name="Now">The moment, in milliseconds of the server's Unix time.</param>
/// <param name="Circuits">The circuits, by name.</param>
internal sealed record Picture(long Now, IReadOnlyList<CircuitView> Circuits);
