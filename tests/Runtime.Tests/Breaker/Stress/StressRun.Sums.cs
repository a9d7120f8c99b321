using System.Runtime.CompilerServices;

namespace ThriftBreaker.Runtime.Tests.Breaker.Stress;

// Checks after the threads have ended.
internal sealed partial class StressRun
{
    public void AssertCountsAddUp()
    {
        Assert.Equal(Sum(static count => count.Started), Sum(static count => count.Counted + count.Uncounted + count.Reported + count.Rejected));
        Assert.Equal(Sum(static count => count.Counted), Sum(static count => count.Outcomes.Sum() + count.InFlight.Count + count.Abandoned));
        Assert.Equal(Sum(static count => count.Reported + count.Rejected), Sum(static count => count.Rejections));
        Assert.All(_counts, count => Assert.True(
            _handlerPresence switch
            {
                HandlerPresence.Always => count.Outcomes.SequenceEqual(count.RaisedOutcomes),
                HandlerPresence.Never => count.CompletedEvents == 0,
                _ => count.Outcomes.Zip(count.RaisedOutcomes).All(static one => one.First >= one.Second),
            }));

        var trips = _changes.Count(static change => change.To == CircuitState.Open && change.Reason is not (CircuitStateChangeReason.Manual or CircuitStateChangeReason.ProbeTimedOut));
        Assert.NotEqual(0, trips);
        Assert.Equal(trips, Sum(static count => count.Opened));
        Assert.InRange(_breaker.StaleOutcomeCount, Sum(static count => count.Stale), Sum(static count => count.Stale + count.PerhapsStale));
    }

    /// <summary>
    /// In the order of their generations, each change starts in the state that the one before it ended in.
    /// </summary>
    public void AssertChangesFormAPath()
    {
        var path = _changes.OrderBy(static change => change.Generation).ToList();
        Assert.Equal(CircuitState.Closed, path[0].From);
        foreach (var (before, after) in path.Zip(path.Skip(1)))
        {
            Assert.True(before.Generation < after.Generation && before.To == after.From, $"{before} is followed by {after}.");
        }

        Assert.Equal(_breaker.State, path[^1].To);
    }

    /// <summary>Whatever its state, the circuit closes when the service is healthy.</summary>
    public void AssertRecovers()
    {
        if (_breaker.Mode != CircuitMode.Auto)
        {
            _breaker.SetMode(CircuitMode.ReportOnly);
        }

        // At worst one call finds the lease of an abandoned probe running, the next one finds it expired, and then the
        // reset timeout must pass.
        for (var call = 0; call < 3 + _breaker.Options.SuccessThreshold; call++)
        {
            if (_breaker.TryEnter(out var ticket) && ticket.CircuitBreaker is not null)
            {
                ticket.Complete(CallOutcome.Success);
            }
            else
            {
                _clock.Timestamp += _breaker.Options.MaxResetTimeout!.Value.Ticks;
            }
        }

        Assert.Equal(CircuitState.Closed, _breaker.State);
    }

    /// <summary>Afterwards, failures and late outcomes of earlier calls are counted exactly.</summary>
    public void AssertLaterCallsCountExactly()
    {
        const int FailuresOfEachThread = 1_000;
        _breaker.SetMode(CircuitMode.Auto);
        _breaker.Close();
        _breaker.Update(_options with { FailMax = 1_000_000, FailureRatio = null, SlowCallRatio = null });
        var late = Sum(static count => count.InFlight.Count);
        var stale = _breaker.StaleOutcomeCount;
        var changes = _changes.Count;

        Race.Run(Threads, number =>
        {
            var counts = Counts.OfThread = _counts[number];
            for (var call = 0; call < 2 * FailuresOfEachThread; call++)
            {
                Assert.True(_breaker.TryEnter(out var ticket));
                Complete(ticket, call % 2 == 0 ? CallOutcome.Failure : CallOutcome.Cancelled, counts);
                if (counts.InFlight.TryDequeue(out var inFlight))
                {
                    Complete(inFlight, (CallOutcome)(call % 4), counts);
                }
            }

            while (counts.InFlight.TryDequeue(out var inFlight))
            {
                Complete(inFlight, CallOutcome.Success, counts);
            }
        });

        Assert.Equal((Threads * FailuresOfEachThread, stale + late), (_breaker.FailureCount, _breaker.StaleOutcomeCount));
        Assert.Equal(changes, _changes.Count);
    }

    public void AssertEverySlotIsFree()
    {
        _breaker.HalfOpen();
        for (var round = 0; round < 2; round++)
        {
            var probes = new List<CallTicket>();
            while (_breaker.TryEnter(out var probe))
            {
                probes.Add(probe);
            }

            Assert.Equal(_breaker.Options.MaxProbes, probes.Count);
            probes.ForEach(static probe => probe.Complete(CallOutcome.Ignored));
        }

        _breaker.Close();
    }

    /// <summary>After the handler has been removed, a healthy circuit is unwatched again.</summary>
    public void AssertUnwatched()
    {
        if (IsAdded(_handlerPhase))
        {
            ToggleHandler();
        }

        Assert.Equal(_options.SlowCallDuration is null, new PackedCircuitState(GetBits(_breaker)).AdmitsCalls);
    }

    private int Sum(Func<Counts, int> number) => _counts.Sum(number);

    private static ulong GetGeneration(CircuitBreaker breaker) => new PackedCircuitState(Volatile.Read(ref GetBits(breaker))).Generation;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_packed")]
    private static extern ref ulong GetBits(CircuitBreaker breaker);
}
