using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Sixteen threads, a million calls each in a long run, while hands steer and settings change: and all counts add up exactly.</summary>
public sealed class StressTests
{
    private const int Threads = 16;
    private static readonly TimeSpan ResetTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How many rejections this thread has been told of: listeners run on the thread of the call.</summary>
    [ThreadStatic]
    private static int _toldHere;

    [ThreadStatic]
    private static CircuitMode _toldMode;

    private readonly ManualClock _clock = new() { Timestamp = TimeSpan.TicksPerHour };
    private readonly ConcurrentQueue<(int Generation, CircuitState From, CircuitState To)> _changes = new();
    private int _finished;
    private int _trips;
    private int _rejections;

    /// <summary>How many times Disable() has begun, and in the upper half how many times it has returned.</summary>
    private long _disablings;

    public static TheoryData<int, int, bool> Circuits => new()
    {
        { 1, 1, false },
        { 1, 1, true },
        { 20, 3, false },
        { 20, 3, true },
    };

    private static int CallsOfEachThread => TestRun.Times(quick: 10_000, @long: 1_000_000);

    [Theory]
    [MemberData(nameof(Circuits))]
    public void NoSlotIsLostNothingIsStuckAndEveryCountAddsUp(int failMax, int maxProbes, bool judgesRatios)
    {
        var options = new CircuitBreakerOptions
        {
            FailMax = failMax,
            MaxProbes = maxProbes,
            SuccessThreshold = maxProbes,
            ResetTimeout = ResetTimeout,
            ProbeTimeout = ProbeTimeout,
            BackoffMultiplier = 2,
            MaxResetTimeout = 4 * ResetTimeout,
            FailureRatio = judgesRatios ? 0.8 : null,
            MinimumThroughput = judgesRatios ? 20 : null,
            TimeProvider = _clock,
        };
        var breaker = Watched(options);
        var counts = Enumerable.Range(0, Threads).Select(static _ => new Counts()).ToArray();

        Race.Run(Threads, number =>
        {
            var dice = new Random(number);
            var held = new Queue<CallTicket>();
            for (var call = 0; call < CallsOfEachThread; call++)
            {
                AnyStep(breaker, options, dice, held, counts[number]);
            }

            foreach (var ticket in held)
            {
                Complete(ticket, CallOutcome.Ignored, counts[number]);
            }
        });

        Assert.Equal(counts.Sum(static count => count.Verdicts), _finished);
        Assert.Equal(counts.Sum(static count => count.Opened), _trips);
        Assert.Equal(counts.Sum(static count => count.Rejected), _rejections);
        AssertChangesFormAPath(breaker);
        AssertRecovers(breaker);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(64)]
    public void WhenNothingAgesOutTheWindowHoldsEveryCall(int? samplingCalls)
    {
        var callsOfEachThread = TestRun.Times(quick: 10_000, @long: 200_000);
        var breaker = new CircuitBreaker(new()
        {
            FailMax = 1_000_000,
            FailureRatio = 1,
            MinimumThroughput = samplingCalls is null ? 1_000_000 : null,
            SamplingCalls = samplingCalls,
            SamplingDuration = TimeSpan.FromSeconds(16),
            SlowCallThreshold = TimeSpan.FromMinutes(1),
            TimeProvider = _clock,
        });
        var failed = 0;

        for (var bucket = 0; bucket < TimeWindow.Buckets; bucket++)
        {
            Race.Run(Threads, number =>
            {
                for (var call = 0; call < callsOfEachThread / TimeWindow.Buckets; call++)
                {
                    Assert.True(breaker.TryEnter(out var ticket));
                    var fails = (call + number) % 5 == 0;
                    Interlocked.Add(ref failed, fails ? 1 : 0);
                    ticket.Complete(fails ? CallOutcome.Failure : CallOutcome.Success);
                }
            });
            _clock.Timestamp += bucket < TimeWindow.Buckets - 1 ? TimeSpan.TicksPerSecond : 0;
        }

        var tally = PeriodOf(breaker).Window!.Count(PeriodOf(breaker).Settings.Sampling?.Bucket ?? 0);
        if (samplingCalls is null)
        {
            Assert.Equal(new Tally(callsOfEachThread * Threads, failed, 0), tally);
        }
        else
        {
            // Good calls shift every bad one out.
            for (var call = 0; call < samplingCalls; call++)
            {
                Assert.InRange(PeriodOf(breaker).Window!.Count(now: 0).Failures, 0, samplingCalls.Value - call);
                breaker.Execute(static () => { });
            }

            Assert.True(PeriodOf(breaker).Window!.IsClean);
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_period")]
    private static extern ref CircuitPeriod PeriodOf(CircuitBreaker breaker);

    /// <summary>One of all the things that threads do; a ticket may be kept for later, or lost.</summary>
    private void AnyStep(CircuitBreaker breaker, CircuitBreakerOptions options, Random dice, Queue<CallTicket> held, Counts counts)
    {
        switch (dice.Next(1_000))
        {
            case 0:
                breaker.Open();
                break;

            case 1:
                breaker.Close();
                break;

            case 2:
                breaker.HalfOpen();
                break;

            case 3:
                breaker.Isolate();
                break;

            case 4:
                breaker.Shadow();
                break;

            case 5:
                Interlocked.Add(ref _disablings, 1);
                breaker.Disable();
                Interlocked.Add(ref _disablings, 1L << 32);
                break;

            case < 12:
                breaker.Resume();
                break;

            case < 17:
                breaker.Update(options with { FailMax = options.FailMax + dice.Next(2), SamplingDuration = TimeSpan.FromSeconds(1 + dice.Next(3)) });
                break;

            case < 100:
                lock (_clock)
                {
                    _clock.Timestamp += TimeSpan.TicksPerSecond;
                }

                break;

            case < 150 when held.TryDequeue(out var late):
                Complete(late, (CallOutcome)dice.Next(4), counts);
                break;

            default:
                Call(breaker, dice, held, counts);
                break;
        }
    }

    private void Call(CircuitBreaker breaker, Random dice, Queue<CallTicket> held, Counts counts)
    {
        var disablings = Volatile.Read(ref _disablings);
        var mayBeDisabled = (int)(disablings >> 32) != (int)disablings || breaker.Mode == CircuitMode.Disabled;
        var told = _toldHere;
        var admitted = breaker.TryEnter(out var ticket);
        told = _toldHere - told;
        mayBeDisabled |= disablings != Volatile.Read(ref _disablings);
        if (ticket.Breaker is null)
        {
            // Rejected, or let pass by shadow, which says so too; or let pass by a disabled circuit, which says nothing.
            var isRight = told == 0 ? admitted && mayBeDisabled : told == 1 && _toldMode != CircuitMode.Disabled && admitted == (_toldMode == CircuitMode.Shadow);
            if (!isRight)
            {
                Assert.Fail($"{told} rejections were told of one call that was {(admitted ? "let pass" : "rejected")}, the last one in mode {_toldMode}.");
            }

            counts.Rejected += told;
            return;
        }

        if (told != 0)
        {
            Assert.Fail("A call that is watched was told to be rejected.");
        }

        switch (dice.Next(100))
        {
            case 0:
                break;

            case < 6:
                held.Enqueue(ticket);
                break;

            default:
                Complete(ticket, (CallOutcome)dice.Next(4), counts);
                break;
        }
    }

    private static void Complete(CallTicket ticket, CallOutcome outcome, Counts counts)
    {
        counts.Verdicts++;
        counts.Opened += ticket.Complete(outcome) ? 1 : 0;
    }

    private void AssertChangesFormAPath(CircuitBreaker breaker)
    {
        var path = _changes.OrderBy(static change => change.Generation).ToList();
        Assert.NotEmpty(path);
        Assert.Equal(CircuitState.Closed, path[0].From);
        foreach (var (before, after) in path.Zip(path.Skip(1)))
        {
            Assert.True(before.Generation < after.Generation && before.To == after.From, $"{before} is followed by {after}.");
        }

        Assert.Equal(breaker.State, path[^1].To);
    }

    private void AssertRecovers(CircuitBreaker breaker)
    {
        if (breaker.Mode != CircuitMode.Auto)
        {
            breaker.Shadow();
        }

        // At the worst: one call finds a lost probe's lease running, the next one finds it run out, and then the circuit must wait.
        for (var call = 0; call < 3 + breaker.Options.SuccessThreshold; call++)
        {
            if (breaker.TryEnter(out var ticket) && ticket.Breaker is not null)
            {
                ticket.Complete(CallOutcome.Success);
            }
            else
            {
                _clock.Timestamp += breaker.Options.MaxResetTimeout!.Value.Ticks;
            }
        }

        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    private CircuitBreaker Watched(CircuitBreakerOptions options)
    {
        var breaker = new CircuitBreaker(options);
        breaker.CallFinished += (_, _) => Interlocked.Increment(ref _finished);
        breaker.CallRejected += (_, rejection) =>
        {
            _toldHere++;
            _toldMode = rejection.Mode;
            Interlocked.Increment(ref _rejections);
        };
        breaker.StateChanged += (_, change) =>
        {
            _changes.Enqueue((change.Generation, change.From, change.To));
            var isTrip = change.To == CircuitState.Open && change.Reason is not (CircuitChangeReason.ByHand or CircuitChangeReason.ProbeTimedOut);
            Interlocked.Add(ref _trips, isTrip ? 1 : 0);
        };
        return breaker;
    }

    private sealed class Counts
    {
        public int Verdicts { get; set; }

        public int Opened { get; set; }

        public int Rejected { get; set; }
    }
}
