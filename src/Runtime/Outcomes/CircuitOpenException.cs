using System.Globalization;
using Thrift;

namespace ThriftBreaker;

/// <summary>
/// Thrown when a call was rejected because the circuit is open; nothing was sent. With
/// <see cref="CircuitBreakerOptions.ThrowOnTrip"/> also thrown by the call that opened the circuit, with the original
/// exception as its inner exception.
/// </summary>
/// <remarks>
/// A <see cref="TException"/>, so that code which catches Thrift's exceptions catches rejections too. The inner
/// exception of a rejection is <see cref="CircuitBreaker.LastException"/> at that moment: the latest failure, not
/// necessarily the one that opened the circuit; null if there is none.
/// </remarks>
#pragma warning disable CA1032 // There is no rejection without a circuit breaker: the usual constructors would create one without any data.
public sealed class CircuitOpenException : TException
#pragma warning restore CA1032
{
    private readonly CircuitStateChangeReason? _openedBy;
    private readonly int _endpoints;
    private string? _message;

    /// <summary>
    /// Initializes a new instance of the <see cref="CircuitOpenException"/> class, with the present state of a circuit
    /// breaker.
    /// </summary>
    /// <param name="circuitBreaker">The circuit breaker that rejected the call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="circuitBreaker"/> is null.</exception>
    public CircuitOpenException(CircuitBreaker circuitBreaker)
        : this(GetSnapshot(circuitBreaker), circuitBreaker.LastException)
    {
    }

    private CircuitOpenException(in CircuitSnapshot snapshot, Exception? inner, bool isTrip = false, int endpoints = 0)
        : base(message: null, inner)
    {
        IsTrip = isTrip;
        _openedBy = snapshot.OpenedBy;
        _endpoints = endpoints;
        CircuitBreakerName = snapshot.Name;
        State = snapshot.State;
        Mode = snapshot.Mode;
        RetryAfter = snapshot.RetryAfter;
        FailureCount = snapshot.FailureCount;
    }

    /// <summary>Gets a message that says what happened, why, and when the next call is admitted.</summary>
    /// <remarks>Created when it is first read: a rejection that is caught by its type costs no text.</remarks>
    public override string Message => _message ??= CreateMessage();

    /// <summary>Gets the name of the circuit breaker.</summary>
    public string CircuitBreakerName { get; }

    /// <summary>Gets the state of the circuit at the rejection.</summary>
    public CircuitState State { get; }

    /// <summary>Gets the mode of the circuit breaker at the rejection.</summary>
    public CircuitMode Mode { get; }

    /// <summary>
    /// Gets the time until a call is worth a try, never negative: zero if a probe is due or in flight; null while
    /// isolated, or if the circuit has closed since.
    /// </summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Gets the number of failures since the last success, at the rejection.</summary>
    public int FailureCount { get; }

    /// <summary>
    /// Gets a value that indicates whether this is not a rejection, but thrown by the call that opened the circuit
    /// (<see cref="CircuitBreakerOptions.ThrowOnTrip"/>). That call was made, and
    /// <see cref="Exception.InnerException"/> is its error.
    /// </summary>
    public bool IsTrip { get; }

    /// <summary>Creates the exception of the call that opened the circuit.</summary>
    internal static CircuitOpenException CreateForTrip(CircuitBreaker circuitBreaker, Exception failure)
        => new(GetSnapshot(circuitBreaker), failure, isTrip: true);

    /// <summary>
    /// Creates the exception of a call that was rejected because the circuits of all endpoints are open.
    /// </summary>
    /// <param name="endpoints">The number of endpoints.</param>
    /// <param name="next">The circuit breaker that is the next to admit a call.</param>
    internal static CircuitOpenException CreateForAllEndpoints(int endpoints, CircuitBreaker next)
        => new(GetSnapshot(next), next.LastException, endpoints: endpoints);

    private static CircuitSnapshot GetSnapshot(CircuitBreaker circuitBreaker)
    {
        ArgumentNullException.ThrowIfNull(circuitBreaker);
        return circuitBreaker.GetSnapshot();
    }

    private string CreateMessage()
    {
        var why = _openedBy switch
        {
            CircuitStateChangeReason.FailMaxReached when FailureCount == 1 => " after a failure",
            CircuitStateChangeReason.FailMaxReached => string.Create(CultureInfo.InvariantCulture, $" after {FailureCount:N0} consecutive failures"),
            CircuitStateChangeReason.FailureRatioReached => " after too many of its latest calls failed",
            CircuitStateChangeReason.SlowCallRatioReached => " after too many of its latest calls were slow",
            CircuitStateChangeReason.ProbeFailed => " after a failed probe",
            CircuitStateChangeReason.ProbeTimedOut => " after a probe that timed out",
            _ => "",
        };
        var what = (IsTrip, State) switch
        {
            _ when _endpoints > 0 => string.Create(
                CultureInfo.InvariantCulture, $"The circuits of all {_endpoints} endpoints are open, and '{CircuitBreakerName}' is the next to admit a call; this one was rejected without being sent."),
            (true, _) => $"This call opened the circuit breaker '{CircuitBreakerName}'{why}.",
            _ when Mode == CircuitMode.Isolated => $"The circuit breaker '{CircuitBreakerName}' has been isolated manually; the call was rejected without being sent.",
            (_, CircuitState.Closed) => $"The circuit breaker '{CircuitBreakerName}' rejected this call without sending it, and has closed since.",
            (_, CircuitState.HalfOpen) => $"The circuit breaker '{CircuitBreakerName}' is half-open and another call is probing; this one was rejected without being sent.",
            _ when _openedBy == CircuitStateChangeReason.Manual => $"The circuit breaker '{CircuitBreakerName}' was opened manually; the call was rejected without being sent.",
            _ => $"The circuit breaker '{CircuitBreakerName}' is open{why}; the call was rejected without being sent.",
        };
        var when = RetryAfter is { } wait && wait > TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture, $" The next try is admitted in {wait.TotalSeconds:0.0##} s.")
            : "";
        var last = InnerException is { } failure ? $" Last failure: {failure.GetType().Name}: {failure.Message}" : "";
        return what + when + last;
    }
}
