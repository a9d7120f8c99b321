namespace ThriftBreaker;

/// <summary>Whether a circuit lets calls through.</summary>
public enum CircuitState
{
    /// <summary>Calls pass; failures in a row are counted.</summary>
    Closed = 0,

    /// <summary>Calls are rejected until the reset timeout has passed.</summary>
    Open = 1,

    /// <summary>A few calls at a time, by default one, pass as probes; their outcome closes the circuit or opens it again.</summary>
    HalfOpen = 2,
}
