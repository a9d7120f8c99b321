using System.Runtime.CompilerServices;

namespace ThriftBreaker;

// What does this call's end change? Called by CallTicket.Complete, once for each ticket.
public sealed partial class CircuitBreaker
{
    /// <summary>Whether a success changes nothing: no failure to clear, no probe. The whole cost of a healthy call's end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsHealthy(in CallTicket ticket) => Word.IsHealthy(ticket.Generation);

    /// <summary>Puts a verdict into effect; true when it opened the circuit.</summary>
    internal bool Record(in CallTicket ticket, CallOutcome outcome, Exception? failure)
    {
        if (ticket.Lease is { } lease)
        {
            return RecordProbe(ticket.Generation, lease, outcome, failure);
        }

        return outcome switch
        {
            CallOutcome.Success => RecordSuccess(ticket.Generation),
            CallOutcome.Failure => RecordFailure(ticket.Generation, failure),
            _ => false,
        };
    }

    private bool RecordSuccess(uint generation)
    {
        CircuitWord word;
        do
        {
            word = Word;
        }
        while (word.Generation == generation && word.Failures > 0 && !TryReplace(word, word.WithFailures(0)));

        return false;
    }

    private bool RecordFailure(uint generation, Exception? failure)
    {
        while (true)
        {
            var word = Word;
            if (word.Generation != generation)
            {
                return false;
            }

            // Before the word changes, so that whoever sees the circuit open sees why.
            Volatile.Write(ref _lastFailure, failure);
            var failures = word.Failures + 1;
            if (failures < _options.FailMax)
            {
                if (TryReplace(word, word.WithFailures(failures)))
                {
                    return false;
                }
            }
            else if (TryTrip(word, _clock.Now, CircuitChangeReason.FailMaxReached, failure))
            {
                return true;
            }
        }
    }

    private bool RecordProbe(uint generation, ProbeLease lease, CallOutcome outcome, Exception? failure)
    {
        // Read before the slot is claimed: nothing that is not ours runs, and could throw, before the claim ends.
        var now = _clock.Now;

        // A generation that has passed, a lease that has run out or a second verdict: the probe belongs to the past.
        if (Word.Generation != generation || PeriodOf(Word) is not { } period ||
            lease.HasRunOut(now) || !period.Probe.TrySettle(lease))
        {
            return false;
        }

        while (true)
        {
            var word = Word;
            if (word.Generation != generation)
            {
                return false;
            }

            switch (outcome)
            {
                case CallOutcome.Success when word.Successes + 1 < _options.SuccessThreshold:
                    if (TryReplace(word, word.WithOneMoreSuccess()))
                    {
                        period.Probe.Free();
                        return false;
                    }

                    break;

                case CallOutcome.Success:
                    var closed = word.Next(CircuitState.Closed, failures: 0);
                    if (TryMove(word, closed, PeriodFor(closed, now), CircuitChangeReason.ProbesSucceeded))
                    {
                        return false;
                    }

                    break;

                case CallOutcome.Failure:
                    Volatile.Write(ref _lastFailure, failure);
                    if (TryTrip(word, now, CircuitChangeReason.ProbeFailed, failure))
                    {
                        return true;
                    }

                    break;

                default:
                    period.Probe.Free();
                    return false;
            }
        }
    }

    private bool TryTrip(CircuitWord word, long now, CircuitChangeReason reason, Exception? failure)
    {
        var open = word.Next(CircuitState.Open, word.Failures + 1);
        return TryMove(word, open, PeriodFor(open, now), reason, failure);
    }
}
