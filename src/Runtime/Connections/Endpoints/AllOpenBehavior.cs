namespace ThriftBreaker;

/// <summary>Specifies the behavior of a call when the circuits of all endpoints are open.</summary>
public enum AllOpenBehavior
{
    /// <summary>
    /// The call is rejected with <see cref="CircuitOpenException"/>, whose
    /// <see cref="CircuitOpenException.RetryAfter"/> is the shortest of all endpoints.
    /// </summary>
    Reject = 0,

    /// <summary>
    /// The call is sent to the endpoint with the shortest remaining reset timeout, and its outcome is not counted: only
    /// a probe closes the circuit. Endpoints in <see cref="CircuitMode.Isolated"/> get no calls.
    /// </summary>
    TryNextAvailable = 1,
}
