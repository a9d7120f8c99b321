using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.Dashboard.Circuits;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>Which changes of state are kept, and how long.</summary>
public sealed class HistoryTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TransitionHistory _history;

    public HistoryTests() => _history = new TransitionHistory(_clock);

    [Fact]
    public void ACircuitThatFlapsPushesOutItsOwnOnly()
    {
        Change("calm");
        Change("flapping", times: 10_000);
        Change("late");

        var kept = _history.After(0);

        Assert.Equal((202, 1L), (kept.Count, kept[0].Number));
        Assert.Equal(Enumerable.Range(9_802, 200).Select(static number => (long)number), kept.Where(static change => change.Circuit == "flapping").Select(static change => change.Number));
        Assert.Equal(10_002, kept[^1].Number);
    }

    [Fact]
    public void ThoseOfHundredsOfCircuitsAreKept()
    {
        for (var circuit = 0; circuit < 250; circuit++)
        {
            Change($"{circuit}", times: 200);
        }

        Assert.Equal(50_000, _history.After(0).Count);
        Change("one more");
        Assert.Equal((50_000, 2L, 50_001L), (_history.After(0).Count, _history.After(0)[0].Number, _history.Last));
    }

    [Fact]
    public void AnHourAndNoLonger()
    {
        Change("often", times: 3);
        _clock.Advance(TimeSpan.FromMinutes(30));
        Change("often", times: 200);
        Assert.Equal(200, _history.After(0).Count);
        Change("seldom");
        _clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal(201, _history.After(0).Count);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_history.After(0));
        Change("often");

        Assert.Equal([205L], _history.After(0).Select(static change => change.Number));
    }

    [Fact]
    public void WhoKnowsSomeGetsTheOthersInOrder()
    {
        Change("a", times: 3);
        Change("b", times: 2);

        Assert.Equal([4L, 5L], _history.After(3).Select(static change => change.Number));
        Assert.Empty(_history.After(5));

        // Also where those that come next to what it knows are kept no more.
        Change("b", times: 300);
        Assert.Equal(200, _history.After(5).Count);
        Assert.Equal((106L, 305L), (_history.After(5)[0].Number, _history.After(5)[^1].Number));
    }

    private void Change(string circuit, int times = 1)
    {
        for (var change = 0; change < times; change++)
        {
            _history.Add(circuit, new CircuitStateChangedEventArgs(circuit, CircuitState.Closed, CircuitState.Open, CircuitStateChangeReason.Manual, change, 0, null, TimeSpan.Zero));
        }
    }
}
