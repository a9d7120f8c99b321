namespace ThriftBreaker.Dashboard.Monitoring;

/// <summary>
/// Represents one state change of a circuit breaker, or consecutive probes that failed, as the page and its API show
/// it.
/// </summary>
/// <param name="Number">
/// The position among all recorded state changes: that of the last one, if this represents several.
/// </param>
/// <param name="First">
/// The position of the first state change that this represents. An entry replaces an earlier one with the same value.
/// </param>
/// <param name="FirstAt">When the first state change was recorded.</param>
/// <param name="At">When the last state change was recorded.</param>
/// <param name="CircuitBreakerId">The <see cref="CircuitBreakerView.Id"/> of the circuit breaker.</param>
/// <param name="Name">The name of the circuit breaker.</param>
/// <param name="From">The state before the first state change.</param>
/// <param name="To">The state after the last state change.</param>
/// <param name="Reason">The reason of the last state change.</param>
/// <param name="Failure">
/// The types of the failures that caused the state changes. Their messages are left out, because they can contain what
/// the service returned.
/// </param>
/// <param name="FailedProbes">The number of consecutive probes that failed; 0 for any other state change.</param>
/// <param name="Generation">
/// The position among the transitions of the same circuit breaker. Transitions that race on two threads can be recorded
/// in the wrong order.
/// </param>
internal sealed record Transition(
    long Number,
    long First,
    DateTimeOffset FirstAt,
    DateTimeOffset At,
    string CircuitBreakerId,
    string Name,
    string From,
    string To,
    string Reason,
    string? Failure,
    int FailedProbes,
    long Generation);
