namespace ThriftBreaker.Dashboard.Circuits;

/// <summary>One change of a circuit's state, as the page tells it. Of a failure it has the type and nothing else: a message may say what a service returned.</summary>
internal sealed record Transition(long Number, DateTimeOffset At, int Circuit, string Name, string From, string To, string Reason, string? Failure);
