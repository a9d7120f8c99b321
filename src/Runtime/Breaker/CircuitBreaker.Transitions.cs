namespace ThriftBreaker;

// How one state becomes the next.
public sealed partial class CircuitBreaker
{
    private bool TryReplace(PackedCircuitState from, PackedCircuitState to)
        => Interlocked.CompareExchange(ref _word, to.Bits, from.Bits) == from.Bits;

    /// <summary>
    /// Moves to the next generation; false when another thread changed the word first. Of all that try, one wins, and it
    /// alone tells the listeners: of the failure that caused it first.
    /// </summary>
    private bool TryMove(PackedCircuitState from, PackedCircuitState to, StateEpoch period, in Verdict cause = default)
    {
        var ended = PeriodOf(from);
        if (!TryReplace(from, to))
        {
            return false;
        }

        Publish(period);
        if (cause is { IsFailure: true, Finished: { } finished })
        {
            Tell(_callCompleted, finished);
        }

        if (from.State != to.State && StateChanged is { } listeners)
        {
            var after = ended is null ? TimeSpan.Zero : _clock.Between(ended.StartedAt, period.StartedAt);
            Tell(listeners, new CircuitStateChangedEventArgs(Name, from.State, to.State, period.Reason, (int)to.Generation, period.Attempt, cause.Failure, after));
        }

        return true;
    }

    private StateEpoch PeriodFor(PackedCircuitState word, long now, CircuitStateChangeReason reason, int attempt, Exception? failure = null)
    {
        var settings = Settings;
        return new StateEpoch
        {
            Generation = word.Generation,
            State = word.State,
            Settings = settings,
            Reason = reason,
            StartedAt = now,
            Attempt = attempt,
            Failure = failure,
            OpenUntil = word.State == CircuitState.Open ? OpenUntil(now, settings, attempt, failure) : default,
            Probes = word.State == CircuitState.HalfOpen ? new ProbeSlots(settings.Options.MaxProbes) : null,
            Window = word.State == CircuitState.Closed ? OutcomeWindow.For(settings) : null,
        };
    }

    private Deadline OpenUntil(long now, CircuitSettings settings, int attempt, Exception? failure)
        => _clock.DeadlineAfter(now, OpenDuration.Of(settings.Options, attempt, failure, Report));

    private StateEpoch? PeriodOf(PackedCircuitState word) => PeriodOf(word.Generation);

    /// <summary>The period of this word, which is waited for in the instant between the two writes; null when the circuit has moved on.</summary>
    private StateEpoch? AwaitPeriodOf(PackedCircuitState word)
    {
        var spin = default(SpinWait);
        while (true)
        {
            if (PeriodOf(word) is { } period)
            {
                return period;
            }

            if (Word.Generation != word.Generation)
            {
                return null;
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>The period of a generation; null for the instant between the two writes of a transition.</summary>
    private StateEpoch? PeriodOf(uint generation)
        => Volatile.Read(ref _period) is { } period && period.Generation == generation ? period : null;

    /// <summary>
    /// Puts a period in place, unless a later one stands there already: a thread that was held up between the two writes
    /// of its transition must not bring back the past.
    /// </summary>
    private void Publish(StateEpoch period)
    {
        var seen = Volatile.Read(ref _period);
        while (PackedCircuitState.IsOlder(seen.Generation, than: period.Generation))
        {
            var found = Interlocked.CompareExchange(ref _period, period, seen);
            if (found == seen)
            {
                Refresh();
                return;
            }

            seen = found;
        }
    }
}
