namespace ThriftBreaker.Runtime.Tests.Breaker.Windows;

/// <summary>The calls of the last sixteen buckets of time.</summary>
public sealed class TimeWindowTests
{
    private const ulong LastTimeOfACycle = (1UL << 22) - 1;
    private const ulong LastTime = (1UL << 40) - 1;
    private const int MostCallsInABucket = (1 << 21) - 1;

    [Fact]
    public void NewWindow_IsEmpty() => Assert.Equal(default, new TimeWindow(processors: 1, clock: 0).Count(now: 0));

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Call_IsCountedByItsOutcome(bool failed, bool slow)
    {
        var window = new TimeWindow(processors: 1, clock: 0);

        window.Record(startedIn: 7, failed, slow);

        Assert.Equal(new WindowCounts(1, failed ? 1 : 0, slow ? 1 : 0), window.Count(now: 7));
        Assert.True(window.IsClean);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(123_456)]
    [InlineData(LastTime - 1_000)]
    [InlineData(LastTimeOfACycle)]
    [InlineData(LastTimeOfACycle - 7)]
    public void Call_IsInTheWindowForSixteenBuckets(ulong startedIn)
    {
        var window = new TimeWindow(processors: 1, clock: 0);
        window.Record(startedIn, failed: true, slow: true);

        for (var age = 0UL; age < 16; age++)
        {
            Assert.Equal(new WindowCounts(1, 1, 1), window.Count((startedIn + age)));
        }

        Assert.Equal(default, window.Count((startedIn + 16)));
        Assert.Equal(default, window.Count((startedIn + 1_000)));
        Assert.Equal(default, window.Count((startedIn - 1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(LastTimeOfACycle - 20)]
    [InlineData(LastTimeOfACycle - 3)]
    [InlineData(LastTime - 100)]
    public void Window_MovesByOneBucket_AcrossCycles(ulong start)
    {
        var window = new TimeWindow(processors: 1, clock: 0);
        for (var bucket = 0UL; bucket < 40; bucket++)
        {
            window.Record((start + bucket), failed: bucket % 2 == 0, slow: false);

            var calls = (long)Math.Min(bucket + 1, 16);
            Assert.Equal(new WindowCounts(calls, calls / 2 + (bucket % 2 == 0 ? calls % 2 : 0), 0), window.Count((start + bucket)));
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(LastTimeOfACycle - 20)]
    [InlineData(LastTimeOfACycle - 16)]
    public void Call_BucketReused_IsDropped(ulong start)
    {
        var window = new TimeWindow(processors: 1, clock: 0);
        window.Record((start + 16), failed: false, slow: false);

        window.Record(start, failed: true, slow: true);

        Assert.Equal(new WindowCounts(1, 0, 0), window.Count((start + 16)) with { Slow = 0 });
    }

    [Fact]
    public void Call_OfAnotherClock_IsDropped()
    {
        var window = new TimeWindow(processors: 1, clock: 3);
        window.Record(startedIn: (3UL << 40) + 5, failed: true, slow: true);

        window.Record(startedIn: (2UL << 40) + 6, failed: true, slow: true);
        window.Record(startedIn: 7, failed: true, slow: true);

        Assert.Equal(new WindowCounts(1, 1, 1), window.Count((3UL << 40) + 7));
        Assert.Equal(default, window.Count((2UL << 40) + 7));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(1_000_000)]
    [InlineData(LastTimeOfACycle + 1)]
    [InlineData(2 * (LastTimeOfACycle + 1))]
    [InlineData(LastTime - 100)]
    public void LateCall_OutOfTheWindow_DoesNotCount(ulong late)
    {
        const ulong First = 5;
        var window = new TimeWindow(processors: 1, clock: 0);
        window.Record(First + late, failed: false, slow: false);

        window.Record(First, failed: true, slow: true);

        Assert.Equal(late < 16 ? new WindowCounts(2, 1, 1) : new WindowCounts(1, 0, 0), window.Count(First + late));
    }

    /// <summary>The calls of the cycle before stay in the window, and late ones are added to it.</summary>
    [Fact]
    public void NewCycle_LateCallsOfTheCycleBefore_Count()
    {
        var window = new TimeWindow(processors: 1, clock: 0);
        window.Record(LastTimeOfACycle, failed: true, slow: false);
        window.Record(LastTimeOfACycle + 1, failed: false, slow: false);

        window.Record(LastTimeOfACycle - 1, failed: true, slow: true);

        Assert.Equal(new WindowCounts(3, 2, 1), window.Count(LastTimeOfACycle + 1));
        Assert.Equal(new WindowCounts(1, 0, 0), window.Count(LastTimeOfACycle + 16));
        Assert.Equal(default, window.Count(LastTimeOfACycle + 17));
    }

    [Fact]
    public void NewCycle_ThreadsAtOnce_NoCallIsLost()
    {
        const int Threads = 4;
        var window = new TimeWindow(processors: 4, clock: 0);

        Race.Run(
            Threads,
            rounds: 1_000,
            before: () =>
            {
                window = new TimeWindow(processors: 4, clock: 0);
                window.Record(LastTimeOfACycle, failed: true, slow: true);
            },
            run: number => window.Record(LastTimeOfACycle + (ulong)(number % 2), failed: true, slow: false),
            after: () => Assert.Equal(new WindowCounts(Threads + 1, Threads + 1, 1), window.Count(LastTimeOfACycle + 1)));
    }

    [Fact]
    public void FullBucket_IsHalved_KeepsItsRatios()
    {
        var window = new TimeWindow(processors: 1, clock: 0);

        for (var call = 0; call < 9 * (MostCallsInABucket / 4); call++)
        {
            window.Record(startedIn: 3, failed: call % 4 == 0, slow: call % 10 == 0);
        }

        var tally = window.Count(now: 3);
        Assert.InRange(tally.Calls, MostCallsInABucket / 2, MostCallsInABucket);
        Assert.InRange((double)tally.Failures / tally.Calls, 0.249, 0.251);
        Assert.InRange((double)tally.Slow / tally.Calls, 0.099, 0.101);
    }

    [Fact]
    public void Bucket_IsExactUntilFull()
    {
        var window = new TimeWindow(processors: 1, clock: 0);

        for (var call = 0; call < MostCallsInABucket; call++)
        {
            window.Record(startedIn: 3, failed: true, slow: true);
        }

        Assert.Equal(new WindowCounts(MostCallsInABucket, MostCallsInABucket, MostCallsInABucket), window.Count(now: 3));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(1_000)]
    public void AnyNumberOfCores_NoCallIsLost(int processors)
    {
        const int Threads = 8;
        const int CallsOfEachThread = 10_000;
        var window = new TimeWindow(processors, clock: 0);

        Race.Run(Threads, number =>
        {
            for (var call = 0UL; call < CallsOfEachThread; call++)
            {
                window.Record(startedIn: call % 16, failed: number % 2 == 0, slow: number % 4 == 0);
            }
        });

        Assert.Equal(
            new WindowCounts(Threads * CallsOfEachThread, Threads * CallsOfEachThread / 2, Threads * CallsOfEachThread / 4),
            window.Count(now: 15));
    }
}
