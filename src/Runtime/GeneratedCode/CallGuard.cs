using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace ThriftBreaker.GeneratedCode;

/// <summary>
/// A circuit as generated clients hold it: with the few steps that a guarded call is made of. Not for use by hand: <see cref="CircuitBreaker.TryEnter"/> and the
/// <c>Execute</c> methods are.
/// </summary>
/// <remarks>
/// A guarded call is: enter; make the inner call; give the ticket its verdict. None of it is async, takes a delegate or
/// allocates when the call is done at once, so that a healthy call costs two volatile reads.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly partial struct CallGuard
{
    private readonly CircuitBreaker _breaker;

    /// <summary>Guards calls by this circuit.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="breaker"/> is null.</exception>
    public CallGuard(CircuitBreaker breaker)
    {
        ArgumentNullException.ThrowIfNull(breaker);
        _breaker = breaker;
    }

    /// <summary>The circuit.</summary>
    public CircuitBreaker CircuitBreaker => _breaker;

    /// <summary>Whether the call may be made. A token that is cancelled already wins over the circuit, and nothing is recorded.</summary>
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

        return _breaker.TryEnter(out ticket) || TurnAway(_breaker);
    }

    /// <summary>Gives the verdict on a call that threw; true when the caller is to get <see cref="Tripped"/> instead.</summary>
    /// <remarks>
    /// Made for exception filters, which run before the stack unwinds: the original exception keeps its stack. It never throws: a
    /// filter would swallow that without a word.
    /// </remarks>
    public bool Failed(ref CallTicket ticket, Exception error, ThriftMethod? method, CancellationToken cancellationToken)
    {
        if (ticket.CircuitBreaker is null)
        {
            return false;
        }

        try
        {
            // Before anybody is asked: what a classifier takes is no time of the call.
            var elapsed = _breaker.ElapsedOf(ticket);
            var outcome = CallOutcomeClassifier.ClassifyException(_breaker, elapsed, error, method, cancellationToken);
            // Shadow mode reports, and changes nothing that a caller gets.
            return Complete(ref ticket, method, outcome, error, elapsed) && _breaker.Options.ThrowOnTrip && _breaker.Mode != CircuitMode.ReportOnly;
        }
#pragma warning disable CA1031 // A clock is a guest: whatever it throws must not change what the caller gets.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            // Whoever completes the call later must not make a success of it.
            ticket = default;
            _breaker.Report(thrown);
            return false;
        }
    }

    /// <summary>What the caller gets whose call opened the circuit, where <see cref="CircuitBreakerOptions.ThrowOnTrip"/> is set.</summary>
    /// <remarks>Where the clock throws that would say when to come again: the call's own error.</remarks>
    public Exception Tripped(Exception error)
    {
        try
        {
            return CircuitOpenException.CreateForTrip(_breaker, error);
        }
#pragma warning disable CA1031 // As in Failed.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            _breaker.Report(thrown);
            return error;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryEnterMeasured(ThriftMethod? method, CancellationToken cancellationToken, out CallTicket ticket)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            ticket = default;
            return false;
        }

        if (!_breaker.TryEnter(out ticket))
        {
            CallMetrics.CountRejection(_breaker, method);
            return TurnAway(_breaker);
        }

        CallMetrics.Start(_breaker, ref ticket, method);
        return true;
    }

    /// <summary>Notes a rejection where traces are wanted. Always false.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static bool TurnAway(CircuitBreaker breaker)
    {
        try
        {
            CallTraces.AddRejection(breaker);
        }
#pragma warning disable CA1031 // As in Failed: the clock's, or a listener's.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            breaker.Report(thrown);
        }

        return false;
    }

    /// <summary>Puts a verdict into effect and measures the call, if somebody has wanted it since its start; true when it opened the circuit.</summary>
    private bool Complete(ref CallTicket ticket, ThriftMethod? method, CallOutcome outcome, Exception? error, TimeSpan elapsed)
    {
        var isMeasured = ticket.StartedAt != 0 && CallMetrics.IsWanted;
        var opened = ticket.CompleteAfter(elapsed, outcome, outcome == CallOutcome.Failure ? error : null);
        if (isMeasured)
        {
            CallMetrics.Record(_breaker, method, outcome, error, elapsed);
        }

        return opened;
    }
}
