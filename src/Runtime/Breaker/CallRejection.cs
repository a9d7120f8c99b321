namespace ThriftBreaker;

/// <summary>One call that was rejected, as <see cref="CircuitBreaker.CallRejected"/> reports it.</summary>
/// <param name="BreakerName">The circuit's name.</param>
/// <param name="State">The circuit's state.</param>
/// <param name="Mode">The circuit's mode. In <see cref="CircuitMode.Shadow"/> the call was made all the same.</param>
/// <param name="RetryAfter">How long until a call is worth trying; zero when the circuit has moved on
/// meanwhile, null while isolated.</param>
public sealed record CallRejection(string BreakerName, CircuitState State, CircuitMode Mode, TimeSpan? RetryAfter);
