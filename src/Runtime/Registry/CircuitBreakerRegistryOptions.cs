using System.Globalization;

namespace ThriftBreaker;

/// <summary>
/// Represents the settings of a <see cref="CircuitBreakerRegistry"/>. Immutable. A value out of range throws where it
/// is set.
/// </summary>
public sealed record CircuitBreakerRegistryOptions
{
    private const int UpperLimit = 1_000_000;

    /// <summary>
    /// Gets the options of circuit breakers that are added by name only; their <see cref="CircuitBreakerOptions.Name"/>
    /// is ignored.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public CircuitBreakerOptions Defaults
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Defaults));
    } = new();

    /// <summary>Gets the maximum number of circuit breakers: 1 to 1,000,000; default 1,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxCircuitBreakers
    {
        get;
        init => field = value is >= 1 and <= UpperLimit
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(MaxCircuitBreakers), value, string.Create(CultureInfo.InvariantCulture, $"MaxCircuitBreakers must be between 1 and {UpperLimit:N0}."));
    } = 1_000;

    /// <summary>
    /// Gets the time without a request after which a full registry may drop a circuit breaker: greater than zero;
    /// default 10 minutes. It may be dropped up to a sixteenth of that time earlier, so that not every request has to
    /// be recorded.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan IdleAfter
    {
        get;
        init => field = value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(IdleAfter), value, "IdleAfter must be greater than zero.");
    } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Gets the clock that measures idle times; default <see cref="TimeProvider.System"/>. Only its monotonic timestamp
    /// is read.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    } = TimeProvider.System;
}
