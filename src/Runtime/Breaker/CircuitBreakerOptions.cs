using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>
/// Represents the settings of a <see cref="CircuitBreaker"/>. Immutable. A value out of range throws where it is set;
/// settings that contradict each other throw where a circuit breaker is created with them.
/// </summary>
/// <remarks>
/// Names and defaults are those of pybreaker, in .NET spelling. Whatever pybreaker does not have is off by default.
/// </remarks>
public sealed record CircuitBreakerOptions
{
    internal static readonly TimeSpan DefaultProbeTimeout = TimeSpan.FromSeconds(CircuitBreakerSettingRules.DefaultProbeTimeoutSeconds);
    internal static readonly TimeSpan LongestProbeTimeout = TimeSpan.FromSeconds(CircuitBreakerSettingRules.ProbeTimeout.MaximumSeconds!.Value);

    /// <summary>Gets the name of the circuit breaker in messages and metrics; default "circuit".</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public string Name
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Name));
    } = "circuit";

    // Opening and closing.

    /// <summary>Gets the number of consecutive failures that open the circuit: 1 to 1,000,000; default 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int FailMax
    {
        get;
        init => field = Require(CircuitBreakerSettingRules.FailMax, value);
    } = CircuitBreakerSettingRules.DefaultFailMax;

    /// <summary>
    /// Gets the number of probes that must succeed in half-open to close the circuit: 1 to 1,000; default 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int SuccessThreshold
    {
        get;
        init => field = Require(CircuitBreakerSettingRules.SuccessThreshold, value);
    } = CircuitBreakerSettingRules.DefaultSuccessThreshold;

    /// <summary>
    /// Gets the number of probes that may be in flight at a time in half-open: 1 to 1,000; default 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxProbes
    {
        get;
        init => field = Require(CircuitBreakerSettingRules.MaxProbes, value);
    } = CircuitBreakerSettingRules.DefaultMaxProbes;

    /// <summary>
    /// Gets the time within which a probe must have an outcome: greater than zero and at most 24 days. After it, the
    /// next call opens the circuit again, so that a probe that never ends cannot block it. Default null: 10 seconds or,
    /// for a client created by <c>Connect</c>, twice the sum of the acquire, connect and call timeouts of its channel,
    /// whichever is longer.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? ProbeTimeout
    {
        get;
        init => field = value is { } timeout ? Require(CircuitBreakerSettingRules.ProbeTimeout, timeout) : null;
    }

    /// <summary>
    /// Gets a value that indicates what a caller gets whose failure opens the circuit: the original exception (false,
    /// the default), or a <c>CircuitOpenException</c> with the original as its inner exception (true, as in pybreaker).
    /// In the mode <see cref="CircuitMode.ReportOnly"/> always the original exception.
    /// </summary>
    public bool ThrowOnTrip { get; init; }

    /// <summary>Gets the mode in which the circuit breaker starts; default <see cref="CircuitMode.Auto"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public CircuitMode Mode
    {
        get;
        init => field = value is >= CircuitMode.Auto and <= CircuitMode.ReportOnly
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Mode), value, $"Mode must be {CircuitBreakerSettingRules.Modes}.");
    }

    // Time in open: min(MaxResetTimeout, ResetTimeout × BackoffMultiplier^attempt) ± Jitter, or what the generator
    // returns.

    /// <summary>
    /// Gets the time that the circuit stays open before a call may probe: greater than zero; default 60 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan ResetTimeout
    {
        get;
        init => field = Require(CircuitBreakerSettingRules.ResetTimeout, value);
    } = TimeSpan.FromSeconds(CircuitBreakerSettingRules.DefaultResetTimeoutSeconds);

    /// <summary>
    /// Gets the factor that multiplies <see cref="ResetTimeout"/> for each attempt that did not last: 1 to 100; default
    /// 1. Attempts are forgotten when the circuit has been closed for one reset timeout, or by
    /// <see cref="CircuitBreaker.Close"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double BackoffMultiplier
    {
        get;
        init => field = Require(CircuitBreakerSettingRules.BackoffMultiplier, value);
    } = CircuitBreakerSettingRules.DefaultBackoffMultiplier;

    /// <summary>
    /// Gets the upper limit of the multiplied <see cref="ResetTimeout"/>: at least ResetTimeout; default null, no
    /// limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan? MaxResetTimeout
    {
        get;
        init => field = value is { } longest ? Require(CircuitBreakerSettingRules.MaxResetTimeout, longest) : null;
    }

    /// <summary>
    /// Gets the ratio by which the time varies at random, up or down, so that many clients do not return at the same
    /// moment: 0 to 0.99; default 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double Jitter
    {
        get;
        init => field = Require(CircuitBreakerSettingRules.Jitter, value);
    }

    /// <summary>
    /// Gets a function that returns the time that the circuit stays open, instead of the settings above; default null.
    /// Its arguments are the attempt, 0 for the first, and the failure that opened the circuit, null without one. It
    /// must be quick, and may be called twice if threads race. If it throws or returns zero or less, the settings above
    /// apply; so they do while it runs, if it opens a circuit itself.
    /// </summary>
    public Func<int, Exception?, TimeSpan>? ResetTimeoutGenerator { get; init; }

    /// <summary>Gets the source of random numbers from 0 up to 1, for <see cref="Jitter"/>.</summary>
#pragma warning disable CA5394 // The numbers need not be secret: they keep clients from returning at the same moment.
    internal Func<double> Random { get; init; } = static () => System.Random.Shared.NextDouble();
#pragma warning restore CA5394

    // Ratios. Each is off until it is set; each that is reached opens the circuit.

    /// <summary>
    /// Gets the ratio of failed calls in the window that opens the circuit: greater than 0 and at most 1; default null,
    /// off. Evaluated after each failed or slow call, never after a good one. Requires <see cref="MinimumThroughput"/>
    /// or <see cref="SamplingCalls"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double? FailureRatio
    {
        get;
        init => field = value is { } ratio ? Require(CircuitBreakerSettingRules.FailureRatio, ratio) : null;
    }

    /// <summary>
    /// Gets the duration from which a call counts as slow: greater than zero; default null, never. A slow probe does
    /// not count towards <see cref="SuccessThreshold"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan? SlowCallDuration
    {
        get;
        init => field = value is { } duration ? Require(CircuitBreakerSettingRules.SlowCallDuration, duration) : null;
    }

    /// <summary>
    /// Gets the ratio of slow calls in the window that opens the circuit, whether they failed or not: greater than 0
    /// and at most 1; default null, off. Requires <see cref="SlowCallDuration"/>, and a window as
    /// <see cref="FailureRatio"/> does.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double? SlowCallRatio
    {
        get;
        init => field = value is { } ratio ? Require(CircuitBreakerSettingRules.SlowCallRatio, ratio) : null;
    }

    /// <summary>
    /// Gets the duration that the window covers: 0.5 seconds to 1 day; default 30 seconds. Not used with
    /// <see cref="SamplingCalls"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan SamplingDuration
    {
        get;
        init => field = Require(CircuitBreakerSettingRules.SamplingDuration, value);
    } = TimeSpan.FromSeconds(CircuitBreakerSettingRules.DefaultSamplingDurationSeconds);

    /// <summary>
    /// Gets the number of calls in the window of time below which no ratio is evaluated: 1 to 1,000,000; default null.
    /// Required for a ratio over time: one failure of one call is a ratio of 1, and no reason to open the circuit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int? MinimumThroughput
    {
        get;
        init => field = value is { } calls ? Require(CircuitBreakerSettingRules.MinimumThroughput, calls) : null;
    }

    /// <summary>
    /// Gets the number of latest calls over which the ratios are evaluated, instead of over time: 1 to 64; default
    /// null. Calls before the first count as good ones.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int? SamplingCalls
    {
        get;
        init => field = value is { } calls ? Require(CircuitBreakerSettingRules.SamplingCalls, calls) : null;
    }

    // Outcomes, where the application knows more than the rules.

    /// <summary>
    /// Gets a function that classifies the end of each call before all rules; it returns null to leave the call to
    /// them. Default null. Use it for services that report a failure in their result. It must be quick and thread-safe.
    /// If it throws, the call counts as a failure.
    /// </summary>
    public Func<CallResult, CallOutcome?>? OutcomeClassifier { get; init; }

    /// <summary>
    /// Gets the types of exceptions, subclasses included, that count as a success (pybreaker's "exclude"); default
    /// none.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">A type is null or not an exception.</exception>
    public IReadOnlyList<Type> Exclude
    {
        get;
        init => field = RequireExceptions(value);
    } = [];

    /// <summary>
    /// Gets a predicate of further exceptions that count as a success; default null. If it throws, the call counts as a
    /// failure.
    /// </summary>
    public Func<Exception, bool>? ExcludeWhen { get; init; }

    /// <summary>Gets the types of exceptions, subclasses included, that are ignored; default none.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">A type is null or not an exception.</exception>
    public IReadOnlyList<Type> Ignore
    {
        get;
        init => field = RequireExceptions(value);
    } = [];

    /// <summary>
    /// Gets a predicate of further exceptions that are ignored; default null. If it throws, the call counts as a
    /// failure.
    /// </summary>
    public Func<Exception, bool>? IgnoreWhen { get; init; }

    /// <summary>
    /// Gets the types of exceptions, subclasses included, that count as a failure although the contract declares them;
    /// default none.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">A type is null or not an exception.</exception>
    public IReadOnlyList<Type> FailOn
    {
        get;
        init => field = RequireExceptions(value);
    } = [];

    /// <summary>
    /// Gets the duration from which a call that its caller cancelled counts as a failure: greater than zero; default
    /// null, never. Use it if callers implement their timeouts by cancelling: without it a server that hangs is not
    /// noticed.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan? CancelledCountsAsFailureAfter
    {
        get;
        init => field = value is { } duration ? Require(CircuitBreakerSettingRules.CancelledCountsAsFailureAfter, duration) : null;
    }

    /// <summary>
    /// Gets the clock; default <see cref="TimeProvider.System"/>. Only its monotonic timestamp is read, never the wall
    /// clock.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    } = TimeProvider.System;

    private static int Require(NumberRule rule, int value) => rule.Contains(value) ? value : throw OutOfRange(rule, value);

    private static double Require(NumberRule rule, double value) => rule.Contains(value) ? value : throw OutOfRange(rule, value);

    private static TimeSpan Require(TimeRule rule, TimeSpan value) => rule.Contains(value.Ticks) ? value : throw OutOfRange(rule, value);

    private static ArgumentOutOfRangeException OutOfRange(SettingRule rule, object value)
        => new(rule.Name, value, $"{rule.Name} must be {rule.Requirement}.");

    private static Type[] RequireExceptions(IReadOnlyList<Type> types, [CallerMemberName] string setting = "")
    {
        ArgumentNullException.ThrowIfNull(types, setting);
        return types.All(static type => type is not null && type.IsAssignableTo(typeof(Exception)))
            ? [.. types]
            : throw new ArgumentException($"{setting} must hold types of exceptions.", setting);
    }
}
