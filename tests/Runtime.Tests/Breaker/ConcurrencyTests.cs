using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Properties that hold for concurrent calls.</summary>
public sealed class ConcurrencyTests
{
    private const int Threads = 8;
    private static readonly TimeSpan ResetTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(3);

    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrentQueue<CircuitStateChangedEventArgs> _changes = new();

    [Theory]
    [InlineData(1)]
    [InlineData(Threads)]
    [InlineData(Threads * 25)]
    public void ConcurrentFailures_ExactlyOneReportsTheTrip(int failMax)
    {
        const int CallsOfEachThread = 50;
        var breaker = CircuitBreaker();
        var opened = 0;

        Race.Run(
            Threads,
            rounds: TestRun.Times(quick: 300, @long: 5_000),
            before: () =>
            {
                breaker = CircuitBreaker(failMax);
                opened = 0;
            },
            run: _ =>
            {
                for (var call = 0; call < CallsOfEachThread; call++)
                {
                    if (breaker.TryEnter(out var ticket) && ticket.Complete(CallOutcome.Failure))
                    {
                        Interlocked.Increment(ref opened);
                    }
                }
            },
            after: () =>
            {
                Assert.Equal(1, opened);
                Assert.Equal(CircuitState.Closed, Assert.Single(_changes).From);
                Assert.Equal((CircuitState.Open, failMax), (breaker.State, breaker.FailureCount));
                _changes.Clear();
            });
    }

    [Fact]
    public void ConcurrentIgnoredCalls_NoFailureIsLost()
    {
        const int CallsOfEachThread = 25_000;
        var breaker = CircuitBreaker();

        Race.Run(
            Threads,
            rounds: TestRun.Times(quick: 20, @long: 100),
            before: () => breaker = CircuitBreaker(failMax: 1_000_000),
            run: number =>
            {
                for (var call = 0; call < CallsOfEachThread; call++)
                {
                    Enter(breaker).Complete((call + number) % 2 == 0 ? CallOutcome.Failure : CallOutcome.Ignored);
                }
            },
            after: () => Assert.Equal(Threads * CallsOfEachThread / 2, breaker.FailureCount));
    }

    [Fact]
    public void ConcurrentCalls_OneProbeAtATime()
    {
        const int Probes = 1_000;
        var breaker = CircuitBreaker(successThreshold: Probes);
        var probing = 0;
        var done = 0;

        Race.Run(
            Threads,
            rounds: TestRun.Times(quick: 50, @long: 1_000),
            before: () =>
            {
                breaker.HalfOpen();
                done = 0;
            },
            run: number =>
            {
                for (var call = number; breaker.State == CircuitState.HalfOpen; call++)
                {
                    if (!breaker.TryEnter(out var ticket) || !ticket.IsProbe)
                    {
                        continue;
                    }

                    Assert.Equal(1, Interlocked.Increment(ref probing));
                    Thread.SpinWait(iterations: 10); // Long enough for another probe to be noticed.
                    Interlocked.Decrement(ref probing);
                    var outcome = call % 3 == 0 ? CallOutcome.Ignored : CallOutcome.Success;
                    Interlocked.Add(ref done, outcome == CallOutcome.Success ? 1 : 0);
                    ticket.Complete(outcome);
                }
            },
            after: () =>
            {
                Assert.Equal(CircuitState.Closed, breaker.State);
                Assert.Equal(Probes, done);
            });
    }

    [Fact]
    public void ExpiringLeases_OneProbePerHalfOpenState()
    {
        var breaker = CircuitBreaker(successThreshold: 5);
        var probing = new ConcurrentDictionary<ulong, int>();
        breaker.Open();

        Race.Run(Threads, number =>
        {
            var random = new Random(number);
            for (var call = 0; call < TestRun.Times(quick: 20_000, @long: 200_000); call++)
            {
                if (number == 0)
                {
                    _clock.Advance(TimeSpan.FromSeconds(random.Next(3)));
                }

                if (!breaker.TryEnter(out var ticket) || !ticket.IsProbe)
                {
                    continue;
                }

                Assert.Equal(1, probing.AddOrUpdate(ticket.Generation, 1, static (_, probes) => probes + 1));
                if (random.Next(10) == 0)
                {
                    continue; // The ticket is abandoned: no other call may probe before its lease expires, which opens the circuit.
                }

                probing[ticket.Generation] = 0;
                ticket.Complete(random.Next(4) == 0 ? CallOutcome.Failure : CallOutcome.Success);
            }
        });

        AssertChangesFormAPath();
        AssertRecovers(breaker);
    }

    [Fact]
    public void SuspendedTransition_DoesNotRestoreAnEarlierState()
    {
        const int StepsOfEachThread = 20;
        var breaker = CircuitBreaker();

        Race.Run(
            Threads,
            rounds: TestRun.Times(quick: 300, @long: 20_000),
            before: static () => { },
            run: _ =>
            {
                for (var step = 0; step < StepsOfEachThread; step++)
                {
                    breaker.Open();
                }
            },
            after: () =>
            {
                Assert.Equal(ResetTimeout, breaker.RetryAfter);
                _clock.Advance(ResetTimeout);
                Assert.True(Enter(breaker).IsProbe);
            });
    }

    [Fact]
    public void RandomCalls_ChangesFormAPath_AndTheCircuitRecovers()
    {
        var breaker = CircuitBreaker(failMax: 2, successThreshold: 2);

        Race.Run(Threads, number =>
        {
            var random = new Random(number);
            var held = new Queue<CallTicket>();
            for (var step = 0; step < TestRun.Times(quick: 20_000, @long: 200_000); step++)
            {
                AnyStep(breaker, random, held);
            }
        });

        AssertChangesFormAPath();
        AssertRecovers(breaker);
    }

    [Fact]
    public void Close_ConcurrentWithDueProbe_CallIsAdmitted()
    {
        var breaker = CircuitBreaker();
        var rejected = 0;

        Race.Run(
            threads: 2,
            rounds: TestRun.Times(quick: 2_000, @long: 200_000),
            before: () =>
            {
                breaker.Open();
                _clock.Advance(ResetTimeout);
            },
            run: number =>
            {
                if (number == 0)
                {
                    breaker.Close();
                }
                else if (!breaker.TryEnter(out _))
                {
                    // Before Close it is the probe, after it an ordinary call.
                    rejected++;
                }
            },
            after: () => Assert.Equal(0, rejected));
    }

    [Fact]
    public void ConcurrentOutcomesOfOneProbe_OneCounts()
    {
        const int Probes = 500;
        var breaker = CircuitBreaker(successThreshold: Probes + 1, maxProbes: Probes);
        var probes = new CallTicket[Probes];
        var stale = 0L;

        Race.RunPaired(
            steps: Probes,
            rounds: TestRun.Times(quick: 20, @long: 1_000),
            before: () =>
            {
                breaker.HalfOpen();
                for (var probe = 0; probe < Probes; probe++)
                {
                    probes[probe] = Enter(breaker);
                }

                stale = breaker.StaleOutcomeCount;
            },
            run: (_, probe) =>
            {
                var copy = probes[probe];
                copy.Complete(CallOutcome.Success);
            },
            after: () => Assert.Equal((Probes, stale + Probes), (breaker.SuccessCount, breaker.StaleOutcomeCount)));
    }

    [Fact]
    public void Close_ConcurrentWithFailure_FailureIsResetOrStale()
    {
        const int Circuits = 500;
        var circuits = new CircuitBreaker[Circuits];
        var tickets = new CallTicket[Circuits];

        Race.RunPaired(
            steps: Circuits,
            rounds: TestRun.Times(quick: 20, @long: 1_000),
            before: () =>
            {
                for (var circuit = 0; circuit < Circuits; circuit++)
                {
                    circuits[circuit] = CircuitBreaker(failMax: 2);
                    tickets[circuit] = Enter(circuits[circuit]);
                }
            },
            run: (number, circuit) =>
            {
                if (number == 0)
                {
                    circuits[circuit].Close();
                }
                else
                {
                    tickets[circuit].Complete(CallOutcome.Failure);
                }
            },
            after: () => Assert.All(circuits, static circuit => Assert.Equal((CircuitState.Closed, 0), (circuit.State, circuit.FailureCount))));
    }

    [Fact]
    public void ConcurrentTrips_EachChangeIsCountedOnce()
    {
        var breaker = CircuitBreaker(failMax: 2);
        var trips = 0;

        Race.Run(Threads, number =>
        {
            var random = new Random(number);
            for (var call = 0; call < TestRun.Times(quick: 20_000, @long: 200_000); call++)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                if (breaker.TryEnter(out var ticket) && ticket.Complete(random.Next(2) == 0 ? CallOutcome.Failure : CallOutcome.Success))
                {
                    Interlocked.Increment(ref trips);
                }
            }
        });

        var opened = _changes.Where(static change => change.To == CircuitState.Open).ToList();
        Assert.Equal(trips, opened.Count(static change => change.Reason is CircuitStateChangeReason.FailMaxReached or CircuitStateChangeReason.ProbeFailed));
        Assert.NotEqual(0, trips);
        AssertChangesFormAPath();
    }

    /// <summary>One random operation; a ticket may be kept for later, or abandoned.</summary>
    private void AnyStep(CircuitBreaker breaker, Random random, Queue<CallTicket> held)
    {
        switch (random.Next(100))
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

            case < 10:
                _clock.Advance(TimeSpan.FromSeconds(1));
                break;

            case < 20 when held.TryDequeue(out var late):
                late.Complete((CallOutcome)random.Next(4));
                break;

            default:
                if (breaker.TryEnter(out var ticket))
                {
                    if (random.Next(5) == 0)
                    {
                        held.Enqueue(ticket);
                    }
                    else
                    {
                        ticket.Complete((CallOutcome)random.Next(4));
                    }
                }

                break;
        }
    }

    /// <summary>
    /// In the order of their generations, each change starts in the state that the one before it ended in.
    /// </summary>
    private void AssertChangesFormAPath()
    {
        var path = _changes.OrderBy(static change => change.Generation).ToList();
        Assert.NotEmpty(path);
        Assert.Equal(CircuitState.Closed, path[0].From);
        foreach (var (before, after) in path.Zip(path.Skip(1)))
        {
            Assert.True(before.Generation < after.Generation, $"Two changes claim generation {after.Generation}.");
            Assert.True(before.To == after.From, $"{before} is followed by {after}.");
        }
    }

    /// <summary>
    /// Whatever its state, a circuit closes when the service is healthy. At worst one call finds the lease of an
    /// abandoned probe running, the next one finds it expired, and then the successes follow.
    /// </summary>
    private void AssertRecovers(CircuitBreaker breaker)
    {
        for (var call = 0; call < 2 + breaker.Options.SuccessThreshold; call++)
        {
            if (breaker.TryEnter(out var ticket))
            {
                ticket.Complete(CallOutcome.Success);
            }
            else
            {
                _clock.Advance(ResetTimeout);
            }
        }

        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    private static CallTicket Enter(CircuitBreaker breaker)
    {
        Assert.True(breaker.TryEnter(out var ticket));
        return ticket;
    }

    private CircuitBreaker CircuitBreaker(int failMax = 3, int successThreshold = 1, int maxProbes = 1)
    {
        var breaker = new CircuitBreaker(new()
        {
            FailMax = failMax,
            ResetTimeout = ResetTimeout,
            SuccessThreshold = successThreshold,
            MaxProbes = maxProbes,
            ProbeTimeout = ProbeTimeout,
            TimeProvider = _clock,
        });
        breaker.StateChanged += (_, change) => _changes.Enqueue(change);
        return breaker;
    }
}
