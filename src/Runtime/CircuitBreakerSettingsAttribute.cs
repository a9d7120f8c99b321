namespace ThriftBreaker;

/// <summary>
/// The settings of <see cref="CircuitBreakerOptions"/> that can be written in a mark: constants, with times in seconds. Only what is
/// written counts; what is not keeps its default. A value out of range and settings that contradict each other are build errors.
/// </summary>
/// <remarks>The base of <see cref="CircuitBreakerAttribute"/> and <see cref="CircuitBreakerMethodAttribute"/>, and of no other.</remarks>
public abstract class CircuitBreakerSettingsAttribute : Attribute
{
    private protected CircuitBreakerSettingsAttribute()
    {
    }

    /// <inheritdoc cref="CircuitBreakerOptions.FailMax"/>
    public int FailMax { get; set; } = CircuitBreakerOptions.DefaultFailMax;

    /// <summary>
    /// How long the circuit stays open before one call may try again, in seconds: finite and greater than zero; default 60.
    /// </summary>
    public double ResetTimeoutSeconds { get; set; } = CircuitBreakerOptions.DefaultResetTimeoutSeconds;

    /// <inheritdoc cref="CircuitBreakerOptions.SuccessThreshold"/>
    public int SuccessThreshold { get; set; } = CircuitBreakerOptions.DefaultSuccessThreshold;

    /// <inheritdoc cref="CircuitBreakerOptions.MaxProbes"/>
    public int MaxProbes { get; set; } = 1;

    /// <summary>
    /// How long a probe may take to give its verdict, in seconds: finite and greater than zero. Not written: 10, or, for a client
    /// made by <c>Connect</c>, twice the lease, connect and call timeout of its channel together where that is longer.
    /// </summary>
    public double ProbeTimeoutSeconds { get; set; }

    /// <inheritdoc cref="CircuitBreakerOptions.ThrowOnTrip"/>
    public bool ThrowOnTrip { get; set; }

    /// <summary>
    /// The share of failed calls in the window that opens the circuit: greater than 0 and at most 1. Not written: the rule is off.
    /// Wants a <see cref="MinimumThroughput"/> or <see cref="SamplingCalls"/>.
    /// </summary>
    public double FailureRatio { get; set; }

    /// <summary>
    /// From which duration on a call counts as slow, in seconds: finite and greater than zero. Not written: never. A slow probe does
    /// not count towards <see cref="SuccessThreshold"/>.
    /// </summary>
    public double SlowCallDurationSeconds { get; set; }

    /// <summary>
    /// The share of slow calls in the window that opens the circuit, whether they failed or not: greater than 0 and at most 1. Not
    /// written: the rule is off. Wants a <see cref="SlowCallDurationSeconds"/>, and a window as <see cref="FailureRatio"/> does.
    /// </summary>
    public double SlowCallRatio { get; set; }

    /// <summary>How long a time the window covers, in seconds: 0.5 to 86,400; default 30. Not used with <see cref="SamplingCalls"/>.</summary>
    public double SamplingDurationSeconds { get; set; } = 30;

    /// <summary>How many calls there must be in the window of time before a ratio is judged: 1 to 1,000,000.</summary>
    public int MinimumThroughput { get; set; }

    /// <summary>Judges the ratios over this many latest calls instead of over time: 1 to 64. Not written: over time.</summary>
    public int SamplingCalls { get; set; }

    /// <summary>What the reset timeout is multiplied by for each attempt that did not last: 1 to 100; default 1.</summary>
    public double BackoffMultiplier { get; set; } = 1;

    /// <summary>
    /// The longest that the multiplied reset timeout may become, in seconds: at least <see cref="ResetTimeoutSeconds"/>. Not written:
    /// no limit.
    /// </summary>
    public double MaxResetTimeoutSeconds { get; set; }

    /// <inheritdoc cref="CircuitBreakerOptions.Jitter"/>
    public double Jitter { get; set; }

    /// <summary>The mode that the circuit starts in; default <see cref="CircuitMode.Auto"/>.</summary>
    public CircuitMode Mode { get; set; }

    /// <summary>Types of exceptions, subclasses included, that count as a success; default none. (pybreaker's meaning of "exclude".)</summary>
    public Type[] Exclude { get; set; } = [];

    /// <summary>Types of exceptions, subclasses included, that count as nothing; default none.</summary>
    public Type[] Ignore { get; set; } = [];

    /// <summary>
    /// Types of exceptions, subclasses included, that count as a failure although the contract declares them; default none.
    /// </summary>
    public Type[] FailOn { get; set; } = [];

    /// <summary>
    /// From which duration on a call that its caller cancelled counts as a failure, in seconds: finite and greater than zero. Not
    /// written: never. For callers that implement their timeouts by cancelling.
    /// </summary>
    public double CancelledCountsAsFailureAfterSeconds { get; set; }

    /// <summary>
    /// Whether the server may get a call twice without harm; default false. Then a call over a <see cref="ThriftChannel"/> whose connection
    /// had served others before, turns out to be dead, and has brought nothing of an answer, is made once more, on a new connection and
    /// within the same call timeout. In the mark of a method it gives it no circuit of its own.
    /// </summary>
    public bool Idempotent { get; set; }

    /// <summary>
    /// How long a call over a <see cref="ThriftChannel"/> may take, in seconds: greater than zero and at most 2,073,600 (24 days). Not written:
    /// <see cref="ThriftChannelOptions.CallTimeout"/>. In the mark of a method it gives it no circuit of its own.
    /// </summary>
    public double CallTimeoutSeconds { get; set; }
}
