namespace ThriftBreaker;

/// <summary>What one call says about the health of the service: the verdict on its <see cref="CallTicket"/>.</summary>
public enum CallOutcome
{
    /// <summary>The service answered. Clears the streak of failures; in half-open it counts towards closing the circuit.</summary>
    Success = 0,

    /// <summary>The service did not answer as it should. Counts towards opening the circuit; in half-open it opens it at once.</summary>
    Failure = 1,

    /// <summary>The call says nothing about the service. Changes no count; in half-open the next call may probe.</summary>
    Ignored = 2,

    /// <summary>The caller gave up before the service answered. Counts as <see cref="Ignored"/> does.</summary>
    Cancelled = 3,
}
