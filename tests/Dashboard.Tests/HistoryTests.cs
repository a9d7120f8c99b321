using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.Dashboard.Monitoring;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>Tests which transitions are kept, and how long.</summary>
public sealed class HistoryTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TransitionHistory _history;

    public HistoryTests() => _history = new TransitionHistory(_clock);

    [Fact]
    public void FlappingCircuitBreakerRemovesOnlyItsOwnTransitions()
    {
        Change("steady");
        Change("flapping", times: 10_000);
        Change("late");

        var kept = _history.GetAfter(0);

        Assert.Equal((202, 1L), (kept.Count, kept[0].Number));
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

        Assert.Equal(50_000, _history.GetAfter(0).Count);
        Change("one more");
        Assert.Equal((50_000, 2L, 50_001L), (_history.GetAfter(0).Count, _history.GetAfter(0)[0].Number, _history.LastNumber));
    }

    [Fact]
    public void TransitionsExpireAfterOneHour()
    {
        Change("frequent", times: 3);
        _clock.Advance(TimeSpan.FromMinutes(30));
        Change("frequent", times: 200);
        Assert.Equal(200, _history.GetAfter(0).Count);
        Change("rare");
        _clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal(201, _history.GetAfter(0).Count);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_history.GetAfter(0));
        Change("frequent");

        Assert.Equal([205L], _history.GetAfter(0).Select(static change => change.Number));
    }

    [Fact]
    public void NewerTransitionsAreReturnedInOrder()
    {
        Change("a", times: 3);
        Change("b", times: 2);

        Assert.Equal([4L, 5L], _history.GetAfter(3).Select(static change => change.Number));
        Assert.Empty(_history.GetAfter(5));

        // The transitions that follow directly are no longer kept.
        Change("b", times: 300);
        Assert.Equal(200, _history.GetAfter(5).Count);
        Assert.Equal((106L, 305L), (_history.GetAfter(5)[0].Number, _history.GetAfter(5)[^1].Number));
    }

    private void Change(string circuitBreaker, int times = 1)
    {
        for (var change = 0; change < times; change++)
        {
            _history.Add(circuitBreaker, new CircuitStateChangedEventArgs(circuitBreaker, CircuitState.Closed, CircuitState.Open, CircuitStateChangeReason.Manual, change, 0, null, TimeSpan.Zero));
        }
    }
}
