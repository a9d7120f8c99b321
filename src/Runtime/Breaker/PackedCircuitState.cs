namespace ThriftBreaker;

/// <summary>
/// The part of a circuit breaker's state that calls change, in one 64-bit value that is replaced by compare-and-swap.
/// </summary>
/// <remarks>
/// <code>
/// 63                     35 34 33 32 31     30      29                 10 9            0
/// ┌────────────────────────┬─────┬─────┬───────────┬─────────────────────┬──────────────┐
/// │ generation (29)        │state│mode │watched (1)│ failures (20)       │ successes(10)│
/// └────────────────────────┴─────┴─────┴───────────┴─────────────────────┴──────────────┘
/// </code>
/// Closed, Auto and unwatched are 0, so the value of a healthy circuit is its generation and nothing else. One
/// comparison decides that a call may pass, and that a success has nothing to write. Settings and
/// handlers that observe every call (a clock, a window) set the watched bit, which leaves that path; nothing else pays
/// for them. The generation counts the states of the circuit; an outcome with another generation is stale. It wraps
/// after 2^29 states.
/// </remarks>
internal readonly record struct PackedCircuitState(ulong Bits)
{
    private const int FailuresShift = 10;
    private const int WatchedShift = 30;
    private const int ModeShift = 31;
    private const int StateShift = 33;
    private const int GenerationShift = 35;

    private const ulong SuccessesMask = (1UL << FailuresShift) - 1;
    private const ulong FailuresMask = (1UL << 20) - 1;
    private const ulong TwoBits = 0b11;
    private const ulong BelowGeneration = (1UL << GenerationShift) - 1;
    private const int GenerationBits = 64 - GenerationShift;
    private const uint GenerationMask = (1U << GenerationBits) - 1;

    /// <summary>The state, mode and watched bits: zero exactly when every call passes without further work.</summary>
    private const ulong Gate = 0b11111UL << WatchedShift;

    /// <summary>
    /// While closed no probe succeeds, so the lowest bit of that count says that the window of the last calls is not
    /// clean.
    /// </summary>
    private const ulong UncleanWindow = 1;

    public uint Generation => (uint)(Bits >> GenerationShift);

    public CircuitState State => (CircuitState)((Bits >> StateShift) & TwoBits);

    public CircuitMode Mode => (CircuitMode)((Bits >> ModeShift) & TwoBits);

    public int Failures => (int)((Bits >> FailuresShift) & FailuresMask);

    public int Successes => State == CircuitState.HalfOpen ? (int)(Bits & SuccessesMask) : 0;

    public bool AdmitsCalls => (Bits & Gate) == 0;

    /// <summary>Whether it is closed and unwatched, of this generation, and without a failure.</summary>
    public bool IsHealthy(uint generation) => Bits == (ulong)generation << GenerationShift;

    /// <summary>The same state with this failure count; one that does not fit saturates.</summary>
    public PackedCircuitState WithFailures(int failures)
        => new((Bits & ~(FailuresMask << FailuresShift)) | (Math.Min((ulong)failures, FailuresMask) << FailuresShift));

    /// <summary>The same half-open state after one more success, which resets the failure count.</summary>
    public PackedCircuitState WithOneMoreSuccess()
        => new((WithFailures(0).Bits & ~SuccessesMask) | Math.Min((ulong)Successes + 1, SuccessesMask));

    /// <summary>The same closed state, with or without a bad call in the window of the last calls.</summary>
    public PackedCircuitState WithUncleanWindow(bool unclean) => new(unclean ? Bits | UncleanWindow : Bits & ~UncleanWindow);

    public PackedCircuitState WithWatched(bool watched)
        => new((Bits & ~(1UL << WatchedShift)) | ((watched ? 1UL : 0UL) << WatchedShift));

    public PackedCircuitState WithMode(CircuitMode mode)
        => new((Bits & ~(TwoBits << ModeShift)) | ((ulong)mode << ModeShift));

    /// <summary>The next generation, in this state; successes start from zero.</summary>
    public PackedCircuitState Next(CircuitState state, int failures)
        => new PackedCircuitState(
            ((ulong)((Generation + 1) & GenerationMask) << GenerationShift) |
            (Bits & BelowGeneration & ~(TwoBits << StateShift) & ~SuccessesMask) |
            ((ulong)state << StateShift)).WithFailures(failures);

    /// <summary>Whether one generation came shortly before another; correct across the wrap.</summary>
    public static bool IsOlder(uint generation, uint than) => (int)((generation - than) << (32 - GenerationBits)) < 0;
}
