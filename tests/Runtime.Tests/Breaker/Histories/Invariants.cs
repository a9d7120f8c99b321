using System.Runtime.CompilerServices;

namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>
/// The invariants of docs/breaker.md that a single step can break, by their numbers. They are independent of the model
/// and hold across changes of settings too.
/// </summary>
internal sealed class Invariants(CircuitBreaker breaker, IReadOnlyList<CircuitStateChangedEventArgs> changes)
{
    private readonly List<(CallTicket Ticket, long Since)> _probes = [];
    private readonly Dictionary<ulong, int> _slots = [];
    private Observation _before;
    private int _failMax;
    private int _trips;

    private ulong Generation => new PackedCircuitState(GetBits(breaker)).Generation;

    /// <summary>Called before each step.</summary>
    public void BeginStep(HistorySettings settings)
    {
        _before = Observation.At(breaker, Generation, changes.Count);

        // A half-open state keeps its MaxProbes until its end.
        _slots.TryAdd(Generation, settings.MaxProbes);
    }

    /// <summary>I1: a half-open state has at most as many probes with a running lease as slots.</summary>
    public void Admitted(CallTicket ticket, HistorySettings settings, long now)
    {
        if (ticket.IsProbe)
        {
            _slots.TryAdd(Generation, settings.MaxProbes);
            _probes.Add((ticket, now));
            var running = _probes.Count(probe => probe.Ticket.Generation == ticket.Generation && now - probe.Since < HistorySettings.ProbeTimeout.Ticks);
            Assert.True(running <= _slots[ticket.Generation], $"I1: {running} probes in {_slots[ticket.Generation]} slots.");
        }
    }

    /// <summary>I2: a rejection changes no count, except one that finds a lease expired, which is reported.</summary>
    public void Rejected()
    {
        if (changes.Count > _before.Changes)
        {
            Assert.Equal(CircuitStateChangeReason.ProbeTimedOut, changes[^1].Reason);
            Assert.Equal(_before.Changes + 1, changes.Count);
        }
        else
        {
            Assert.True(_before == Observation.At(breaker, Generation, changes.Count), $"I2: a rejection changed {_before}.");
        }
    }

    /// <summary>I3: a ticket of another generation changes no state. Also counts the trips for I5.</summary>
    public void Completed(CallTicket ticket, bool opened)
    {
        _trips += opened && !ticket.IsProbe ? 1 : 0;
        _probes.RemoveAll(probe => ReferenceEquals(probe.Ticket.Lease, ticket.Lease));
        if (ticket.Generation != _before.Generation)
        {
            var after = Observation.At(breaker, Generation, changes.Count);
            Assert.True(_before == after with { Stale = _before.Stale }, $"I3: a stale outcome changed {_before} to {after}.");
            Assert.InRange(after.Stale - _before.Stale, 0, 1);
        }
    }

    /// <summary>Counts a trip for I5, of a call whose ticket is not visible.</summary>
    public void Tripped() => _trips++;

    /// <summary>Called after each step.</summary>
    public void Check(HistorySettings settings, bool mayGrow)
    {
        AssertPath();
        AssertRetryAfter(mayGrow);
        AssertFailureCount(settings);
    }

    /// <summary>
    /// I5: changes form a path, and there are as many from closed to open as calls that opened the circuit.
    /// </summary>
    private void AssertPath()
    {
        foreach (var (before, after) in changes.Zip(changes.Skip(1)))
        {
            Assert.True(before.To == after.From && before.Generation < after.Generation, $"I5: {before} is followed by {after}.");
        }

        var opened = changes.Count(static change => change is { From: CircuitState.Closed, To: CircuitState.Open, Reason: not CircuitStateChangeReason.Manual });
        Assert.True(opened == _trips, $"I5: {opened} changes from closed to open, and {_trips} trips.");
    }

    /// <summary>I6: RetryAfter is not negative, and does not grow without a transition.</summary>
    private void AssertRetryAfter(bool mayGrow)
    {
        var wait = breaker.RetryAfter;
        Assert.True(wait is null || wait >= TimeSpan.Zero, $"I6: {wait}");
        if (!mayGrow && Generation == _before.Generation)
        {
            Assert.True(wait <= _before.RetryAfter || (wait, _before.RetryAfter) == (null, null), $"I6: RetryAfter grew from {_before.RetryAfter} to {wait}.");
        }
    }

    /// <summary>
    /// I8: in closed there are fewer failures than the FailMax in force at the last one; a closed state begins without
    /// any.
    /// </summary>
    private void AssertFailureCount(HistorySettings settings)
    {
        var failures = breaker.FailureCount;
        if (failures > _before.Failures)
        {
            _failMax = settings.FailMax;
        }

        if (breaker.State == CircuitState.Closed && failures > 0)
        {
            Assert.True(failures < _failMax, $"I8: closed with {failures} failures, and FailMax was {_failMax} when the last one came.");
            Assert.True(_before.State == CircuitState.Closed || failures == 0, "I8: closed again with failures.");
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_packed")]
    private static extern ref ulong GetBits(CircuitBreaker breaker);

    private readonly record struct Observation(
        CircuitState State, CircuitMode Mode, ulong Generation, int Failures, int Successes, long Stale, TimeSpan? RetryAfter, Exception? LastException, int Changes)
    {
        public static Observation At(CircuitBreaker breaker, ulong generation, int changes) => new(
            breaker.State, breaker.Mode, generation, breaker.FailureCount, breaker.SuccessCount, breaker.StaleOutcomeCount, breaker.RetryAfter, breaker.LastException, changes);
    }
}
