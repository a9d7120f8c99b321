using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>
/// The right to make one call, given by <see cref="CircuitBreaker.TryEnter"/>. It takes exactly one verdict,
/// <see cref="Complete"/>; a second verdict changes nothing.
/// </summary>
/// <remarks>
/// The ticket remembers the state of the circuit that it was given in: a verdict that comes after the circuit has moved on
/// changes nothing, so a call that started before the trip can neither close nor re-open it. A probe's ticket that never
/// gets a verdict blocks the circuit for <see cref="CircuitBreakerOptions.ProbeTimeout"/> at most. Keep it in one variable:
/// a copy of the ticket of an ordinary call has a verdict of its own. A default ticket belongs to no circuit and takes none.
/// </remarks>
public struct CallTicket
{
    private CircuitBreaker? _breaker;

    internal CallTicket(CircuitBreaker breaker, uint generation, ProbeLease? lease = null)
    {
        _breaker = breaker;
        Generation = generation;
        Lease = lease;
    }

    internal uint Generation { get; }

    internal ProbeLease? Lease { get; }

    /// <summary>Whether the call is a probe: its success may close the circuit and its failure opens it again.</summary>
    public readonly bool IsProbe => Lease is not null;

    /// <summary>Says how the call ended. Thread-safe towards other tickets; allocates nothing unless the circuit's state changes.</summary>
    /// <param name="outcome">What the call says about the service.</param>
    /// <param name="failure">For <see cref="CallOutcome.Failure"/>: the exception, kept as <see cref="CircuitBreaker.LastFailure"/>.</param>
    /// <returns>Whether this verdict opened the circuit.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Complete(CallOutcome outcome, Exception? failure = null)
    {
        var breaker = _breaker;
        _breaker = null;
        return breaker is not null && !(outcome == CallOutcome.Success && breaker.IsHealthy(this)) && breaker.Record(this, outcome, failure);
    }
}
