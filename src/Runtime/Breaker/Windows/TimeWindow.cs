using System.Numerics;
using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>
/// The calls of the latest seconds, in buckets of a sixteenth of that time. Every core counts in a separate stripe, on
/// cache lines that no other core writes, so that threads do not slow each other down. The stripes are added only after
/// a bad call, which may open the circuit.
/// </summary>
/// <remarks>
/// A bucket is one 64-bit value, changed by compare-and-swap: <c>time (26) | calls (19) | failed (19)</c>. A call
/// counts in the bucket in which it started. If that bucket holds a later time by now, the call is too old to count.
/// Neither does a call count whose start was measured by another clock, before a window of another size was replaced by
/// this one.
/// </remarks>
internal sealed class TimeWindow : OutcomeWindow
{
    /// <summary>A power of two, so that a bucket's place is the low bits of its time, also when that wraps.</summary>
    public const int Buckets = 16;

    private const int CountBits = 19;
    private const ulong CountMask = (1UL << CountBits) - 1;
    private const int TimeShift = 2 * CountBits;
    private const ulong CountsMask = (1UL << TimeShift) - 1;
    private const uint TimeMask = SamplingClock.TimeMask;

    /// <summary>
    /// How far back a call is taken for a late one; further back, for one after an idle time in which the bucket's time
    /// has wrapped. With buckets of one second: two weeks, in a cycle of two years.
    /// </summary>
    private const uint LatestCall = 1 << 20;

    /// <summary>Two cache lines: enough also for processors that fetch them in pairs.</summary>
    private const int Stride = 16;

    private readonly uint _clock;
    private readonly int _stripeMask;
    private readonly ulong[] _calls;
    private readonly ulong[] _slow;

    /// <param name="processors">The number of cores that record calls.</param>
    /// <param name="clock">The number of the <see cref="SamplingClock"/> that measures the start of calls.</param>
    public TimeWindow(int processors, uint clock)
    {
        _clock = clock;
        var stripes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(processors, 1, 64));
        _stripeMask = stripes - 1;
        _calls = new ulong[(stripes + 1) * Stride];
        _slow = new ulong[_calls.Length];
    }

    /// <summary>Every call counts, also the good ones: recording must not be skipped.</summary>
    public override bool IsClean => true;

    public override void Record(uint startedIn, bool failed, bool slow)
    {
        if (SamplingClock.NumberIn(startedIn) != _clock)
        {
            return;
        }

        // The first stripe begins one stride in: the array's length is on the line before.
        var place = ((1 + (Thread.GetCurrentProcessorId() & _stripeMask)) * Stride) + (int)(startedIn % Buckets);
        var time = startedIn & TimeMask;
        if (Add(ref _calls[place], time, failed))
        {
            Halve(ref _slow[place], time);
        }

        if (slow)
        {
            _ = Add(ref _slow[place], time, failed: false);
        }
    }

    public override WindowCounts Count(uint now)
    {
        var sum = default(WindowCounts);
        if (SamplingClock.NumberIn(now) != _clock)
        {
            return sum;
        }

        for (var place = Stride; place < _calls.Length; place++)
        {
            var (calls, failures) = Read(_calls, place, now);
            var (slow, _) = Read(_slow, place, now);
            sum += new WindowCounts(calls, failures, slow);
        }

        return sum;
    }

    /// <returns>True if the bucket was full, and its counts have been halved.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Add(ref ulong bucket, uint time, bool failed)
    {
        while (true)
        {
            var seen = Volatile.Read(ref bucket);
            var behind = ((uint)(seen >> TimeShift) - time) & TimeMask;
            if (behind is not 0 and <= LatestCall && seen != 0)
            {
                return false;
            }

            // A full bucket is halved, which keeps its ratio.
            var counts = behind == 0 ? seen & CountsMask : 0;
            var isFull = counts >> CountBits == CountMask;
            var next = ((ulong)time << TimeShift) | ((isFull ? Half(counts) : counts) + (1UL << CountBits) + (failed ? 1UL : 0UL));
            if (Interlocked.CompareExchange(ref bucket, next, seen) == seen)
            {
                return isFull;
            }
        }
    }

    /// <summary>Halves the slow calls when all calls are halved, which keeps their ratio.</summary>
    private static void Halve(ref ulong bucket, uint time)
    {
        ulong seen;
        do
        {
            seen = Volatile.Read(ref bucket);
        }
        while (seen >> TimeShift == time &&
               Interlocked.CompareExchange(ref bucket, ((ulong)time << TimeShift) | Half(seen & CountsMask), seen) != seen);
    }

    private static ulong Half(ulong counts) => ((counts >> (CountBits + 1)) << CountBits) | ((counts & CountMask) >> 1);

    private static (long Calls, long Failures) Read(ulong[] buckets, int place, uint now)
    {
        var seen = Volatile.Read(ref buckets[place]);
        var age = (now - (uint)(seen >> TimeShift)) & TimeMask;
        return age < Buckets ? ((long)((seen >> CountBits) & CountMask), (long)(seen & CountMask)) : default;
    }
}
