using System.Globalization;
using Thrift;

namespace ThriftBreaker;

/// <summary>
/// A call was rejected because its circuit is open; nothing was sent. With <see cref="CircuitBreakerOptions.ThrowOnTrip"/>
/// also what the caller gets whose call opened the circuit, with the original exception inside.
/// </summary>
/// <remarks>A <see cref="TException"/>, so that code which catches Thrift's exceptions catches rejections too.</remarks>
#pragma warning disable CA1032 // Without a circuit there is no rejection: the usual constructors would make one that can say nothing.
public sealed class CircuitOpenException : TException
#pragma warning restore CA1032
{
    private readonly CircuitStateChangeReason? _openedBy;
    private readonly int _endpoints;
    private string? _message;

    /// <summary>Describes a rejection by this circuit as it stands.</summary>
    /// <param name="breaker">The circuit that rejected the call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="breaker"/> is null.</exception>
    public CircuitOpenException(CircuitBreaker breaker)
        : this(Look(breaker), breaker.LastFailure)
    {
    }

    private CircuitOpenException(in CircuitSnapshot circuit, Exception? inner, bool tripped = false, int endpoints = 0)
        : base(message: null, inner)
    {
        IsTrip = tripped;
        _openedBy = circuit.OpenedBy;
        _endpoints = endpoints;
        CircuitBreakerName = circuit.Name;
        State = circuit.State;
        Mode = circuit.Mode;
        RetryAfter = circuit.RetryAfter;
        FailureCount = circuit.FailureCount;
    }

    /// <summary>What happened, and where, since when, and when the next try is admitted.</summary>
    /// <remarks>Written when it is first read: a rejection that somebody catches for what it is should cost no text.</remarks>
    public override string Message => _message ??= Describe();

    /// <summary>The circuit's name.</summary>
    public string CircuitBreakerName { get; }

    /// <summary>The circuit's state at the rejection.</summary>
    public CircuitState State { get; }

    /// <summary>The circuit's mode at the rejection.</summary>
    public CircuitMode Mode { get; }

    /// <summary>How long until a call is worth trying, never negative: zero when a probe is due or under way; null while isolated, or where the circuit has closed since.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Failures since the last success, at the rejection.</summary>
    public int FailureCount { get; }

    /// <summary>
    /// Whether it is no rejection, but what the call got that opened the circuit (<see cref="CircuitBreakerOptions.ThrowOnTrip"/>): that call was made, and
    /// <see cref="Exception.InnerException"/> says how it ended.
    /// </summary>
    public bool IsTrip { get; }

    internal static CircuitOpenException Tripped(CircuitBreaker breaker, Exception failure)
        => new(Look(breaker), failure, tripped: true);

    /// <summary>Describes a rejection by the circuits of all endpoints.</summary>
    /// <param name="endpoints">How many there are.</param>
    /// <param name="dueFirst">The circuit that is due first.</param>
    internal static CircuitOpenException OfAll(int endpoints, CircuitBreaker dueFirst)
        => new(Look(dueFirst), dueFirst.LastFailure, endpoints: endpoints);

    private static CircuitSnapshot Look(CircuitBreaker breaker)
    {
        ArgumentNullException.ThrowIfNull(breaker);
        return breaker.Look();
    }

    private string Describe()
    {
        var why = _openedBy switch
        {
            CircuitStateChangeReason.FailMaxReached when FailureCount == 1 => " after a failure",
            CircuitStateChangeReason.FailMaxReached => string.Create(CultureInfo.InvariantCulture, $" after {FailureCount:N0} failures in a row"),
            CircuitStateChangeReason.FailureRatioReached => " after too many of its latest calls failed",
            CircuitStateChangeReason.SlowCallRatioReached => " after too many of its latest calls were slow",
            CircuitStateChangeReason.ProbeFailed => " after a failed probe",
            CircuitStateChangeReason.ProbeTimedOut => " after a probe that gave no answer in time",
            _ => "",
        };
        var what = (IsTrip, State) switch
        {
            _ when _endpoints > 0 => string.Create(
                CultureInfo.InvariantCulture, $"The circuits of all {_endpoints} endpoints are open, and '{CircuitBreakerName}' is due first; the call was rejected without being sent."),
            (true, _) => $"This call opened the circuit '{CircuitBreakerName}'{why}.",
            _ when Mode == CircuitMode.Isolated => $"The circuit '{CircuitBreakerName}' has been isolated by hand; the call was rejected without being sent.",
            (_, CircuitState.Closed) => $"The circuit '{CircuitBreakerName}' rejected this call without sending it, and has closed since.",
            (_, CircuitState.HalfOpen) => $"The circuit '{CircuitBreakerName}' is half-open and another call is probing; this one was rejected without being sent.",
            _ when _openedBy == CircuitStateChangeReason.Manual => $"The circuit '{CircuitBreakerName}' was opened by hand; the call was rejected without being sent.",
            _ => $"The circuit '{CircuitBreakerName}' is open{why}; the call was rejected without being sent.",
        };
        var when = RetryAfter is { } wait && wait > TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture, $" The next try is admitted in {wait.TotalSeconds:0.0##} s.")
            : "";
        var last = InnerException is { } failure ? $" Last failure: {failure.GetType().Name}: {failure.Message}" : "";
        return what + when + last;
    }
}
