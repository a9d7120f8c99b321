using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker.Stress;

/// <summary>
/// No probe slot is lost, and none is acquired twice. Every ticket is completed and the clock stands still while
/// threads call, so that no lease expires and hides a slot that was not released.
/// </summary>
public sealed class ProbeSlotStressTests
{
    private const int Threads = 16;
    private const int MaxProbes = 3;
    private const int StepsOfEachThread = 60;
    private static readonly TimeSpan ResetTimeout = TimeSpan.FromSeconds(10);

    private readonly ManualClock _clock = new() { Timestamp = TimeSpan.TicksPerHour };
    private readonly ConcurrentDictionary<ulong, int> _probing = new();
    private readonly CallTicket[] _kept = new CallTicket[Threads];
    private readonly CircuitBreakerOptions _options;
    private readonly CircuitBreaker _breaker;

    public ProbeSlotStressTests()
    {
        _options = new CircuitBreakerOptions
        {
            FailMax = 5,
            MaxProbes = MaxProbes,
            SuccessThreshold = 1_000,
            ResetTimeout = ResetTimeout,
            TimeProvider = _clock,
        };
        _breaker = new CircuitBreaker(_options);
    }

    [Fact]
    public void NoSlotIsLost()
    {
        var rounds = TestRun.Times(quick: 300, @long: 15_000);
        var random = Enumerable.Range(0, Threads).Select(static number => new Random(number)).ToArray();
        var endedHalfOpen = 0;

        Race.Run(
            Threads,
            rounds,
            before: () => Begin(manually: random[0].Next(2) == 0),
            run: number =>
            {
                for (var step = 0; step < StepsOfEachThread; step++)
                {
                    DoRandomStep(random[number]);
                }

                // Sometimes a thread ends its round with a call in flight.
                if (random[number].Next(8) == 0)
                {
                    _ = TryEnter(out _kept[number]);
                }
            },
            after: () =>
            {
                if (_breaker is { State: CircuitState.HalfOpen, Mode: CircuitMode.Auto or CircuitMode.ReportOnly })
                {
                    endedHalfOpen++;
                    AssertFreeSlots();
                }

                Release(_kept);
            });

        Assert.True(endedHalfOpen > rounds / 10, $"Only {endedHalfOpen} of {rounds} rounds ended half-open.");
    }

    [Fact]
    public void OneSlot_TwoThreads_OneAcquiresIt()
    {
        const int Slots = 500;
        var slots = new ProbeSlots[Slots];
        var acquired = 0;

        Race.RunPaired(
            steps: Slots,
            rounds: TestRun.Times(quick: 20, @long: 1_000),
            before: () =>
            {
                acquired = 0;
                for (var slot = 0; slot < Slots; slot++)
                {
                    slots[slot] = new ProbeSlots(slots: 1);
                }
            },
            run: (_, slot) => Interlocked.Add(ref acquired, slots[slot].TryAcquire(new Deadline(0, long.MaxValue), out var lease) ? 1 : 0),
            after: () => Assert.Equal(Slots, acquired));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_epoch")]
    private static extern ref StateEpoch GetEpoch(CircuitBreaker breaker);

    /// <summary>Half-opens the circuit, or opens it so that the next call probes.</summary>
    private void Begin(bool manually)
    {
        _probing.Clear();
        _breaker.SetMode(CircuitMode.Auto);
        if (manually)
        {
            _breaker.HalfOpen();
        }
        else
        {
            _breaker.Open();
            _clock.Timestamp += ResetTimeout.Ticks;
        }
    }

    private void DoRandomStep(Random random)
    {
        switch (random.Next(2_000))
        {
            case 0:
                _breaker.Open();
                break;

            case 1:
                _breaker.Close();
                break;

            case 2:
                _breaker.SetMode(CircuitMode.Isolated);
                break;

            case 3:
                _breaker.SetMode(CircuitMode.Disabled);
                break;

            case < 6:
                _breaker.SetMode(CircuitMode.ReportOnly);
                break;

            case < 10:
                _breaker.SetMode(CircuitMode.Auto);
                break;

            case < 20:
                _breaker.HalfOpen();
                break;

            case < 30:
                _breaker.Update(_options with { SuccessThreshold = 100 + random.Next(900), FailMax = 1 + random.Next(5) });
                break;

            default:
                if (TryEnter(out var ticket))
                {
                    Complete(ticket, GetRandomOutcome(random));
                }

                break;
        }
    }

    /// <summary>
    /// Rarely an outcome that ends the half-open state: the longer it lasts, the more a lost slot is noticed.
    /// </summary>
    private static CallOutcome GetRandomOutcome(Random random) => random.Next(200) switch
    {
        0 => CallOutcome.Failure,
        < 140 => CallOutcome.Success,
        < 170 => CallOutcome.Ignored,
        _ => CallOutcome.Cancelled,
    };

    private bool TryEnter(out CallTicket ticket)
    {
        if (!_breaker.TryEnter(out ticket))
        {
            return false;
        }

        if (ticket.IsProbe && _probing.AddOrUpdate(ticket.Generation, 1, static (_, probes) => probes + 1) is var probes and > MaxProbes)
        {
            Assert.Fail($"{probes} probes are in flight together.");
        }

        return true;
    }

    private void Complete(CallTicket ticket, CallOutcome outcome)
    {
        if (ticket.IsProbe)
        {
            _probing.AddOrUpdate(ticket.Generation, 0, static (_, probes) => probes - 1);
        }

        ticket.Complete(outcome);
    }

    /// <summary>
    /// As many calls probe as there are free slots; after all calls are complete, as many as there are slots.
    /// </summary>
    private void AssertFreeSlots()
    {
        var held = _probing.GetValueOrDefault(GetEpoch(_breaker).Generation);
        var probes = AdmitProbes();
        Assert.Equal(MaxProbes - held, probes.Length);

        Release(probes);
        Release(_kept);
        probes = AdmitProbes();
        Assert.Equal(MaxProbes, probes.Length);
        Release(probes);
    }

    /// <summary>Admits probes until one is rejected.</summary>
    private CallTicket[] AdmitProbes()
    {
        var probes = new List<CallTicket>();
        while (TryEnter(out var ticket) && ticket.IsProbe)
        {
            probes.Add(ticket);
        }

        return [.. probes];
    }

    private void Release(CallTicket[] tickets)
    {
        foreach (ref var ticket in tickets.AsSpan())
        {
            Complete(ticket, CallOutcome.Ignored);
            ticket = default;
        }
    }
}
