namespace ThriftBreaker;

// How long the circuit stays open, beyond the plain ResetTimeout.
public sealed partial record CircuitBreakerOptions
{
    /// <summary>
    /// What <see cref="ResetTimeout"/> is multiplied by for each attempt that did not last: 1 to 100; default 1. An attempt is
    /// forgotten when the circuit has been closed for one ResetTimeout, or by <see cref="CircuitBreaker.Close"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double BackoffMultiplier
    {
        get;
        init => field = value is >= 1 and <= 100
            ? value
            : throw new ArgumentOutOfRangeException(nameof(BackoffMultiplier), value, "BackoffMultiplier must be between 1 and 100.");
    } = 1;

    /// <summary>The longest that the multiplied ResetTimeout may become: at least ResetTimeout; default null, which means no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan? MaxResetTimeout
    {
        get;
        init => field = value is { } longest ? Positive(longest) : null;
    }

    /// <summary>
    /// By which share the time varies at random, up or down, so that many clients do not come back in step: 0 to 0.99; default 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double Jitter
    {
        get;
        init => field = value is >= 0 and <= 0.99
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Jitter), value, "Jitter must be between 0 and 0.99.");
    }

    /// <summary>
    /// Says how long the circuit stays open, instead of the settings above: from the attempt, 0 for the first, and the failure
    /// that opened it, null when it was opened otherwise. Default null. It must be quick and may be called twice where threads race;
    /// where it throws, or answers zero or less, the settings above hold.
    /// </summary>
    public Func<int, Exception?, TimeSpan>? ResetTimeoutGenerator { get; init; }

    /// <summary>Random numbers from 0 up to 1, for <see cref="Jitter"/>.</summary>
#pragma warning disable CA5394 // Nothing here is a secret: the numbers keep clients from coming back in step.
    internal Func<double> Random { get; init; } = static () => System.Random.Shared.NextDouble();
#pragma warning restore CA5394
}
