using System.ComponentModel;

namespace ThriftBreaker.Calls;

/// <summary>
/// The few steps that generated clients are made of. Not for use by hand: <see cref="CircuitBreaker.TryEnter"/> and the
/// <c>Execute</c> methods are.
/// </summary>
/// <remarks>
/// A guarded call is: enter; make the inner call; give the ticket its verdict. None of it is async, takes a delegate or
/// allocates when the call is done at once, so that a healthy call costs two volatile reads.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class GuardedCall
{
    /// <summary>Whether the call may be made. A token that is cancelled already wins over the circuit, and nothing is recorded.</summary>
    public static bool TryEnter(CircuitBreaker breaker, CancellationToken cancellationToken, out CallTicket ticket)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            ticket = default;
            return false;
        }

        return breaker.TryEnter(out ticket);
    }

    /// <summary>Gives the verdict on a call that threw; true when the caller is to get <see cref="Tripped"/> instead.</summary>
    /// <remarks>Made for exception filters, which run before the stack unwinds: the original exception keeps its stack.</remarks>
    public static bool Failed(
        CircuitBreaker breaker, ref CallTicket ticket, Exception error, MethodContract? method, CancellationToken cancellationToken)
    {
        var outcome = OutcomeRules.OfException(error, method, cancellationToken);
        var opened = ticket.Complete(outcome, outcome == CallOutcome.Failure ? error : null);
        return opened && breaker.Options.ThrowOnTrip;
    }

    /// <summary>What the caller gets whose call opened the circuit, where <see cref="CircuitBreakerOptions.ThrowOnTrip"/> is set.</summary>
    public static CircuitOpenException Tripped(CircuitBreaker breaker, Exception error) => CircuitOpenException.Tripped(breaker, error);
}
