using System.Runtime.CompilerServices;

namespace ThriftBreaker.GeneratedCode;

// Methods that return their result, or nothing.
public readonly partial struct CallGuard
{
    /// <summary>Enters, or throws <see cref="CircuitOpenException"/> or, for a cancelled token, <see cref="OperationCanceledException"/>.</summary>
    public CallTicket Enter(ThriftMethod? method, CancellationToken cancellationToken)
        => TryEnter(method, cancellationToken, out var ticket) ? ticket : throw Rejection(cancellationToken);

    /// <summary>What the caller of a method that returns no task gets when its call is not admitted.</summary>
    public Exception Rejection(CancellationToken cancellationToken)
        => cancellationToken.IsCancellationRequested
            ? new OperationCanceledException(cancellationToken)
            : new CircuitOpenException(_breaker);

    /// <summary>Gives the verdict on a call that returned nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Returned(ref CallTicket ticket, ThriftMethod? method) => Returned<object?>(ref ticket, method, result: null);

    /// <summary>Gives the verdict on a call that returned this.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Returned<T>(ref CallTicket ticket, ThriftMethod? method, T result)
    {
        if (!IsDoneWith(ref ticket))
        {
            Judge(ref ticket, method, result);
        }
    }

    /// <summary>Whether a success was all there was to say. A call that somebody times is never done with so quickly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDoneWith(ref CallTicket ticket) => ticket.StartedAt == 0 && ticket.TryCompleteHealthy();

    /// <summary>Out of line, as everything that a healthy call does not need: inlined, it makes the frame of every generated method larger.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Judge<T>(ref CallTicket ticket, ThriftMethod? method, T result)
    {
        // A oneway call that could be sent is no good call: nobody has answered.
        if (ticket.CircuitBreaker is null || (method is not { ReturnIsSuccess: false } && ticket.TryCompleteGood()))
        {
            return;
        }

        try
        {
            var elapsed = _breaker.ElapsedOf(ticket);
            Complete(ref ticket, method, CallOutcomeClassifier.ClassifyResult(_breaker, elapsed, method, result), error: null, elapsed);
        }
#pragma warning disable CA1031 // As in Failed: the caller has an answer, and gets it.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            _breaker.Report(thrown);
        }
    }
}
