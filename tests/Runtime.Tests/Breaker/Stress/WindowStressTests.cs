using System.Runtime.CompilerServices;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker.Stress;

/// <summary>No call is lost from a window, and none is counted twice.</summary>
public sealed class WindowStressTests
{
    private const int Threads = 16;
    private static readonly TimeSpan Bucket = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new() { Timestamp = TimeSpan.TicksPerHour };

    private static int CallsOfEachThread => TestRun.Times(quick: 10_000, @long: 200_000);

    [Fact]
    public void TimeWindow_NothingExpires_HoldsEveryCall()
    {
        var breaker = CircuitBreaker(samplingCalls: null);
        var slow = new CallTicket[Threads];
        var failed = 0;

        for (var bucket = 0; bucket < TimeWindow.Buckets; bucket++)
        {
            Race.Run(Threads, number =>
            {
                // Each thread has a call in flight while the clock advances: such a call is slow.
                slow[number].Complete(CallOutcome.Success);
                for (var call = 0; call < CallsOfEachThread / TimeWindow.Buckets; call++)
                {
                    var fails = (call + number) % 5 == 0;
                    Interlocked.Add(ref failed, fails ? 1 : 0);
                    Enter(breaker).Complete(fails ? CallOutcome.Failure : CallOutcome.Success);
                }

                slow[number] = Enter(breaker);
            });
            _clock.Timestamp += bucket < TimeWindow.Buckets - 1 ? Bucket.Ticks : 0;
        }

        foreach (var last in slow)
        {
            last.Complete(CallOutcome.Success);
        }

        var calls = ((CallsOfEachThread / TimeWindow.Buckets) + 1) * TimeWindow.Buckets * Threads;
        Assert.Equal(new WindowCounts(calls, failed, Threads * (TimeWindow.Buckets - 1)), GetEpoch(breaker).Window!.Count(GetEpoch(breaker).Settings.Sampling!.Bucket));
    }

    [Fact]
    public void LastCallsWindow_GoodCallsShiftOutBadCalls()
    {
        const int SamplingCalls = 64;
        var breaker = CircuitBreaker(SamplingCalls);

        Race.Run(Threads, number =>
        {
            for (var call = 0; call < CallsOfEachThread; call++)
            {
                Enter(breaker).Complete((call + number) % 5 == 0 ? CallOutcome.Failure : CallOutcome.Success);
            }
        });

        for (var call = 0; call < SamplingCalls; call++)
        {
            Assert.InRange(GetEpoch(breaker).Window!.Count(now: 0).Failures, 0, SamplingCalls - call);
            breaker.Execute(static () => { });
        }

        Assert.True(GetEpoch(breaker).Window!.IsClean);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_epoch")]
    private static extern ref StateEpoch GetEpoch(CircuitBreaker breaker);

    private static CallTicket Enter(CircuitBreaker breaker)
    {
        Assert.True(breaker.TryEnter(out var ticket));
        return ticket;
    }

    private CircuitBreaker CircuitBreaker(int? samplingCalls) => new(new()
    {
        FailMax = 1_000_000,
        FailureRatio = 1,
        MinimumThroughput = samplingCalls is null ? 1_000_000 : null,
        SamplingCalls = samplingCalls,
        SamplingDuration = TimeWindow.Buckets * Bucket,
        SlowCallDuration = Bucket,
        TimeProvider = _clock,
    });
}
