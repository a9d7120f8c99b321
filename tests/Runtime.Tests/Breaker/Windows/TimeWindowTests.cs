namespace ThriftBreaker.Runtime.Tests.Breaker.Windows;

/// <summary>The calls of the last sixteen buckets of time.</summary>
public sealed class TimeWindowTests
{
    private const uint LastTime = (1U << 26) - 1;
    private const int MostCallsInABucket = (1 << 19) - 1;

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
    [InlineData(LastTime)]
    [InlineData(LastTime - 7)]
    public void Call_IsInTheWindowForSixteenBuckets(uint startedIn)
    {
        var window = new TimeWindow(processors: 1, clock: 0);
        window.Record(startedIn, failed: true, slow: true);

        for (var age = 0U; age < 16; age++)
        {
            Assert.Equal(new WindowCounts(1, 1, 1), window.Count((startedIn + age) & LastTime));
        }

        Assert.Equal(default, window.Count((startedIn + 16) & LastTime));
        Assert.Equal(default, window.Count((startedIn + 1_000) & LastTime));
        Assert.Equal(default, window.Count((startedIn - 1) & LastTime));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(LastTime - 20)]
    [InlineData(LastTime - 3)]
    public void Window_MovesByOneBucket_AcrossTheWrap(uint start)
    {
        var window = new TimeWindow(processors: 1, clock: 0);
        for (var bucket = 0U; bucket < 40; bucket++)
        {
            window.Record((start + bucket) & LastTime, failed: bucket % 2 == 0, slow: false);

            var calls = Math.Min(bucket + 1, 16);
            Assert.Equal(new WindowCounts(calls, calls / 2 + (bucket % 2 == 0 ? calls % 2 : 0), 0), window.Count((start + bucket) & LastTime));
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(LastTime - 20)]
    [InlineData(LastTime - 3)]
    public void Call_BucketReused_IsDropped(uint start)
    {
        var window = new TimeWindow(processors: 1, clock: 0);
        window.Record((start + 16) & LastTime, failed: false, slow: false);

        window.Record(start, failed: true, slow: true);

        Assert.Equal(new WindowCounts(1, 0, 0), window.Count((start + 16) & LastTime) with { Slow = 0 });
    }

    [Fact]
    public void Call_OfAnotherClock_IsDropped()
    {
        var window = new TimeWindow(processors: 1, clock: 3);
        window.Record(startedIn: (3U << 26) + 5, failed: true, slow: true);

        window.Record(startedIn: (2U << 26) + 6, failed: true, slow: true);
        window.Record(startedIn: 7, failed: true, slow: true);

        Assert.Equal(new WindowCounts(1, 1, 1), window.Count((3U << 26) + 7));
        Assert.Equal(default, window.Count((2U << 26) + 7));
    }

    [Theory]
    [InlineData(0, 1)] // A late call is dropped, and the later one stays.
    [InlineData(16, 0)] // So far back that it counts as a new one, and takes the bucket.
    public void Call_FarBack_CountsAsAfterTheWrap(uint further, int standing)
    {
        const uint First = 5;
        var later = First + (1U << 20) + further;
        var window = new TimeWindow(processors: 1, clock: 0);
        window.Record(later, failed: true, slow: false);

        window.Record(First, failed: true, slow: false);

        Assert.Equal(standing, window.Count(later).Calls);
        Assert.Equal(1 - standing, window.Count(First).Calls);
    }

    [Fact]
    public void Idle_MoreThanACycle_BlocksNothing()
    {
        var window = new TimeWindow(processors: 1, clock: 0);
        window.Record(startedIn: 5, failed: true, slow: true);

        // A little less than a cycle later: the same bucket, with a time that appears to be in the past.
        const uint Late = 5 + (LastTime + 1) - (1 << 21);
        window.Record(Late, failed: true, slow: false);

        Assert.Equal(new WindowCounts(1, 1, 0), window.Count(Late));
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
            for (var call = 0U; call < CallsOfEachThread; call++)
            {
                window.Record(startedIn: call % 16, failed: number % 2 == 0, slow: number % 4 == 0);
            }
        });

        Assert.Equal(
            new WindowCounts(Threads * CallsOfEachThread, Threads * CallsOfEachThread / 2, Threads * CallsOfEachThread / 4),
            window.Count(now: 15));
    }
}
