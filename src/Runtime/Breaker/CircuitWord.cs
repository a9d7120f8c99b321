namespace ThriftBreaker;

/// <summary>All of a circuit that calls change while it is in use, in one word that is replaced by compare-and-swap.</summary>
/// <remarks>
/// <code>
/// 63                        34 33 32 31 30 29                 10 9            0
/// ┌───────────────────────────┬─────┬─────┬─────────────────────┬──────────────┐
/// │ generation (30)           │state│  0  │ failures (20)       │ successes(10)│
/// └───────────────────────────┴─────┴─────┴─────────────────────┴──────────────┘
/// </code>
/// Closed is 0, so a healthy circuit's word is its generation and nothing else: one comparison tells an admission that it
/// may pass, and a success that there is nothing to write. Bits 30–31 are kept free for the mode. The generation counts the
/// states that the circuit has been in; a verdict that carries another one belongs to the past. It wraps after 2^30 states.
/// </remarks>
internal readonly record struct CircuitWord(ulong Bits)
{
    private const int FailuresShift = 10;
    private const int StateShift = 32;
    private const int GenerationShift = 34;

    private const ulong SuccessesMask = (1UL << FailuresShift) - 1;
    private const ulong FailuresMask = (1UL << 20) - 1;
    private const ulong StateMask = 0b11;
    private const ulong BelowGeneration = (1UL << GenerationShift) - 1;
    private const uint GenerationMask = (1U << 30) - 1;

    /// <summary>Nothing but the state and mode bits: zero exactly when calls simply pass.</summary>
    private const ulong Gate = 0b1111UL << 30;

    public uint Generation => (uint)(Bits >> GenerationShift);

    public CircuitState State => (CircuitState)((Bits >> StateShift) & StateMask);

    public int Failures => (int)((Bits >> FailuresShift) & FailuresMask);

    public int Successes => (int)(Bits & SuccessesMask);

    public bool LetsCallsPass => (Bits & Gate) == 0;

    /// <summary>Closed, of this generation, without a failure on record.</summary>
    public bool IsHealthy(uint generation) => Bits == (ulong)generation << GenerationShift;

    /// <summary>The same state with this many failures; a count that does not fit stays at the most that does.</summary>
    public CircuitWord WithFailures(int failures)
        => new((Bits & ~(FailuresMask << FailuresShift)) | (Math.Min((ulong)failures, FailuresMask) << FailuresShift));

    /// <summary>The same half-open state after one more success, which clears the failures.</summary>
    public CircuitWord WithOneMoreSuccess()
        => new((WithFailures(0).Bits & ~SuccessesMask) | Math.Min((ulong)Successes + 1, SuccessesMask));

    /// <summary>The next generation, in this state; successes start from zero.</summary>
    public CircuitWord Next(CircuitState state, int failures)
        => new CircuitWord(
            ((ulong)((Generation + 1) & GenerationMask) << GenerationShift) |
            (Bits & BelowGeneration & ~(StateMask << StateShift) & ~SuccessesMask) |
            ((ulong)state << StateShift)).WithFailures(failures);

    /// <summary>Whether one generation came before another, seen from nearby: right across the wrap.</summary>
    public static bool IsOlder(uint generation, uint than) => (int)((generation - than) << 2) < 0;
}
