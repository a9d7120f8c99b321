using System.Numerics;
using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>
/// The calls of the latest seconds, in buckets of a sixteenth of that time. Every core counts in a separate stripe, on
/// cache lines that no other core writes, so that threads do not slow each other down. The stripes are added only after
/// a bad call, which may open the circuit.
/// </summary>
/// <remarks>
/// <para>
/// A call counts in the bucket in which it started. If that bucket holds a later time by now, the call is too old to
/// count. Neither does a call count whose start was measured by another clock, before a window of another size was
/// replaced by this one.
/// </para>
/// <para>
/// The stripes hold the buckets of one <see cref="Cycle"/>, about four million of them, so that a time within it fits
/// beside the counts. The next cycle begins with empty stripes. So no time ever wraps, and however long a circuit was
/// idle, its old calls are older than its new ones.
/// </para>
/// </remarks>
/// <param name="processors">The number of cores that record calls.</param>
/// <param name="clock">The number of the <see cref="SamplingClock"/> that measures the start of calls.</param>
internal sealed class TimeWindow(int processors, uint clock) : OutcomeWindow
{
    public const int Buckets = 16;

    /// <summary>The cycle of the latest call; null before the first one.</summary>
    private Cycle? _cycle;

    /// <summary>Every call counts, also the good ones: recording must not be skipped.</summary>
    public override bool IsClean => true;

    public override void Record(ulong startedIn, bool failed, bool slow)
    {
        if (SamplingClock.GetNumber(startedIn) == clock)
        {
            var time = SamplingClock.GetTime(startedIn);
            GetCycle(Cycle.GetNumber(time))?.Record(Cycle.GetTime(time), failed, slow);
        }
    }

    public override WindowCounts Count(ulong now)
    {
        var time = SamplingClock.GetTime(now);
        return SamplingClock.GetNumber(now) != clock || Volatile.Read(ref _cycle) is not { } cycle ? default
            : cycle.Count(time) + (cycle.Previous?.Count(time) ?? default);
    }

    /// <summary>Gets the cycle with this number, and begins it if it is the latest; null if it is over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Cycle? GetCycle(ulong number)
    {
        var cycle = Volatile.Read(ref _cycle);
        return cycle is not null && cycle.Number == number ? cycle : GetOtherCycle(number);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Cycle? GetOtherCycle(ulong number)
    {
        while (true)
        {
            var latest = Volatile.Read(ref _cycle);
            if (latest is not null && number <= latest.Number)
            {
                return number == latest.Number ? latest
                    : latest.Previous is { } previous && previous.Number == number ? previous
                    : null;
            }

            var next = new Cycle(number, processors, latest is not null && latest.Number + 1 == number ? latest : null);
            if (Interlocked.CompareExchange(ref _cycle, next, latest) == latest)
            {
                return next;
            }
        }
    }

    /// <summary>The stripes of 2^22 consecutive buckets.</summary>
    /// <remarks>
    /// A bucket is one 64-bit value, changed by compare-and-swap: <c>time (22) | calls (21) | failed (21)</c>. A full
    /// one is halved, and still holds more calls than the largest
    /// <see cref="CircuitBreakerOptions.MinimumThroughput"/>.
    /// </remarks>
    private sealed class Cycle
    {
        private const int CountBits = 21;
        private const ulong CountMask = (1UL << CountBits) - 1;
        private const int TimeShift = 2 * CountBits;
        private const int TimeBits = 64 - TimeShift;
        private const ulong CountsMask = (1UL << TimeShift) - 1;

        /// <summary>Two cache lines: enough also for processors that fetch them in pairs.</summary>
        private const int Stride = 16;

        private readonly int _stripeMask;
        private readonly ulong[] _calls;
        private readonly ulong[] _slow;
        private Cycle? _previous;

        public Cycle(ulong number, int processors, Cycle? previous)
        {
            var stripes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(processors, 1, 64));
            Number = number;
            _stripeMask = stripes - 1;
            _calls = new ulong[(stripes + 1) * Stride];
            _slow = new ulong[_calls.Length];
            _previous = previous;
            if (previous is not null)
            {
                Volatile.Write(ref previous._previous, null);
            }
        }

        public ulong Number { get; }

        /// <summary>The cycle just before, whose last buckets can be in the window.</summary>
        public Cycle? Previous => Volatile.Read(ref _previous);

        public static ulong GetNumber(ulong time) => time >> TimeBits;

        public static uint GetTime(ulong time) => (uint)time & ((1U << TimeBits) - 1);

        public void Record(uint time, bool failed, bool slow)
        {
            // The first stripe begins one stride in: the array's length is on the line before.
            var place = ((1 + (Thread.GetCurrentProcessorId() & _stripeMask)) * Stride) + (int)(time % Buckets);
            if (Add(ref _calls[place], time, failed))
            {
                Halve(ref _slow[place], time);
            }

            if (slow)
            {
                _ = Add(ref _slow[place], time, failed: false);
            }
        }

        public WindowCounts Count(ulong now)
        {
            var first = Number << TimeBits;
            var sum = default(WindowCounts);
            for (var place = Stride; place < _calls.Length; place++)
            {
                var (calls, failures) = Read(_calls, place, first, now);
                var (slow, _) = Read(_slow, place, first, now);
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
                if (seen >> TimeShift > time)
                {
                    return false;
                }

                // A full bucket is halved, which keeps its ratio.
                var counts = seen >> TimeShift == time ? seen & CountsMask : 0;
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

        private static (long Calls, long Failures) Read(ulong[] buckets, int place, ulong first, ulong now)
        {
            var seen = Volatile.Read(ref buckets[place]);
            var age = now - (first + (seen >> TimeShift));
            return age < Buckets ? ((long)((seen >> CountBits) & CountMask), (long)(seen & CountMask)) : default;
        }
    }
}
