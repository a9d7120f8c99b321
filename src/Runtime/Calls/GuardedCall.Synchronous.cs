namespace ThriftBreaker.Calls;

// Methods that return their result, or nothing.
public static partial class GuardedCall
{
    /// <summary>Enters, or throws <see cref="CircuitOpenException"/> or, for a cancelled token, <see cref="OperationCanceledException"/>.</summary>
    public static CallTicket Enter(CircuitBreaker breaker, CancellationToken cancellationToken)
    {
        if (TryEnter(breaker, cancellationToken, out var ticket))
        {
            return ticket;
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new CircuitOpenException(breaker);
    }

    /// <summary>Gives the verdict on a call that returned.</summary>
    public static void Returned(ref CallTicket ticket, MethodContract? method)
        => ticket.Complete(OutcomeRules.OfReturn(method));
}
