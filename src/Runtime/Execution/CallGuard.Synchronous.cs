using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ThriftBreaker;

// Synchronous methods.
internal readonly partial struct CallGuard
{
    /// <summary>Asks for admission, and throws <see cref="Rejection"/> if the call must not be made.</summary>
    public CallTicket Enter(ThriftMethod? method, CancellationToken cancellationToken)
        => TryEnter(method, cancellationToken, out var ticket) ? ticket : throw Rejection(cancellationToken);

    /// <summary>
    /// Creates the exception for the caller of a synchronous method whose call was not admitted:
    /// <see cref="OperationCanceledException"/> for a cancelled token, otherwise <see cref="CircuitOpenException"/>.
    /// </summary>
    public Exception Rejection(CancellationToken cancellationToken)
        => cancellationToken.IsCancellationRequested
            ? new OperationCanceledException(cancellationToken)
            : new CircuitOpenException(_circuitBreaker);

    /// <summary>
    /// Records the outcome of a call that threw, in its catch clause, which then rethrows the exception. Throws only
    /// the exception that the caller gets in its place; see <see cref="Failed"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining), StackTraceHidden]
    public void Threw(ref CallTicket ticket, Exception error, ThriftMethod? method, CancellationToken cancellationToken)
    {
        var thrown = Failed(ref ticket, error, method, cancellationToken);
        if (thrown != error)
        {
            throw thrown;
        }
    }

    /// <summary>Records the outcome of a call that returned without a result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Returned(ref CallTicket ticket, ThriftMethod? method) => Returned<NoResult?>(ref ticket, method, result: null);

    /// <summary>Records the outcome of a call that returned a result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Returned<T>(ref CallTicket ticket, ThriftMethod? method, T result)
    {
        if (!CallOutcomeRecorder.TryRecordHealthy(ref ticket))
        {
            CallOutcomeRecorder.RecordReturn(_circuitBreaker, ref ticket, method, result, isMeasured: true);
        }
    }
}
