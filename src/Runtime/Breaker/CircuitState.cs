namespace ThriftBreaker;

/// <summary>Specifies whether a circuit lets calls pass.</summary>
public enum CircuitState
{
    /// <summary>Calls pass; consecutive failures are counted.</summary>
    Closed = 0,

    /// <summary>Calls are rejected until the reset timeout has passed.</summary>
    Open = 1,

    /// <summary>
    /// A few calls at a time, by default one, pass as probes. Their outcomes close the circuit or open it again.
    /// </summary>
    HalfOpen = 2,
}
