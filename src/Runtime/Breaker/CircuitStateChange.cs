namespace ThriftBreaker;

/// <summary>One change of a circuit's state, as <see cref="CircuitBreaker.StateChanged"/> reports it.</summary>
/// <param name="BreakerName">The circuit's name.</param>
/// <param name="From">The state that ended.</param>
/// <param name="To">The state that began.</param>
/// <param name="Reason">Why it changed.</param>
/// <param name="Generation">
/// The number of the state that began. Changes that race on several threads may be reported out of order; this number,
/// which grows with every change and wraps to 0 after 2^29 of them, gives their order.
/// </param>
/// <param name="Attempt">How many times the circuit has opened again without a stable time in closed; 0 for the first.</param>
/// <param name="Failure">The failure that opened the circuit; null for every other change.</param>
/// <param name="After">How long the state that ended had lasted; since it was last steered by hand, where it was.</param>
public sealed record CircuitStateChange(
    string BreakerName,
    CircuitState From,
    CircuitState To,
    CircuitChangeReason Reason,
    int Generation,
    int Attempt,
    Exception? Failure,
    TimeSpan After);
