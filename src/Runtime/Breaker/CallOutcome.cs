namespace ThriftBreaker;

/// <summary>
/// Specifies the outcome of one call as evidence of the health of the service; a <see cref="CallTicket"/> is completed
/// with it.
/// </summary>
public enum CallOutcome
{
    /// <summary>
    /// The service answered. Resets the count of consecutive failures; in half-open it counts towards closing the
    /// circuit.
    /// </summary>
    Success = 0,

    /// <summary>
    /// The service did not answer as it should. Counts towards opening the circuit; in half-open it opens the circuit
    /// immediately.
    /// </summary>
    Failure = 1,

    /// <summary>
    /// The call is no evidence about the service. Changes no count; in half-open the next call may probe.
    /// </summary>
    Ignored = 2,

    /// <summary>The caller cancelled before the service answered. Counts as <see cref="Ignored"/> does.</summary>
    Cancelled = 3,
}
