namespace ThriftBreaker;

/// <summary>What is known of one stay in one state, and not needed while the circuit is healthy.</summary>
internal sealed record StateEpoch
{
    /// <summary>The generation of the <see cref="PackedCircuitState"/> that this belongs to.</summary>
    public required uint Generation { get; init; }

    public required CircuitState State { get; init; }

    /// <summary>The settings that it was made by.</summary>
    public required CircuitSettings Settings { get; init; }

    /// <summary>Why the state began; of a new circuit, <see cref="CircuitStateChangeReason.Manual"/>.</summary>
    public required CircuitStateChangeReason Reason { get; init; }

    /// <summary>The timestamp of the transition.</summary>
    public required long StartedAt { get; init; }

    /// <summary>When the first probe is admitted, when the state is open.</summary>
    public Deadline OpenUntil { get; init; }

    /// <summary>The failure that opened the circuit, when the state is open and one did.</summary>
    public Exception? Failure { get; init; }

    /// <summary>How many times the circuit has opened again without a stable time in closed; 0 for the first.</summary>
    public int Attempt { get; init; }

    /// <summary>Whether probes closed the circuit, so that opening soon again is another attempt at the same trouble.</summary>
    public bool IsRecovery { get; init; }

    /// <summary>The rights to probe, when the state is half-open.</summary>
    public ProbeSlots? Probes { get; init; }

    /// <summary>The latest calls, when the state is closed and a rule judges by a ratio.</summary>
    public OutcomeWindow? Window { get; init; }
}
