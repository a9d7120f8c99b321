using System.Globalization;

namespace ThriftBreaker;

/// <summary>The settings of a <see cref="CircuitBreakerRegistry"/>. Immutable; a value out of range throws where it is written.</summary>
public sealed record CircuitBreakerRegistryOptions
{
    private const int MostCircuits = 1_000_000;

    /// <summary>The settings of circuits that are added by their name alone; their <see cref="CircuitBreakerOptions.Name"/> is not looked at.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public CircuitBreakerOptions Defaults
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Defaults));
    } = new();

    /// <summary>How many circuits the registry holds at most: 1 to 1,000,000; default 1,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxCircuits
    {
        get;
        init => field = value is >= 1 and <= MostCircuits
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(MaxCircuits), value, string.Create(CultureInfo.InvariantCulture, $"MaxCircuits must be between 1 and {MostCircuits:N0}."));
    } = 1_000;

    /// <summary>
    /// How long a circuit must not have been asked for before a full registry may drop it: greater than zero; default 10 minutes. It may go up
    /// to a sixteenth of that earlier, so that not every asking has to be noted.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan IdleAfter
    {
        get;
        init => field = value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(IdleAfter), value, "IdleAfter must be greater than zero.");
    } = TimeSpan.FromMinutes(10);

    /// <summary>The clock by which circuits are idle; default <see cref="TimeProvider.System"/>. Only its monotonic timestamp is read.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    } = TimeProvider.System;
}
