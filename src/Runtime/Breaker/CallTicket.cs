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
    // Fields, written one by one where the ticket lies: a constructor makes a copy, and reading it back at once stalls the
    // processor for longer than all the rest of a healthy call takes.

    /// <summary>The circuit that gave the ticket; null once it has its verdict.</summary>
    internal CircuitBreaker? CircuitBreaker;

    /// <summary>The right to probe; null for an ordinary call.</summary>
    internal ProbeLease? Lease;

    /// <summary>When the call started; 0 where nobody asks for its duration.</summary>
    internal long StartedAt;

    /// <summary>The state of the circuit that the ticket was given in.</summary>
    internal uint Generation;

    /// <summary>Which part of the time window the call started in; 0 where there is none.</summary>
    internal uint Bucket;

    /// <summary>Whether the call is a probe: its success may close the circuit and its failure opens it again.</summary>
    public readonly bool IsProbe => Lease is not null;

    /// <summary>
    /// Says how the call ended. Thread-safe towards other tickets; allocates nothing unless the circuit's state changes or
    /// <see cref="CircuitBreaker.CallCompleted"/> has a handler.
    /// </summary>
    /// <param name="outcome">What the call says about the service. A value that is none of the enum's counts as <see cref="CallOutcome.Ignored"/>.</param>
    /// <param name="failure">For <see cref="CallOutcome.Failure"/>: the exception, kept as <see cref="CircuitBreaker.LastFailure"/>.</param>
    /// <returns>Whether this verdict opened the circuit.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Complete(CallOutcome outcome, Exception? failure = null)
        => !(outcome == CallOutcome.Success && TryCompleteHealthy()) && CompleteUnhealthy(outcome, failure, elapsed: null);

    /// <summary>As <see cref="Complete"/>, of a call whose time has been taken already.</summary>
    internal bool CompleteAfter(TimeSpan elapsed, CallOutcome outcome, Exception? failure)
        => !(outcome == CallOutcome.Success && TryCompleteHealthy()) && CompleteUnhealthy(outcome, failure, elapsed);

    /// <summary>The verdict of a success on a healthy circuit, which changes nothing. False: the verdict is still to be given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryCompleteHealthy()
    {
        var breaker = CircuitBreaker;
        if (breaker is not null && !breaker.IsHealthy(Generation))
        {
            return false;
        }

        CircuitBreaker = null;
        return true;
    }

    /// <summary>The verdict of a success on a circuit that only wants to count it. False: the verdict is still to be given.</summary>
    internal bool TryCompleteGood()
    {
        if (!CircuitBreaker!.TryRecordGood(this))
        {
            return false;
        }

        CircuitBreaker = null;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool CompleteUnhealthy(CallOutcome outcome, Exception? failure, TimeSpan? elapsed)
    {
        var breaker = CircuitBreaker;
        CircuitBreaker = null;
        return breaker is not null && breaker.Record(this, outcome, failure, elapsed ?? breaker.ElapsedOf(this));
    }
}
