namespace ThriftBreaker;

/// <summary>
/// Provides the settings of <see cref="CircuitBreakerOptions"/> that an attribute can set: constants, with times in
/// seconds. A setting that is not set keeps its default. Values out of range and contradictions are build errors.
/// </summary>
/// <remarks>
/// The base of <see cref="CircuitBreakerAttribute"/> and <see cref="CircuitBreakerMethodAttribute"/> only.
/// </remarks>
public abstract class CircuitBreakerSettingsAttribute : Attribute
{
    private protected CircuitBreakerSettingsAttribute()
    {
    }

    /// <summary>
    /// Gets or sets the number of consecutive failures that open the circuit: 1 to 1,000,000; default 5.
    /// </summary>
    public int FailMax { get; set; } = CircuitBreakerSettingRules.DefaultFailMax;

    /// <summary>
    /// Gets or sets the time that the circuit stays open before a call may probe, in seconds: finite and greater than
    /// zero; default 60.
    /// </summary>
    public double ResetTimeoutSeconds { get; set; } = CircuitBreakerSettingRules.DefaultResetTimeoutSeconds;

    /// <summary>
    /// Gets or sets the number of probes that must succeed in half-open to close the circuit: 1 to 1,000; default 1.
    /// </summary>
    public int SuccessThreshold { get; set; } = CircuitBreakerSettingRules.DefaultSuccessThreshold;

    /// <summary>
    /// Gets or sets the number of probes that may be in flight at a time in half-open: 1 to 1,000; default 1.
    /// </summary>
    public int MaxProbes { get; set; } = CircuitBreakerSettingRules.DefaultMaxProbes;

    /// <summary>
    /// Gets or sets the time within which a probe must have an outcome, in seconds: greater than zero and at most
    /// 2,073,600 (24 days). Not set: 10 or, for a client created by <c>Connect</c>, twice the sum of the acquire,
    /// connect and call timeouts of its channel, whichever is longer.
    /// </summary>
    public double ProbeTimeoutSeconds { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates what a caller gets whose failure opens the circuit: the original exception
    /// (false, the default), or a <see cref="CircuitOpenException"/> with the original as its inner exception (true, as
    /// in pybreaker).
    /// </summary>
    public bool ThrowOnTrip { get; set; }

    /// <summary>
    /// Gets or sets the ratio of failed calls in the window that opens the circuit: greater than 0 and at most 1. Not
    /// set: off. Requires <see cref="MinimumThroughput"/> or <see cref="SamplingCalls"/>.
    /// </summary>
    public double FailureRatio { get; set; }

    /// <summary>
    /// Gets or sets the duration from which a call counts as slow, in seconds: finite and greater than zero. Not set:
    /// never. A slow probe does not count towards <see cref="SuccessThreshold"/>.
    /// </summary>
    public double SlowCallDurationSeconds { get; set; }

    /// <summary>
    /// Gets or sets the ratio of slow calls in the window that opens the circuit, whether they failed or not: greater
    /// than 0 and at most 1. Not set: off. Requires <see cref="SlowCallDurationSeconds"/>, and a window as
    /// <see cref="FailureRatio"/> does.
    /// </summary>
    public double SlowCallRatio { get; set; }

    /// <summary>
    /// Gets or sets the duration that the window covers, in seconds: 0.5 to 86,400; default 30. Not used with
    /// <see cref="SamplingCalls"/>.
    /// </summary>
    public double SamplingDurationSeconds { get; set; } = CircuitBreakerSettingRules.DefaultSamplingDurationSeconds;

    /// <summary>
    /// Gets or sets the number of calls in the window of time below which no ratio is evaluated: 1 to 1,000,000.
    /// </summary>
    public int MinimumThroughput { get; set; }

    /// <summary>
    /// Gets or sets the number of latest calls over which the ratios are evaluated: 1 to 64. Not set: they are
    /// evaluated over time.
    /// </summary>
    public int SamplingCalls { get; set; }

    /// <summary>
    /// Gets or sets the factor that multiplies the reset timeout for each attempt that did not last: 1 to 100; default
    /// 1.
    /// </summary>
    public double BackoffMultiplier { get; set; } = CircuitBreakerSettingRules.DefaultBackoffMultiplier;

    /// <summary>
    /// Gets or sets the upper limit of the multiplied reset timeout, in seconds: at least
    /// <see cref="ResetTimeoutSeconds"/>. Not set: no limit.
    /// </summary>
    public double MaxResetTimeoutSeconds { get; set; }

    /// <summary>
    /// Gets or sets the ratio by which the reset timeout varies at random, up or down, so that many clients do not
    /// return at the same moment: 0 to 0.99; default 0.
    /// </summary>
    public double Jitter { get; set; }

    /// <summary>
    /// Gets or sets the mode in which the circuit breaker starts; default <see cref="CircuitMode.Auto"/>.
    /// </summary>
    public CircuitMode Mode { get; set; }

    /// <summary>
    /// Gets or sets the types of exceptions, subclasses included, that count as a success (pybreaker's "exclude");
    /// default none.
    /// </summary>
    public Type[] Exclude { get; set; } = [];

    /// <summary>Gets or sets the types of exceptions, subclasses included, that are ignored; default none.</summary>
    public Type[] Ignore { get; set; } = [];

    /// <summary>
    /// Gets or sets the types of exceptions, subclasses included, that count as a failure although the contract
    /// declares them; default none.
    /// </summary>
    public Type[] FailOn { get; set; } = [];

    /// <summary>
    /// Gets or sets the duration from which a call that its caller cancelled counts as a failure, in seconds: finite
    /// and greater than zero. Not set: never. Use it if callers implement their timeouts by cancelling.
    /// </summary>
    public double CancelledCountsAsFailureAfterSeconds { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates whether the server may get a call twice without harm; default false. Then a
    /// call over a <see cref="ThriftChannel"/> is repeated once if its pooled connection turns out to be dead and
    /// nothing of an answer has arrived: on a new connection and within the same call timeout. On a method it creates
    /// no separate circuit breaker.
    /// </summary>
    public bool Idempotent { get; set; }

    /// <summary>
    /// Gets or sets the time that a call over a <see cref="ThriftChannel"/> may take, in seconds: greater than zero and
    /// at most 2,073,600 (24 days). Not set: <see cref="ThriftChannelOptions.CallTimeout"/>. On a method it creates no
    /// separate circuit breaker.
    /// </summary>
    public double CallTimeoutSeconds { get; set; }
}
