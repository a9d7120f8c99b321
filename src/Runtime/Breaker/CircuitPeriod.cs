namespace ThriftBreaker;

/// <summary>What is known of one stay in one state, and not needed while the circuit is healthy.</summary>
/// <param name="generation">The generation of the <see cref="CircuitWord"/> that this belongs to.</param>
/// <param name="startedAt">The timestamp of the transition.</param>
/// <param name="openUntil">The first timestamp at which a probe is admitted, when the state is open.</param>
internal sealed class CircuitPeriod(uint generation, long startedAt, long openUntil)
{
    public uint Generation { get; } = generation;

    public long StartedAt { get; } = startedAt;

    public long OpenUntil { get; } = openUntil;

    /// <summary>The right to probe, when the state is half-open.</summary>
    public ProbeSlot Probe { get; } = new();
}
