using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>Contains the steps of a call through a circuit breaker: enter, make the call, record the outcome.</summary>
/// <remarks>
/// No step is async, takes a delegate or allocates when the call completes synchronously. A call on a healthy circuit
/// costs two volatile reads.
/// </remarks>
internal readonly partial struct CallGuard
{
    private readonly CircuitBreaker _circuitBreaker;

    /// <exception cref="ArgumentNullException"><paramref name="circuitBreaker"/> is null.</exception>
    public CallGuard(CircuitBreaker circuitBreaker)
    {
        ArgumentNullException.ThrowIfNull(circuitBreaker);
        _circuitBreaker = circuitBreaker;
    }

    private CallGuard(CircuitBreaker circuitBreaker, bool isChecked)
    {
        _ = isChecked;
        _circuitBreaker = circuitBreaker;
    }

    public CircuitBreaker CircuitBreaker => _circuitBreaker;

    /// <summary>Creates a guard without a null check, for the path of every call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CallGuard Create(CircuitBreaker circuitBreaker) => new(circuitBreaker, isChecked: true);

    /// <summary>
    /// Asks the circuit breaker for admission. A token that is already cancelled takes precedence: the call is not
    /// made, and nothing is recorded.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter(ThriftMethod? method, CancellationToken cancellationToken, out CallTicket ticket)
    {
        // First of all: later, with the ticket already written, the same check costs twice as much.
        if (CallMetrics.IsWanted)
        {
            return TryEnterMeasured(method, cancellationToken, out ticket);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            ticket = default;
            return false;
        }

        return _circuitBreaker.TryEnterScoped(out ticket, beginsScope: true) || TraceRejection(_circuitBreaker);
    }

    /// <summary>
    /// Records the outcome of a call that threw, and returns the exception for its caller: the same one, or a
    /// <see cref="CircuitOpenException"/> if the call opened the circuit and
    /// <see cref="CircuitBreakerOptions.ThrowOnTrip"/> is set. Never throws.
    /// </summary>
    public Exception Failed(ref CallTicket ticket, Exception error, ThriftMethod? method, CancellationToken cancellationToken)
        => CallOutcomeRecorder.RecordException(_circuitBreaker, ref ticket, error, method, isMeasured: true, cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryEnterMeasured(ThriftMethod? method, CancellationToken cancellationToken, out CallTicket ticket)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            ticket = default;
            return false;
        }

        if (!_circuitBreaker.TryEnterScoped(out ticket, beginsScope: true))
        {
            CallMetrics.CountRejection(_circuitBreaker, method);
            return TraceRejection(_circuitBreaker);
        }

        CallMetrics.Start(_circuitBreaker, ref ticket, method);
        return true;
    }

    /// <summary>Adds a rejection to the current trace. Always false.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static bool TraceRejection(CircuitBreaker circuitBreaker)
    {
        _ = UserCallback.TryInvoke(circuitBreaker, CallTraces.AddRejection, circuitBreaker.Report);
        return false;
    }
}
