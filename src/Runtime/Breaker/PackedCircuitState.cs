namespace ThriftBreaker;

/// <summary>
/// The part of a circuit breaker's state that calls change, in one 64-bit value that is replaced by compare-and-swap.
/// </summary>
/// <remarks>
/// <code>
/// 63                              26 25 24 23 22     21        20     19                  0
/// ┌─────────────────────────────────┬─────┬─────┬───────────┬────────┬─────────────────────┐
/// │ generation (38)                 │state│mode │watched (1)│flag (1)│ count (20)          │
/// └─────────────────────────────────┴─────┴─────┴───────────┴────────┴─────────────────────┘
/// </code>
/// Closed, Auto and unwatched are 0, so the value of a healthy circuit is its generation and nothing else. One
/// comparison decides that a call may pass, and that a success has nothing to write. Settings and
/// handlers that observe every call (a clock, a window) set the watched bit, which leaves that path; nothing else pays
/// for them. The count is that of failures. Half-open with the flag, it is that of successful probes: the first of them
/// resets the failures. Closed with the flag, the window of the last calls is not clean. The generation counts the
/// states of the circuit; an outcome with another generation is stale. It wraps after 2^38 states: a change in each
/// microsecond of three days.
/// </remarks>
internal readonly record struct PackedCircuitState(ulong Bits)
{
    public const int GenerationShift = 26;

    private const int WatchedShift = 21;
    private const int ModeShift = 22;
    private const int StateShift = 24;

    private const ulong CountMask = (1UL << 20) - 1;
    private const ulong Flag = 1UL << 20;
    private const ulong TwoBits = 0b11;
    private const ulong BelowGeneration = (1UL << GenerationShift) - 1;

    /// <summary>The state, mode and watched bits: zero exactly when every call passes without further work.</summary>
    private const ulong Gate = 0b11111UL << WatchedShift;

    public ulong Generation => Bits >> GenerationShift;

    public CircuitState State => (CircuitState)((Bits >> StateShift) & TwoBits);

    public CircuitMode Mode => (CircuitMode)((Bits >> ModeShift) & TwoBits);

    public int Failures => HasSuccesses ? 0 : (int)(Bits & CountMask);

    public int Successes => HasSuccesses ? (int)(Bits & CountMask) : 0;

    public bool AdmitsCalls => (Bits & Gate) == 0;

    private bool HasSuccesses => State == CircuitState.HalfOpen && (Bits & Flag) != 0;

    /// <summary>Whether it is closed and unwatched, of this generation, and without a failure.</summary>
    public bool IsHealthy(ulong generation) => Bits == generation << GenerationShift;

    /// <summary>
    /// The same state with this failure count; one that does not fit saturates. Half-open, a failure resets the
    /// successes.
    /// </summary>
    public PackedCircuitState WithFailures(int failures)
        => HasSuccesses && failures == 0 ? this
            : new((Bits & ~CountMask & ~(HasSuccesses ? Flag : 0)) | Math.Min((ulong)failures, CountMask));

    /// <summary>The same half-open state after one more success, which resets the failure count.</summary>
    public PackedCircuitState WithOneMoreSuccess()
        => new((Bits & ~CountMask) | Flag | Math.Min((ulong)Successes + 1, CountMask));

    /// <summary>The same closed state, with or without a bad call in the window of the last calls.</summary>
    public PackedCircuitState WithUncleanWindow(bool unclean) => new(unclean ? Bits | Flag : Bits & ~Flag);

    public PackedCircuitState WithWatched(bool watched)
        => new((Bits & ~(1UL << WatchedShift)) | ((watched ? 1UL : 0UL) << WatchedShift));

    public PackedCircuitState WithMode(CircuitMode mode)
        => new((Bits & ~(TwoBits << ModeShift)) | ((ulong)mode << ModeShift));

    /// <summary>The next generation, in this state; successes start from zero.</summary>
    public PackedCircuitState Next(CircuitState state, int failures)
        => new PackedCircuitState(
            ((Generation + 1) << GenerationShift) |
            (Bits & BelowGeneration & ~(TwoBits << StateShift) & ~Flag) |
            ((ulong)state << StateShift)).WithFailures(failures);

    /// <summary>Whether one generation came shortly before another; correct across the wrap.</summary>
    public static bool IsOlder(ulong generation, ulong than) => (long)((generation - than) << GenerationShift) < 0;
}
