using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>Classifies how a call ended and reports the outcome to the circuit breaker that admitted it.</summary>
/// <remarks>
/// Nothing here throws: the caller already has a result or an exception. It is called when the stack of the call has
/// unwound, and not in an exception filter. So user callbacks run after the finally blocks and locks of the call.
/// </remarks>
internal static class CallOutcomeRecorder
{
    /// <summary>Completes the ticket of a call that succeeded on a healthy circuit, unless the call is timed.</summary>
    /// <returns>Whether the outcome is recorded. If not, <see cref="RecordReturn"/> records it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRecordHealthy(ref CallTicket ticket) => ticket.StartedAt == 0 && ticket.TryCompleteHealthy();

    /// <summary>Records the outcome of a call that returned.</summary>
    /// <param name="circuitBreaker">The circuit breaker that admitted the call.</param>
    /// <param name="ticket">The ticket of the call; a ticket without a circuit breaker is ignored.</param>
    /// <param name="method">The method; null if the call is not one of a generated client.</param>
    /// <param name="result">
    /// The result for a user's classifier; null or <see cref="NoResult"/> for a call without one.
    /// </param>
    /// <param name="isMeasured">Whether the call counts in the metrics of calls.</param>
    /// <remarks>
    /// Out of line: inlined, the code that a healthy call does not need makes the frame of every caller larger.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void RecordReturn<T>(CircuitBreaker circuitBreaker, ref CallTicket ticket, ThriftMethod? method, T result, bool isMeasured)
    {
        ticket.EndScope();

        // A oneway call that returned is no proof of a healthy service: the server sends no reply.
        if (ticket.CircuitBreaker is null || (method is not { ReturnIsSuccess: false } && ticket.TryCompleteSuccess()))
        {
            return;
        }

        try
        {
            var elapsed = circuitBreaker.ElapsedOf(ticket);
            var outcome = CallOutcomeClassifier.ClassifyResult(circuitBreaker, elapsed, method, typeof(T) == typeof(NoResult) ? default : result);
            _ = Complete(circuitBreaker, ref ticket, method, outcome, error: null, elapsed, isMeasured);
        }
#pragma warning disable CA1031 // The clock is a user callback: the caller has a result and gets it. No lambda can carry the ticket.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            circuitBreaker.Report(thrown);
        }
    }

    /// <summary>Records the outcome of a call that threw.</summary>
    /// <param name="circuitBreaker">The circuit breaker that admitted the call.</param>
    /// <param name="ticket">The ticket of the call; a ticket without a circuit breaker is ignored.</param>
    /// <param name="error">The exception.</param>
    /// <param name="method">The method; null if the call is not one of a generated client.</param>
    /// <param name="isMeasured">
    /// Whether the call counts in the metrics of calls, and its caller gets a <see cref="CircuitOpenException"/> as
    /// <see cref="CircuitBreakerOptions.ThrowOnTrip"/> requires.
    /// </param>
    /// <param name="cancellationToken">The token of the caller.</param>
    /// <returns>The exception for the caller: <paramref name="error"/>, or the trip with it inside.</returns>
    public static Exception RecordException(
        CircuitBreaker circuitBreaker, ref CallTicket ticket, Exception error, ThriftMethod? method, bool isMeasured, CancellationToken cancellationToken)
    {
        ticket.EndScope();
        if (ticket.CircuitBreaker is null)
        {
            return error;
        }

        try
        {
            // Before any user callback runs: the time that a classifier takes is not part of the call.
            var elapsed = circuitBreaker.ElapsedOf(ticket);
            var outcome = CallOutcomeClassifier.ClassifyException(circuitBreaker, elapsed, error, method, cancellationToken);
            return Complete(circuitBreaker, ref ticket, method, outcome, error, elapsed, isMeasured);
        }
#pragma warning disable CA1031 // The clock is a user callback: what it throws must not change what the caller gets.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            // Completing the call later must not record a success.
            ticket = default;
            circuitBreaker.Report(thrown);
            return error;
        }
    }

    /// <summary>Completes the ticket, and measures the call if a listener has been present since its start.</summary>
    /// <returns>The exception for the caller; null for a call that returned.</returns>
    [return: NotNullIfNotNull(nameof(error))]
    private static Exception? Complete(
        CircuitBreaker circuitBreaker, ref CallTicket ticket, ThriftMethod? method, CallOutcome outcome, Exception? error, TimeSpan elapsed, bool isMeasured)
    {
        var isListenedTo = isMeasured && ticket.StartedAt != 0 && CallMetrics.IsWanted;
        var opened = ticket.CompleteAfter(elapsed, outcome, outcome == CallOutcome.Failure ? error : null);
        if (opened && isMeasured && error is not null && circuitBreaker.Options.ThrowOnTrip && circuitBreaker.Mode != CircuitMode.ReportOnly)
        {
            // If the clock throws, the caller gets its own exception.
            error = UserCallback.Invoke(
                (CircuitBreaker: circuitBreaker, Error: error),
                static trip => CircuitOpenException.CreateForTrip(trip.CircuitBreaker, trip.Error),
                fallback: error,
                circuitBreaker.Report);
        }

        if (isListenedTo)
        {
            CallMetrics.Record(circuitBreaker, method, outcome, error, elapsed);
        }

        return error;
    }
}
