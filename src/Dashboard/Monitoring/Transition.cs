namespace ThriftBreaker.Dashboard.Monitoring;

/// <summary>Represents one state change of a circuit breaker, as the page and its API show it.</summary>
/// <param name="Number">The position among all recorded transitions.</param>
/// <param name="At">When the transition was recorded.</param>
/// <param name="CircuitBreakerId">The <see cref="CircuitBreakerView.Id"/> of the circuit breaker.</param>
/// <param name="Name">The name of the circuit breaker.</param>
/// <param name="From">The previous state.</param>
/// <param name="To">The new state.</param>
/// <param name="Reason">The reason of the transition.</param>
/// <param name="Failure">
/// The type of the failure that caused the transition. Its message is left out, because it can contain what the service
/// returned.
/// </param>
/// <param name="Generation">
/// The position among the transitions of the same circuit breaker. Transitions that race on two threads can be recorded
/// in the wrong order.
/// </param>
internal sealed record Transition(
    long Number,
    DateTimeOffset At,
    string CircuitBreakerId,
    string Name,
    string From,
    string To,
    string Reason,
    string? Failure,
    long Generation);
