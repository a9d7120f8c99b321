namespace ThriftBreaker;

/// <summary>The data of one state that is not needed while the circuit is healthy.</summary>
internal sealed record StateEpoch
{
    /// <summary>The generation of the <see cref="PackedCircuitState"/> that began with it.</summary>
    public required ulong Generation { get; init; }

    public required CircuitState State { get; init; }

    /// <summary>The settings that it was created with.</summary>
    public required CircuitSettings Settings { get; init; }

    /// <summary>Why the state began; <see cref="CircuitStateChangeReason.Manual"/> for a new circuit breaker.</summary>
    public required CircuitStateChangeReason Reason { get; init; }

    /// <summary>The timestamp of the transition.</summary>
    public required long StartedAt { get; init; }

    /// <summary>The time at which the first probe is admitted, while open.</summary>
    public Deadline OpenUntil { get; init; }

    /// <summary>The failure that opened the circuit, while open; null if none did.</summary>
    public Exception? Failure { get; init; }

    /// <summary>How many times the circuit has opened again without a stable time in closed; 0 for the first.</summary>
    public int Attempt { get; init; }

    /// <summary>
    /// Whether probes closed the circuit, so that opening it soon again is another attempt at the same outage.
    /// </summary>
    public bool IsRecovery { get; init; }

    /// <summary>The slots for probes, while half-open.</summary>
    public ProbeSlots? Probes { get; init; }

    /// <summary>The latest calls, while closed and if a ratio is set.</summary>
    public OutcomeWindow? Window { get; init; }
}
