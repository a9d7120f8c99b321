using System.Runtime.CompilerServices;

namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>
/// What must hold whatever the model says: the invariants of the contract that show at a single step, by their numbers. They hold across
/// changes of settings too.
/// </summary>
internal sealed class Invariants(CircuitBreaker breaker, IReadOnlyList<CircuitStateChangedEventArgs> changes)
{
    private readonly List<(CallTicket Ticket, long Since)> _probes = [];
    private readonly Dictionary<uint, int> _placesOf = [];
    private Looks _before;
    private int _failMax;
    private int _trips;

    private uint Generation => new PackedCircuitState(WordOf(breaker)).Generation;

    /// <summary>Before something happens that the other methods are told of.</summary>
    public void Look(HistorySettings settings)
    {
        _before = Looks.At(breaker, Generation, changes.Count);

        // MaxProbes is in force from the beginning of a half-open state to its end.
        _placesOf.TryAdd(Generation, settings.MaxProbes);
    }

    /// <summary>I1: no more probes hold a lease in one half-open state than there are places.</summary>
    public void Admitted(CallTicket ticket, HistorySettings settings, long now)
    {
        if (ticket.IsProbe)
        {
            _placesOf.TryAdd(Generation, settings.MaxProbes);
            _probes.Add((ticket, now));
            var living = _probes.Count(probe => probe.Ticket.Generation == ticket.Generation && now - probe.Since < HistorySettings.ProbeTimeout.Ticks);
            Assert.True(living <= _placesOf[ticket.Generation], $"I1: {living} probes in {_placesOf[ticket.Generation]} places.");
        }
    }

    /// <summary>I2: a rejection changes no counter, but for the one that finds a lease run out, which says so.</summary>
    public void Rejected()
    {
        if (changes.Count > _before.Changes)
        {
            Assert.Equal(CircuitStateChangeReason.ProbeTimedOut, changes[^1].Reason);
            Assert.Equal(_before.Changes + 1, changes.Count);
        }
        else
        {
            Assert.True(_before == Looks.At(breaker, Generation, changes.Count), $"I2: a rejection changed {_before}.");
        }
    }

    /// <summary>I3: a ticket of another generation changes no state. I5, the trips: told of each verdict.</summary>
    public void Completed(CallTicket ticket, bool opened)
    {
        _trips += opened && !ticket.IsProbe ? 1 : 0;
        _probes.RemoveAll(probe => ReferenceEquals(probe.Ticket.Lease, ticket.Lease));
        if (ticket.Generation != _before.Generation)
        {
            var after = Looks.At(breaker, Generation, changes.Count);
            Assert.True(_before == after with { Stale = _before.Stale }, $"I3: a stale verdict changed {_before} to {after}.");
            Assert.InRange(after.Stale - _before.Stale, 0, 1);
        }
    }

    /// <summary>I5, the trips, of a call whose verdict is not seen.</summary>
    public void Tripped() => _trips++;

    /// <summary>After a step.</summary>
    public void Check(HistorySettings settings, bool mayWaitLonger)
    {
        AssertPath();
        AssertWait(mayWaitLonger);
        AssertStreak(settings);
    }

    /// <summary>I5: changes form a path, and there are as many from closed to open as calls that opened the circuit.</summary>
    private void AssertPath()
    {
        foreach (var (before, after) in changes.Zip(changes.Skip(1)))
        {
            Assert.True(before.To == after.From && before.Generation < after.Generation, $"I5: {before} is followed by {after}.");
        }

        var opened = changes.Count(static change => change is { From: CircuitState.Closed, To: CircuitState.Open, Reason: not CircuitStateChangeReason.Manual });
        Assert.True(opened == _trips, $"I5: {opened} changes from closed to open, and {_trips} trips.");
    }

    /// <summary>I6: the time to wait is not negative, and does not grow without a transition.</summary>
    private void AssertWait(bool mayWaitLonger)
    {
        var wait = breaker.RetryAfter;
        Assert.True(wait is null || wait >= TimeSpan.Zero, $"I6: {wait}");
        if (!mayWaitLonger && Generation == _before.Generation)
        {
            Assert.True(wait <= _before.RetryAfter || (wait, _before.RetryAfter) == (null, null), $"I6: RetryAfter grew from {_before.RetryAfter} to {wait}.");
        }
    }

    /// <summary>I8: in closed, the failures are fewer than the FailMax that was in force when the last of them came; a state begins without any.</summary>
    private void AssertStreak(HistorySettings settings)
    {
        var failures = breaker.FailureCount;
        if (failures > _before.Failures)
        {
            _failMax = settings.FailMax;
        }

        if (breaker.State == CircuitState.Closed && failures > 0)
        {
            Assert.True(failures < _failMax, $"I8: closed with {failures} failures, and FailMax was {_failMax} when the last one came.");
            Assert.True(_before.State == CircuitState.Closed || failures == 0, "I8: closed anew with failures.");
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_word")]
    private static extern ref ulong WordOf(CircuitBreaker breaker);

    private readonly record struct Looks(
        CircuitState State, CircuitMode Mode, uint Generation, int Failures, int Successes, long Stale, TimeSpan? RetryAfter, Exception? LastFailure, int Changes)
    {
        public static Looks At(CircuitBreaker breaker, uint generation, int changes) => new(
            breaker.State, breaker.Mode, generation, breaker.FailureCount, breaker.SuccessCount, breaker.StaleOutcomeCount, breaker.RetryAfter, breaker.LastFailure, changes);
    }
}
