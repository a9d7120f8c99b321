using System.Globalization;
using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>
/// The settings of a <see cref="CircuitBreaker"/>. Immutable; a value out of range throws where it is written, settings that
/// contradict each other where a circuit is made of them.
/// </summary>
/// <remarks>The names and defaults are those of pybreaker, in .NET spelling. Whatever pybreaker does not have is off by default.</remarks>
public sealed partial record CircuitBreakerOptions
{
    internal const int DefaultFailMax = 5;
    internal const double DefaultResetTimeoutSeconds = 60;
    internal const int DefaultSuccessThreshold = 1;
    internal static readonly TimeSpan DefaultProbeTimeout = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan LongestProbeTimeout = TimeSpan.FromDays(24);

    /// <summary>The circuit's name in messages and metrics; default "circuit".</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public string Name
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Name));
    } = "circuit";

    /// <summary>How many calls must fail in a row to open the circuit: 1 to 1,000,000; default 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int FailMax
    {
        get;
        init => field = Between(1, value, 1_000_000);
    } = DefaultFailMax;

    /// <summary>
    /// How long the circuit stays open before one call may try again: greater than zero; default 60 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan ResetTimeout
    {
        get;
        init => field = Positive(value);
    } = TimeSpan.FromSeconds(DefaultResetTimeoutSeconds);

    /// <summary>How many probes must succeed in half-open to close the circuit: 1 to 1,000; default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int SuccessThreshold
    {
        get;
        init => field = Between(1, value, 1_000);
    } = DefaultSuccessThreshold;

    /// <summary>How many probes may be under way at a time in half-open: 1 to 1,000; default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxProbes
    {
        get;
        init => field = Between(1, value, 1_000);
    } = 1;

    /// <summary>
    /// How long a probe may take to give its verdict: greater than zero, at most 24 days. After that the next call finds the circuit open
    /// again, so that a probe that never ends cannot block it. Default: null, which means 10 seconds, or, for a client made by <c>Connect</c>,
    /// twice the lease, connect and call timeout of its channel together where that is longer.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? ProbeTimeout
    {
        get;
        init => field = value is null || (value > TimeSpan.Zero && value <= LongestProbeTimeout)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ProbeTimeout), value, "ProbeTimeout must be greater than zero and at most 24 days.");
    }

    /// <summary>
    /// What the caller whose failure opens the circuit gets: the original exception (false, the default), or a
    /// <c>CircuitOpenException</c> with the original inside (true, as pybreaker has it).
    /// </summary>
    public bool ThrowOnTrip { get; init; }

    /// <summary>The mode that the circuit starts in; default <see cref="CircuitMode.Auto"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enum's.</exception>
    public CircuitMode Mode
    {
        get;
        init => field = value is >= CircuitMode.Auto and <= CircuitMode.ReportOnly
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Mode), value, "Mode must be Auto, Isolated, Disabled or Shadow.");
    }

    /// <summary>The clock; default <see cref="TimeProvider.System"/>. Only its monotonic timestamp is read, never the wall clock.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    } = TimeProvider.System;

    private static int Between(int least, int value, int most, [CallerMemberName] string setting = "")
        => value >= least && value <= most
            ? value
            : throw new ArgumentOutOfRangeException(
                setting, value, string.Create(CultureInfo.InvariantCulture, $"{setting} must be between {least:N0} and {most:N0}."));

    private static TimeSpan Positive(TimeSpan value, [CallerMemberName] string setting = "")
        => value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(setting, value, $"{setting} must be greater than zero.");

    private static double? Share(double? value, [CallerMemberName] string setting = "")
        => value is null or (> 0 and <= 1)
            ? value
            : throw new ArgumentOutOfRangeException(setting, value, $"{setting} must be greater than 0 and at most 1.");
}
