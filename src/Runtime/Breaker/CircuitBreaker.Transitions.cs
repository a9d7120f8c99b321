namespace ThriftBreaker;

// How one state becomes the next.
public sealed partial class CircuitBreaker
{
    private bool TryReplace(CircuitWord from, CircuitWord to)
        => Interlocked.CompareExchange(ref _word, to.Bits, from.Bits) == from.Bits;

    /// <summary>
    /// Moves to the next generation; false when another thread changed the word first. Of all that try, one wins, and it
    /// alone tells the listeners.
    /// </summary>
    private bool TryMove(
        CircuitWord from, CircuitWord to, CircuitPeriod period, CircuitChangeReason reason, Exception? failure = null)
    {
        var ended = PeriodOf(from);
        if (!TryReplace(from, to))
        {
            return false;
        }

        Publish(period);
        if (from.State != to.State)
        {
            var after = ended is null ? TimeSpan.Zero : _clock.Between(ended.StartedAt, period.StartedAt);
            Tell(new CircuitStateChange(Name, from.State, to.State, reason, (int)to.Generation, failure, after));
        }

        return true;
    }

    private CircuitPeriod PeriodFor(CircuitWord word, long now)
        => new(word.Generation, startedAt: now, openUntil: _clock.After(now, _options.ResetTimeout));

    /// <summary>The period that belongs to a word; null for the instant between the two writes of a transition.</summary>
    private CircuitPeriod? PeriodOf(CircuitWord word)
        => Volatile.Read(ref _period) is { } period && period.Generation == word.Generation ? period : null;

    /// <summary>
    /// Puts a period in place, unless a later one stands there already: a thread that was held up between the two writes
    /// of its transition must not bring back the past.
    /// </summary>
    private void Publish(CircuitPeriod period)
    {
        var seen = Volatile.Read(ref _period);
        while (CircuitWord.IsOlder(seen.Generation, than: period.Generation))
        {
            var found = Interlocked.CompareExchange(ref _period, period, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    private void Tell(CircuitStateChange change)
    {
        if (StateChanged is not { } listeners)
        {
            return;
        }

        foreach (var listener in listeners.GetInvocationList().Cast<EventHandler<CircuitStateChange>>())
        {
            try
            {
                listener(this, change);
            }
#pragma warning disable CA1031 // A listener is a guest: whatever it throws must not change the call that caused the transition.
            catch (Exception)
#pragma warning restore CA1031
            {
            }
        }
    }
}
