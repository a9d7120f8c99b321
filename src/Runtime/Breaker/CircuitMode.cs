namespace ThriftBreaker;

/// <summary>Specifies whether a circuit breaker acts on its state, or does what manual control has set.</summary>
public enum CircuitMode
{
    /// <summary>Calls pass or are rejected according to the state.</summary>
    Auto = 0,

    /// <summary>Every call is rejected, without a timeout, until the mode changes.</summary>
    Isolated = 1,

    /// <summary>Every call passes, and no outcome is recorded.</summary>
    Disabled = 2,

    /// <summary>
    /// Every call passes. Outcomes are recorded and change the state as in <see cref="Auto"/>; calls that it would
    /// reject are reported.
    /// </summary>
    ReportOnly = 3,
}
