using System.Runtime.CompilerServices;

namespace ThriftBreaker;

// What does this call's end change? Called by CallTicket.Complete, once for each ticket.
public sealed partial class CircuitBreaker
{
    /// <summary>Whether a success changes nothing: no failure to clear, no probe, nobody who watches. The whole cost of a healthy call's end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsHealthy(uint generation) => Word.IsHealthy(generation);

    /// <summary>
    /// A success that nobody times, judges or waits to hear of, on a circuit with nothing bad on record: it is one more in the window of
    /// time, and that is all. False for any other, also where somebody has come to judge or to hear since the call began.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryRecordGood(in CallTicket ticket)
    {
        var word = Word;
        if (ticket.StartedAt != 0 || Settings.ReadsClock || _callCompleted is not null || !word.Watched(false).IsHealthy(ticket.Generation))
        {
            return false;
        }

        PeriodOf(word)?.Window?.Record(ticket.Bucket, failed: false, slow: false);
        return true;
    }

    /// <summary>How long a call has taken so far; zero where nobody asked when it started.</summary>
    internal TimeSpan ElapsedOf(in CallTicket ticket)
        => ticket.StartedAt == 0 ? TimeSpan.Zero : _clock.Between(ticket.StartedAt, _clock.Now);

    /// <summary>Puts a verdict into effect; true when it opened the circuit.</summary>
    internal bool Record(in CallTicket ticket, CallOutcome outcome, Exception? failure, TimeSpan elapsed)
    {
        var finished = _callCompleted is null ? null : new CallCompletedEventArgs(Name, outcome, elapsed, failure, ticket.IsProbe);
        var verdict = new Verdict(outcome, failure, IsSlow: elapsed >= Settings.Options.SlowCallDuration, finished);
        var opened = ticket.Lease is { } lease ? RecordProbe(ticket.Generation, lease, verdict) : RecordCall(ticket, verdict);

        // On a trip it has been told already, before the change of state; on a recovery the change comes first.
        if (finished is not null && !(opened && verdict.IsFailure))
        {
            Tell(_callCompleted, finished);
        }

        return opened;
    }

    private bool RecordCall(in CallTicket ticket, in Verdict verdict)
    {
        var word = Word;
        if (word.Generation != ticket.Generation)
        {
            return Stale();
        }

        if (verdict.Outcome is not (CallOutcome.Success or CallOutcome.Failure))
        {
            return false;
        }

        var window = PeriodOf(word)?.Window;
        window?.Record(ticket.Bucket, verdict.IsFailure, verdict.IsSlow);
        var ratio = window is not null && verdict.IsBad ? Judge(window) : null;
        if (verdict.IsFailure)
        {
            // Before the word changes, so that whoever sees the circuit open sees why.
            Volatile.Write(ref _lastFailure, verdict.Failure);
        }

        while (true)
        {
            word = Word;
            if (word.Generation != ticket.Generation)
            {
                return Stale();
            }

            // Found anew each time: a success that came in between has ended the streak.
            var failures = verdict.IsFailure ? word.Failures + 1 : 0;
            if ((verdict.IsFailure && failures >= Settings.Options.FailMax ? CircuitStateChangeReason.FailMaxReached : ratio) is { } reason)
            {
                if (TryTrip(word, failures, _clock.Now, reason, verdict))
                {
                    return true;
                }

                continue;
            }

            var next = word.WithFailures(failures).Marked(!IsClean(word));
            if (next == word)
            {
                return false;
            }

            if (TryReplace(word, next))
            {
                KeepMark(ticket.Generation);
                return false;
            }
        }
    }

    private bool IsClean(PackedCircuitState word) => PeriodOf(word)?.Window is not { IsClean: false };

    /// <summary>Sets the mark again where a bad call, which saw it set and left it, came in while it was being cleared.</summary>
    private void KeepMark(uint generation)
    {
        while (Word is var word && word.Generation == generation && !IsClean(word))
        {
            var marked = word.Marked(true);
            if (marked == word || TryReplace(word, marked))
            {
                return;
            }
        }
    }

    private bool RecordProbe(uint generation, ProbeLease lease, in Verdict verdict)
    {
        // Read before the slot is claimed: nothing that is not ours runs, and could throw, before the claim ends.
        var now = _clock.Now;

        // A generation that has passed, a lease that has run out or a second verdict: the probe belongs to the past.
        // A failure asks the user how long to stay open.
        if (PeriodOf(generation) is not { Probes: { } probes } period || lease.HasRunOut(now) || !lease.TrySettle(asksUser: verdict.IsFailure))
        {
            return Stale();
        }

        while (true)
        {
            var word = Word;
            if (word.Generation != generation)
            {
                return Stale();
            }

            switch (verdict.Outcome)
            {
                case CallOutcome.Success when verdict.IsSlow || word.Successes + 1 < Settings.Options.SuccessThreshold:
                    if (TryReplace(word, verdict.IsSlow ? word.WithFailures(0) : word.WithOneMoreSuccess()))
                    {
                        probes.Free(lease);
                        return false;
                    }

                    break;

                case CallOutcome.Success:
                    var closed = word.Next(CircuitState.Closed, failures: 0);
                    if (TryMove(word, closed, PeriodFor(closed, now, CircuitStateChangeReason.ProbesSucceeded, period.Attempt) with { IsRecovery = true }))
                    {
                        return false;
                    }

                    break;

                case CallOutcome.Failure:
                    Volatile.Write(ref _lastFailure, verdict.Failure);
                    if (TryTrip(word, word.Failures + 1, now, CircuitStateChangeReason.ProbeFailed, verdict))
                    {
                        return true;
                    }

                    break;

                default:
                    probes.Free(lease);
                    return false;
            }
        }
    }

    private CircuitStateChangeReason? Judge(OutcomeWindow window)
    {
        var settings = Settings;
        return RatioRules.Judge(window.Count(settings.Sampling?.Bucket ?? 0), settings.Options);
    }

    private bool TryTrip(PackedCircuitState word, int failures, long now, CircuitStateChangeReason reason, in Verdict verdict)
    {
        var open = word.Next(CircuitState.Open, failures);
        return TryMove(word, open, PeriodFor(open, now, reason, NextAttempt(word, now), verdict.Failure), verdict);
    }

    private int NextAttempt(PackedCircuitState word, long now)
        => AwaitPeriodOf(word) is { } period && !IsForgotten(period, now) ? period.Attempt + 1 : 0;

    /// <summary>An attempt that led to a stable time in closed is forgotten; one that did not makes the next wait longer.</summary>
    private bool IsForgotten(StateEpoch period, long now)
        => period.State == CircuitState.Closed &&
           !(period.IsRecovery && now < _clock.After(period.StartedAt, Options.ResetTimeout));

    private bool Stale()
    {
        Interlocked.Increment(ref _staleOutcomeCount);
        return false;
    }

    private readonly record struct Verdict(CallOutcome Outcome, Exception? Failure, bool IsSlow, CallCompletedEventArgs? Finished)
    {
        public bool IsFailure => Outcome == CallOutcome.Failure;

        /// <summary>Whether it may open the circuit.</summary>
        public bool IsBad => IsFailure || IsSlow;
    }
}
