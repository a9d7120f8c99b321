using Polly;
using Polly.Retry;
using Thrift.Transport;

namespace ThriftBreaker.Resilience;

/// <summary>
/// The settings of a retry around a Thrift client: Polly's own, with defaults that know Thrift. Again goes what the circuit counts as a failure, where the
/// method is marked <c>Idempotent</c> or nothing has been sent; other calls may have been carried out, and are never repeated. An answer, and an
/// exception that the contract declares is one, ends the matter.
/// </summary>
/// <remarks>
/// The defaults: 3 retries, after about 0.2, 0.4 and 0.8 seconds, varied at random. Around anything but a client of
/// <c>UseResiliencePipeline</c> there is no method to ask about: then only what was not sent goes again. Whoever sets <c>ShouldHandle</c> decides alone.
/// </remarks>
public sealed class ThriftRetryStrategyOptions : RetryStrategyOptions
{
    /// <summary>Settings with these defaults.</summary>
    public ThriftRetryStrategyOptions()
    {
        Delay = TimeSpan.FromSeconds(0.2);
        BackoffType = DelayBackoffType.Exponential;
        UseJitter = true;
        ShouldHandle = arguments => new(arguments.Outcome.Exception is { } error && IsWorthwhile(error, arguments.Context));
        DelayGenerator = arguments => new(WaitOf(arguments.Outcome.Exception));
    }

    /// <summary>
    /// For how long an open circuit is waited for at most: a call that it rejects goes again <see cref="RetryStrategyOptions{TResult}.Delay"/> after the circuit admits its
    /// next try, if that is no later. Zero or more; default zero: a rejection is no failure to be mended, and reaches the caller at once. An isolated circuit is
    /// never waited for.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MaxWaitForCircuit
    {
        get;
        set => field = value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(MaxWaitForCircuit), value, "MaxWaitForCircuit must not be negative.");
    }

    private bool IsWorthwhile(Exception error, ResilienceContext context) => error switch
    {
        CircuitOpenException { IsTrip: false, RetryAfter: var wait } => MaxWaitForCircuit > TimeSpan.Zero && wait <= MaxWaitForCircuit,

        // A channel says this of a connection that it could not open, and of nothing else.
        TTransportException { Type: TTransportException.ExceptionType.NotOpen } => true,

        _ => context.Properties.TryGetValue(PollyPipeline.Method, out var method) && method is { Idempotent: true } &&
            method.OutcomeOf(error, context.CancellationToken) == CallOutcome.Failure,
    };

    /// <summary>
    /// How long to wait before a retry; null for the usual time, also while another call probes: it may take a while. A little longer than the circuit says: timers
    /// know milliseconds, and a try that comes a moment too early is lost.
    /// </summary>
    private TimeSpan? WaitOf(Exception? error)
        => error is CircuitOpenException { IsTrip: false, RetryAfter: { } wait } && wait > TimeSpan.Zero ? wait + Delay : null;
}
