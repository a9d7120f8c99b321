using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>
/// Represents the permission for one call, given by <see cref="CircuitBreaker.TryEnter"/>. <see cref="Complete"/> it
/// exactly once; a second outcome changes nothing.
/// </summary>
/// <remarks>
/// The ticket holds the generation of the state in which it was given. An outcome that comes after the state has
/// changed is ignored, so a call that started before a trip neither closes nor opens the circuit. A probe whose ticket
/// is never completed blocks the circuit for at most <see cref="CircuitBreakerOptions.ProbeTimeout"/>. Keep a ticket in
/// one variable: a copy of the ticket of an ordinary call can be completed too. A default ticket has no circuit
/// breaker, and completing it does nothing.
/// </remarks>
public struct CallTicket
{
    // Fields, written one by one in place: a constructor makes a copy, and reading that back at once stalls the
    // processor for longer than all the rest of a healthy call takes.

    /// <summary>The circuit breaker that gave the ticket; null when it is complete.</summary>
    internal CircuitBreaker? CircuitBreaker;

    /// <summary>
    /// The slot of a probe; null for an ordinary call. Without a circuit breaker, that of the probe around.
    /// </summary>
    internal ProbeLease? Lease;

    /// <summary>The timestamp of the call's start; 0 if its duration is not measured.</summary>
    internal long StartedAt;

    /// <summary>The generation of the state in which the ticket was given.</summary>
    internal ulong Generation;

    /// <summary>The bucket of the time window in which the call started; 0 without such a window.</summary>
    internal ulong Bucket;

    /// <summary>
    /// Gets a value that indicates whether the call is a probe, or part of one: its success may close the circuit, and
    /// its failure opens it again.
    /// </summary>
    public readonly bool IsProbe => Lease is not null;

    /// <summary>
    /// Records the outcome of the call. Thread-safe towards other tickets. Allocates nothing, unless the state changes
    /// or <see cref="CircuitBreaker.CallCompleted"/> has a handler.
    /// </summary>
    /// <param name="outcome">The outcome. An undefined value counts as <see cref="CallOutcome.Ignored"/>.</param>
    /// <param name="exception">
    /// For <see cref="CallOutcome.Failure"/>: the exception, kept as <see cref="CircuitBreaker.LastException"/>.
    /// </param>
    /// <returns>True if this outcome opened the circuit.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Complete(CallOutcome outcome, Exception? exception = null)
        => !(outcome == CallOutcome.Success && TryCompleteHealthy()) && CompleteUnhealthy(outcome, exception, elapsed: null);

    /// <summary>Like <see cref="Complete"/>, for a call whose duration is known.</summary>
    internal bool CompleteAfter(TimeSpan elapsed, CallOutcome outcome, Exception? failure)
        => !(outcome == CallOutcome.Success && TryCompleteHealthy()) && CompleteUnhealthy(outcome, failure, elapsed);

    /// <summary>
    /// Completes a success on a healthy circuit, which changes nothing. False: the ticket is still to be completed.
    /// </summary>
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

    /// <summary>
    /// Completes a success on a circuit that only counts it. False: the ticket is still to be completed.
    /// </summary>
    internal bool TryCompleteSuccess()
    {
        if (!CircuitBreaker!.TryRecordSuccess(this))
        {
            return false;
        }

        CircuitBreaker = null;
        return true;
    }

    /// <summary>Begins the scope of a probe for the present code, which makes the call.</summary>
    internal readonly void BeginScope()
    {
        if (Lease is not null && CircuitBreaker is not null)
        {
            ProbeScope.Begin(Lease);
        }
    }

    /// <summary>
    /// Ends the scope of a probe for the present code: the call has returned, and what follows is no part of it.
    /// </summary>
    internal readonly void EndScope()
    {
        if (Lease is not null && CircuitBreaker is not null)
        {
            ProbeScope.End(Lease);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool CompleteUnhealthy(CallOutcome outcome, Exception? failure, TimeSpan? elapsed)
    {
        var breaker = CircuitBreaker;
        CircuitBreaker = null;
        return breaker is not null && breaker.Record(this, outcome, failure, elapsed ?? breaker.ElapsedOf(this));
    }
}
