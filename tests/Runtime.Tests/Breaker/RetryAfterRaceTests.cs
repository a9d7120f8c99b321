using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>RetryAfter, read while other threads change the state, never returns a time of an earlier state.</summary>
public sealed class RetryAfterRaceTests
{
    [Fact]
    public void RetryAfter_ConcurrentTransitions_MatchesItsState()
    {
        var breaker = new CircuitBreaker(new() { ResetTimeout = TimeSpan.FromSeconds(1), ResetTimeoutGenerator = static (_, _) => TimeSpan.FromHours(1), TimeProvider = new ManualClock() });
        var rounds = TestRun.Times(quick: 50_000, @long: 1_000_000);
        var over = false;

        Race.Run(threads: 2, number =>
        {
            for (var round = 0; number == 0 && round < rounds; round++)
            {
                breaker.Open();
                breaker.Close();
            }

            Volatile.Write(ref over, number == 0 || Volatile.Read(ref over));
            while (!Volatile.Read(ref over))
            {
                Assert.Contains(breaker.RetryAfter, new TimeSpan?[] { null, TimeSpan.FromHours(1) });
            }
        });
    }

    [Fact]
    public void RetryAfter_ProbeDue_StaysZeroUntilTheNextOpening()
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { TimeProvider = clock });
        var rounds = TestRun.Times(quick: 50_000, @long: 1_000_000);
        var due = 0; // Odd while a probe is due or may start.
        var over = false;

        Race.Run(threads: 2, number =>
        {
            if (number == 0)
            {
                OpenAndHalfOpen();
            }
            else
            {
                Read();
            }
        });

        void OpenAndHalfOpen()
        {
            for (var round = 0; round < rounds; round++)
            {
                breaker.Open();
                clock.Timestamp += breaker.Options.ResetTimeout.Ticks;
                Interlocked.Increment(ref due);
                breaker.HalfOpen();
                Interlocked.Increment(ref due);
            }

            Volatile.Write(ref over, true);
        }

        void Read()
        {
            while (!Volatile.Read(ref over))
            {
                var before = Volatile.Read(ref due);
                var wait = breaker.RetryAfter;
                if (int.IsOddInteger(before) && Volatile.Read(ref due) == before)
                {
                    Assert.Equal(TimeSpan.Zero, wait);
                }
            }
        }
    }
}
