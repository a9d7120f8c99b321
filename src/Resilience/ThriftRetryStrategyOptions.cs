using Polly;
using Polly.Retry;
using Thrift.Transport;

namespace ThriftBreaker.Resilience;

/// <summary>
/// Represents the settings of a retry around a Thrift client: those of Polly, with defaults for Thrift. A call is
/// retried if the circuit breaker counts it as a failure, and if the method is <c>Idempotent</c> or nothing was sent.
/// The server may have executed any other call, which is never retried. A response is not retried, nor is an exception
/// that the contract declares.
/// </summary>
/// <remarks>
/// The defaults: 3 retries, after about 0.2, 0.4 and 0.8 seconds, with jitter. In a pipeline that is not that of a
/// client (<c>UseResiliencePipeline</c>), the method is not known, and only calls that were not sent are retried. A
/// <c>ShouldHandle</c> of your own replaces all of these rules.
/// </remarks>
public sealed class ThriftRetryStrategyOptions : RetryStrategyOptions
{
    /// <summary>Initializes the settings with the defaults for Thrift.</summary>
    public ThriftRetryStrategyOptions()
    {
        Delay = TimeSpan.FromSeconds(0.2);
        BackoffType = DelayBackoffType.Exponential;
        UseJitter = true;
        ShouldHandle = arguments => new(arguments.Outcome.Exception is { } error && ShouldRetry(error, arguments.Context));
        DelayGenerator = arguments => new(GetDelay(arguments.Outcome.Exception));
    }

    /// <summary>
    /// Gets or sets the longest time that a rejected call waits for an open circuit: zero or more; default zero, and
    /// the caller gets the rejection at once. The call is retried <see cref="RetryStrategyOptions{TResult}.Delay"/>
    /// after the circuit breaker admits the next probe. A call does not wait for an isolated circuit breaker.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MaxRetryAfter
    {
        get;
        set => field = value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(MaxRetryAfter), value, "MaxRetryAfter must not be negative.");
    }

    private bool ShouldRetry(Exception error, ResilienceContext context) => error switch
    {
        CircuitOpenException { IsTrip: false, RetryAfter: var wait } => MaxRetryAfter > TimeSpan.Zero && wait <= MaxRetryAfter,

        // A channel throws this if a connection cannot be opened, and never later.
        TTransportException { Type: TTransportException.ExceptionType.NotOpen } => true,

        _ => context.Properties.TryGetValue(PollyPipeline.Method, out var method) && method is { Idempotent: true } &&
            method.OutcomeOf(error, context.CancellationToken) == CallOutcome.Failure,
    };

    /// <summary>
    /// Gets the time before a retry; null for Polly's delay, also while another call probes, which may take a while. It
    /// is longer than the circuit breaker says by one delay: timers have a resolution of milliseconds, and an attempt
    /// that comes too early is rejected.
    /// </summary>
    private TimeSpan? GetDelay(Exception? error)
        => error is CircuitOpenException { IsTrip: false, RetryAfter: { } wait } && wait > TimeSpan.Zero ? wait + Delay : null;
}
