namespace ThriftBreaker.Dashboard.Circuits;

/// <summary>One change of a circuit's state, as the page tells it. Of a failure it has the type and nothing else: a message may say what a service returned.</summary>
/// <param name="Number">The place among all that were noted.</param>
/// <param name="At">When it was noted.</param>
/// <param name="Circuit">The circuit's <see cref="CircuitView.Id"/>.</param>
/// <param name="Name">The circuit's name.</param>
/// <param name="From">The state that ended.</param>
/// <param name="To">The state that began.</param>
/// <param name="Reason">Why.</param>
/// <param name="Failure">For a failure that caused it: its type.</param>
/// <param name="Generation">The place among the changes of its circuit: those that race on two threads may be noted in the wrong order.</param>
internal sealed record Transition(long Number, DateTimeOffset At, string Circuit, string Name, string From, string To, string Reason, string? Failure, int Generation);
