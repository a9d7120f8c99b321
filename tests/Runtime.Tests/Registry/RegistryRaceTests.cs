using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Registry;

/// <summary>Concurrent use of one registry.</summary>
public sealed class RegistryRaceTests
{
    private const int Threads = 8;
    private const int Rounds = 100;

    [Fact]
    public void ConcurrentGetOrAdd_OneCreates_AllGetTheSame()
    {
        var registry = new CircuitBreakerRegistry(new() { MaxCircuitBreakers = Rounds });
        var made = 0;
        var round = 0;
        var got = new ConcurrentBag<CircuitBreaker>();
        Race.Run(
            Threads,
            Rounds,
            () =>
            {
                made = 0;
                got.Clear();
                round++;
            },
            _ => got.Add(registry.GetOrAdd(Name(round), _ =>
            {
                Interlocked.Increment(ref made);
                return new CircuitBreakerOptions();
            })),
            () =>
            {
                Assert.Equal(1, made);
                Assert.Single(got.Distinct());
                Assert.Equal(round, registry.Count);
            });
    }

    [Fact]
    public void ConcurrentAdditions_NeverExceedTheMaximum()
    {
        const int Room = 5;
        var registry = new CircuitBreakerRegistry();
        var refused = 0;
        Race.Run(
            Threads,
            Rounds,
            () =>
            {
                registry = new CircuitBreakerRegistry(new() { MaxCircuitBreakers = Room });
                refused = 0;
            },
            number =>
            {
                try
                {
                    registry.GetOrAdd(Name(number));
                }
                catch (InvalidOperationException)
                {
                    Interlocked.Increment(ref refused);
                }
            },
            () =>
            {
                Assert.Equal((Room, Threads - Room), (registry.Count, refused));
                Assert.Equal(Room, registry.CircuitBreakers.Count);
            });
    }

    [Fact]
    public void ConcurrentDrops_CallerGetsTheRegisteredOne()
    {
        var clock = new FakeTimeProvider();
        var registry = new CircuitBreakerRegistry();
        CircuitBreaker? asked = null;
        Race.Run(
            threads: 2,
            Rounds,
            () =>
            {
                registry = new CircuitBreakerRegistry(new() { MaxCircuitBreakers = 1, IdleAfter = TimeSpan.FromSeconds(1), TimeProvider = clock });
                registry.GetOrAdd("old");
                clock.Advance(TimeSpan.FromSeconds(1));
                asked = null;
            },
            number =>
            {
                try
                {
                    var got = registry.GetOrAdd(number == 0 ? "old" : "new");
                    asked = number == 0 ? got : asked;
                }
                catch (InvalidOperationException)
                {
                    // The other thread was first, and the entry is not idle.
                }
            },
            () => Assert.Equal(asked is not null, registry.TryGet("old", out var held) && held == asked));
    }

    [Fact]
    public void ConcurrentRemovals_CountAddsUp()
    {
        var registry = new CircuitBreakerRegistry();
        Race.Run(
            Threads,
            Rounds,
            static () => { },
            number =>
            {
                registry.GetOrAdd(Name(number / 2));
                registry.Remove(Name(number / 2));
                registry.GetOrAdd(Name(number));
            },
            () => Assert.Equal(registry.CircuitBreakers.Count, registry.Count));
    }

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);
}
