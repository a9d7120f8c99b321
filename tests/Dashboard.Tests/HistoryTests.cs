using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.Dashboard.Monitoring;
using static ThriftBreaker.CircuitState;
using static ThriftBreaker.CircuitStateChangeReason;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>Tests which transitions are kept, and how long.</summary>
public sealed class HistoryTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly TransitionHistory _history;
    private readonly Dictionary<string, CircuitHistory> _circuits = [];
    private int _generation;

    public HistoryTests() => _history = new TransitionHistory(_clock);

    private IEnumerable<Transition> All => GetAfter(0);

    [Fact]
    public void FlappingCircuitBreakerRemovesOnlyItsOwnTransitions()
    {
        Change("steady");
        Change("flapping", times: 10_000);
        Change("late");

        Transition[] kept = [.. All];

        Assert.Equal((202, 1L), (kept.Length, kept[0].Number));
        Assert.Equal(Enumerable.Range(9_802, 200).Select(static number => (long)number), kept.Where(static change => change.CircuitBreakerId == "flapping").Select(static change => change.Number));
        Assert.Equal(10_002, kept[^1].Number);
    }

    [Fact]
    public void LimitHoldsTransitionsOf250CircuitBreakers()
    {
        for (var circuitBreaker = 0; circuitBreaker < 250; circuitBreaker++)
        {
            Change($"{circuitBreaker}", times: 200);
        }

        Assert.Equal(50_000, All.Count());
        Change("one more");
        Assert.Equal((50_000, 2L, 50_001L), (All.Count(), All.First().Number, _history.LastNumber));
    }

    [Fact]
    public void TransitionsExpireAfterOneHour()
    {
        Change("frequent", times: 3);
        _clock.Advance(TimeSpan.FromMinutes(30));
        Change("frequent", times: 200);
        Assert.Equal(200, All.Count());
        Change("rare");
        _clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal(201, All.Count());

        _clock.Advance(Second);
        Assert.Empty(All);
        Change("frequent");

        Assert.Equal([205L], All.Select(static change => change.Number));
    }

    [Fact]
    public void NewerTransitionsAreReturnedInOrder()
    {
        Change("a", times: 3);
        Change("b", times: 2);

        Assert.Equal([4L, 5L], GetAfter(3).Select(static change => change.Number));
        Assert.Empty(GetAfter(5));

        // The transitions that follow directly are no longer kept.
        Change("b", times: 300);
        Assert.Equal(200, GetAfter(5).Count());
        Assert.Equal((106L, 305L), (GetAfter(5).First().Number, GetAfter(5).Last().Number));
    }

    [Fact]
    public void ConsecutiveFailedProbesAreOneTransition()
    {
        var start = _clock.GetUtcNow();
        Add("down", Closed, Open, FailMaxReached, new TimeoutException());
        FailProbe(new TimeoutException());
        FailProbe(new IOException());
        FailProbe(new TimeoutException());

        var probes = All.Last();

        Assert.Equal([("closed", "open"), ("open", "open")], All.Select(static change => (change.From, change.To)));
        Assert.Equal((3, "TimeoutException, IOException", "a probe failed"), (probes.FailedProbes, probes.Failure, probes.Reason));
        Assert.Equal((2L, 7L), (probes.First, probes.Number));
        Assert.Equal((Second, 6 * Second), (probes.FirstAt - start, probes.At - start));
        Assert.Equal([probes], GetAfter(6));
        Assert.Empty(GetAfter(7));
    }

    [Fact]
    public void NextProbeContinuesTheTransitionOfFailedProbes()
    {
        Add("down", Closed, Open, FailMaxReached);
        FailProbe(new TimeoutException());
        StartProbe();
        Assert.Equal([("closed", "open", 0), ("open", "half-open", 1)], All.Select(static change => (change.From, change.To, change.FailedProbes)));

        Add("down", HalfOpen, Closed, ProbesSucceeded);

        Assert.Equal(
            [("closed", "open", 0, null), ("open", "half-open", 1, "TimeoutException"), ("half-open", "closed", 0, null)],
            All.Select(static change => (change.From, change.To, change.FailedProbes, change.Failure)));
    }

    [Fact]
    public void TransitionOfFailedProbesNamesThreeTypesAtMost()
    {
        Add("down", Closed, Open, FailMaxReached);
        foreach (var exception in new Exception[] { new TimeoutException(), new IOException(), new InvalidOperationException(), new FormatException() })
        {
            FailProbe(exception);
        }

        Assert.Equal((4, "TimeoutException, IOException, InvalidOperationException"), (All.Last().FailedProbes, All.Last().Failure));
    }

    /// <summary>An operator looks for manual changes, so each is a line.</summary>
    [Fact]
    public void ManualChangesAreNotFolded()
    {
        Add("down", Closed, Open, Manual);
        Add("down", Open, HalfOpen, Manual);
        Add("down", HalfOpen, Open, ProbeFailed);
        Add("down", Open, HalfOpen, Manual);
        Add("down", HalfOpen, Open, Manual);
        StartProbe();
        Add("down", HalfOpen, Open, Manual);

        Assert.Equal(7, All.Count());
        Assert.All(All, static change => Assert.Equal(0, change.FailedProbes));
    }

    /// <summary>Two threads raised these events in the wrong order: the circuit is half-open now.</summary>
    [Fact]
    public void RacedTransitionsAreNotFolded()
    {
        Add("down", Closed, Open, FailMaxReached);
        Add("down", Open, HalfOpen, ResetTimeoutPassed, generation: 4);
        Add("down", HalfOpen, Open, ProbeFailed, generation: 3);

        Assert.Equal([("closed", "open"), ("open", "half-open"), ("half-open", "open")], All.Select(static change => (change.From, change.To)));
    }

    [Fact]
    public void TransitionsOfOtherCircuitBreakersDoNotInterruptFolding()
    {
        Add("down", Closed, Open, FailMaxReached);
        StartProbe();
        Change("other");
        Add("down", HalfOpen, Open, ProbeFailed);

        Assert.Equal([("down", 1L), ("other", 3L), ("down", 4L)], All.Select(static change => (change.CircuitBreakerId, change.Number)));
    }

    /// <summary>With a probe every five seconds, an hour has 1,440 state changes.</summary>
    [Theory]
    [InlineData(1_000)]
    [InlineData(10_000)]
    public void OpeningIsKeptWhileProbesFail(int probes)
    {
        Add("down", Closed, Open, FailMaxReached, new TimeoutException());
        for (var probe = 0; probe < probes; probe++)
        {
            _clock.Advance(5 * Second);
            FailProbe(new TimeoutException());
        }

        Assert.Equal([(1L, "closed", 0), (2L, "open", probes)], All.Select(static change => (change.First, change.From, change.FailedProbes)));
        Assert.Equal(DateTimeOffset.UnixEpoch, _circuits["down"].KnownSince);
    }

    [Fact]
    public void OpeningIsKeptUntilTheCircuitCloses()
    {
        Add("down", Closed, Open, FailMaxReached);
        for (var change = 0; change < 500; change++)
        {
            Add("down", Open, HalfOpen, Manual);
            Add("down", HalfOpen, Open, Manual);
        }

        Assert.Equal((201, 1L), (All.Count(), All.First().Number));
        _clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal([1L], All.Select(static change => change.Number));
        Assert.Empty(GetAfter(1));

        Add("down", Open, Closed, Manual);
        Assert.Equal([1_002L], All.Select(static change => change.Number));
    }

    [Fact]
    public void HistoryIsUnknownBeforeARemovedTransition()
    {
        Change("flapping");
        _clock.Advance(Second);
        var lost = _clock.GetUtcNow();
        Change("flapping");
        _clock.Advance(Second);
        Assert.Equal(DateTimeOffset.UnixEpoch, _circuits["flapping"].KnownSince);
        Change("flapping", times: 200);
        Assert.Equal(lost, _circuits["flapping"].KnownSince);

        // The removal of a transition because of its age changes nothing: the last hour begins after it.
        _clock.Advance(TimeSpan.FromHours(2));
        Change("flapping");
        Assert.Equal(lost, _circuits["flapping"].KnownSince);
    }

    [Fact]
    public void RecentTransitionsIncludeTheOpeningsOfTheirCircuits()
    {
        Add("shown", Closed, Open, FailMaxReached);
        Add("not shown", Closed, Open, FailMaxReached);
        Change("other", times: 5);
        Add("shown", Open, HalfOpen, Manual);

        var recent = _history.GetRecent(3, _circuits.Values);

        Assert.Equal([1L, 6L, 7L, 8L], recent.Transitions.Select(static change => change.Number));
        Assert.Equal((6L, 4), (recent.Before, recent.OlderCount));
        Assert.Equal([1L, 2L, 3L, 4L, 5L], _history.GetBefore(recent.Before, _circuits.Values).Select(static change => change.Number));
    }

    [Fact]
    public void RecentTransitionsWithoutOlderOnesAreAll()
    {
        Assert.Equal((0, 1L, 0), (_history.GetRecent(3, []).Transitions.Count, _history.GetRecent(3, []).Before, _history.GetRecent(3, []).OlderCount));
        Add("expired", Closed, Open, FailMaxReached);
        _clock.Advance(TimeSpan.FromHours(2));
        Change("other", times: 3);

        var recent = _history.GetRecent(3, _circuits.Values);

        Assert.Equal([1L, 2L, 3L, 4L], recent.Transitions.Select(static change => change.Number));
        Assert.Equal(0, recent.OlderCount);
    }

    /// <summary>A viewer that reads slowly lacks an opening that the list no longer has.</summary>
    [Fact]
    public void ExpiredOpeningIsReturnedToAViewerThatLacksIt()
    {
        Change("other");
        Add("down", Closed, Open, FailMaxReached);
        _clock.Advance(TimeSpan.FromHours(2));
        Change("other");

        Assert.Equal([2L, 3L], GetAfter(1).Select(static change => change.Number));
    }

    private IEnumerable<Transition> GetAfter(long number) => _history.GetAfter(number, _circuits.Values).Select(static transition => transition.Value);

    private void StartProbe()
    {
        _clock.Advance(Second);
        Add("down", Open, HalfOpen, ResetTimeoutPassed);
    }

    private void FailProbe(Exception exception)
    {
        StartProbe();
        _clock.Advance(Second);
        Add("down", HalfOpen, Open, ProbeFailed, exception);
    }

    private void Add(string circuitBreaker, CircuitState from, CircuitState to, CircuitStateChangeReason reason, Exception? exception = null, int? generation = null)
    {
        _generation = generation ?? _generation + 1;
        if (!_circuits.TryGetValue(circuitBreaker, out var circuit))
        {
            _circuits.Add(circuitBreaker, circuit = new CircuitHistory(circuitBreaker, DateTimeOffset.UnixEpoch));
        }

        _history.Add(circuit, new CircuitStateChangedEventArgs(circuitBreaker, from, to, reason, _generation, 0, exception, TimeSpan.Zero));
    }

    /// <summary>Adds changes that are neither openings nor probes, at the same time.</summary>
    private void Change(string circuitBreaker, int times = 1)
    {
        for (var change = 0; change < times; change++)
        {
            Add(circuitBreaker, Open, Closed, Manual);
        }
    }
}
