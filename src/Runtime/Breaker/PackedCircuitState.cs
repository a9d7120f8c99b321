namespace ThriftBreaker;

/// <summary>All of a circuit that calls change while it is in use, in one word that is replaced by compare-and-swap.</summary>
/// <remarks>
/// <code>
/// 63                     35 34 33 32 31     30      29                 10 9            0
/// ┌────────────────────────┬─────┬─────┬───────────┬─────────────────────┬──────────────┐
/// │ generation (29)        │state│mode │watched (1)│ failures (20)       │ successes(10)│
/// └────────────────────────┴─────┴─────┴───────────┴─────────────────────┴──────────────┘
/// </code>
/// Closed, Auto and unwatched are 0, so a healthy circuit's word is its generation and nothing else: one comparison tells an
/// admission that it may pass, and a success that there is nothing to write. What needs more of every call (a clock, a
/// window, a listener) sets the watched bit and leaves that path; who does not use it does not pay for it. The generation counts the
/// states that the circuit has been in; a verdict that carries another one belongs to the past. It wraps after 2^29 states.
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

    /// <summary>The state, mode and watched bits: zero exactly when calls simply pass.</summary>
    private const ulong Gate = 0b11111UL << WatchedShift;

    /// <summary>While closed no probe succeeds, and the lowest bit of that count says that the window of the last calls is not clean.</summary>
    private const ulong Mark = 1;

    public uint Generation => (uint)(Bits >> GenerationShift);

    public CircuitState State => (CircuitState)((Bits >> StateShift) & TwoBits);

    public CircuitMode Mode => (CircuitMode)((Bits >> ModeShift) & TwoBits);

    public int Failures => (int)((Bits >> FailuresShift) & FailuresMask);

    public int Successes => State == CircuitState.HalfOpen ? (int)(Bits & SuccessesMask) : 0;

    public bool LetsCallsPass => (Bits & Gate) == 0;

    /// <summary>Closed and unwatched, of this generation, without a failure on record.</summary>
    public bool IsHealthy(uint generation) => Bits == (ulong)generation << GenerationShift;

    /// <summary>The same state with this many failures; a count that does not fit stays at the most that does.</summary>
    public PackedCircuitState WithFailures(int failures)
        => new((Bits & ~(FailuresMask << FailuresShift)) | (Math.Min((ulong)failures, FailuresMask) << FailuresShift));

    /// <summary>The same half-open state after one more success, which clears the failures.</summary>
    public PackedCircuitState WithOneMoreSuccess()
        => new((WithFailures(0).Bits & ~SuccessesMask) | Math.Min((ulong)Successes + 1, SuccessesMask));

    /// <summary>The same closed state, with a note whether the window of the last calls has a bad one in it.</summary>
    public PackedCircuitState Marked(bool mark) => new(mark ? Bits | Mark : Bits & ~Mark);

    public PackedCircuitState Watched(bool watched)
        => new((Bits & ~(1UL << WatchedShift)) | ((watched ? 1UL : 0UL) << WatchedShift));

    /// <summary>The next generation, in this state; successes start from zero.</summary>
    public PackedCircuitState Next(CircuitState state, int failures)
        => new PackedCircuitState(
            ((ulong)((Generation + 1) & GenerationMask) << GenerationShift) |
            (Bits & BelowGeneration & ~(TwoBits << StateShift) & ~SuccessesMask) |
            ((ulong)state << StateShift)).WithFailures(failures);

    public PackedCircuitState In(CircuitMode mode)
        => new((Bits & ~(TwoBits << ModeShift)) | ((ulong)mode << ModeShift));

    /// <summary>Whether one generation came before another, seen from nearby: right across the wrap.</summary>
    public static bool IsOlder(uint generation, uint than) => (int)((generation - than) << (32 - GenerationBits)) < 0;
}
