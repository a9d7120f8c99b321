using System.Numerics;

namespace ThriftBreaker;

/// <summary>
/// The last N calls, one bit each. Calls before the first count as good ones, so the ratio is always one of N. A
/// healthy circuit has nothing to record: another good call shifted into a window of good calls does not change it.
/// </summary>
internal sealed class LastCallsWindow(int calls) : OutcomeWindow
{
    /// <summary>The largest number of calls: 64 bits, so that a shift is one compare-and-swap.</summary>
    public const int MostCalls = 64;

    private readonly ulong _window = ulong.MaxValue >> (MostCalls - calls);
    private ulong _failed;
    private ulong _slow;

    public override bool IsClean => Volatile.Read(ref _failed) == 0 && Volatile.Read(ref _slow) == 0;

    public override void Record(ulong startedIn, bool failed, bool slow)
    {
        Shift(ref _failed, failed);
        Shift(ref _slow, slow);
    }

    public override WindowCounts Count(ulong now)
        => new(calls, BitOperations.PopCount(Volatile.Read(ref _failed)), BitOperations.PopCount(Volatile.Read(ref _slow)));

    private void Shift(ref ulong ring, bool bad)
    {
        ulong seen, next;
        do
        {
            seen = Volatile.Read(ref ring);
            next = ((seen << 1) | (bad ? 1UL : 0UL)) & _window;
        }
        while (next != seen && Interlocked.CompareExchange(ref ring, next, seen) != seen);
    }
}
