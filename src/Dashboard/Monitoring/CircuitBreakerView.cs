namespace ThriftBreaker.Dashboard.Monitoring;

/// <summary>Represents one circuit breaker at one moment, as the page and its API show it.</summary>
/// <param name="Id">
/// The id of the circuit breaker on the page, because names can repeat. Ids differ between processes and between
/// restarts.
/// </param>
/// <param name="Name">The name of the circuit breaker.</param>
/// <param name="State"><c>closed</c>, <c>open</c> or <c>half-open</c>.</param>
/// <param name="Mode"><c>auto</c>, <c>isolated</c>, <c>disabled</c> or <c>report-only</c>.</param>
/// <param name="FailureCount">The number of consecutive failures.</param>
/// <param name="FailMax">The number of consecutive failures that opens the circuit.</param>
/// <param name="NextProbeAt">
/// While the circuit is open: when the next probe is admitted, in milliseconds of the server's Unix time.
/// </param>
/// <param name="CallsPerSecond">Completed calls per second; 0 while the page has no viewer.</param>
/// <param name="RejectionsPerSecond">Rejected calls per second; 0 while the page has no viewer.</param>
/// <param name="KnownSince">
/// The moment from which on the history has every state change of the last hour, in milliseconds of the server's Unix
/// time.
/// </param>
/// <param name="LastFailure">
/// The type of the last failure. Its message is left out, because it can contain what the service returned.
/// </param>
internal sealed record CircuitBreakerView(
    string Id,
    string Name,
    string State,
    string Mode,
    int FailureCount,
    int FailMax,
    long? NextProbeAt,
    double CallsPerSecond,
    double RejectionsPerSecond,
    long KnownSince,
    string? LastFailure)
{
    /// <summary>
    /// The difference in milliseconds below which two values of <see cref="NextProbeAt"/> are equal: each snapshot
    /// computes it again.
    /// </summary>
    private const long NextProbeTolerance = 500;

    /// <summary>Returns whether the page would show the same for both.</summary>
    public bool LooksLike(CircuitBreakerView other)
        => this == other ||
           (NextProbeAt is { } next && other.NextProbeAt is { } otherNext && Math.Abs(next - otherNext) < NextProbeTolerance &&
            this with { NextProbeAt = otherNext } == other);
}
