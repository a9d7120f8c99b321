using System.Runtime.CompilerServices;

namespace ThriftBreaker;

// May this call pass?
public sealed partial class CircuitBreaker
{
    /// <summary>
    /// Asks for admission without throwing. A call that is admitted must give its ticket exactly one verdict with
    /// <see cref="CallTicket.Complete"/>; a call that is not must not be made.
    /// </summary>
    /// <param name="ticket">The right to make one call; of no use when the answer is false.</param>
    /// <returns>False when the circuit is open, or half-open with its probes under way, or isolated. A rejection changes no count.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter(out CallTicket ticket)
    {
        var word = Word;
        if (!word.LetsCallsPass)
        {
            return TryEnterOtherwise(out ticket);
        }

        ticket.Breaker = this;
        ticket.Lease = null;
        ticket.StartedAt = 0;
        ticket.Generation = word.Generation;
        ticket.Bucket = 0;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryEnterOtherwise(out CallTicket ticket)
    {
        if (Word is { State: CircuitState.Closed, Mode: CircuitMode.Auto } closed)
        {
            Give(out ticket, closed, lease: null);
            return true;
        }

        while (true)
        {
            var word = Word;
            switch (word.Mode)
            {
                case CircuitMode.Disabled:
                    ticket = default;
                    return true;

                case CircuitMode.Isolated:
                    ticket = default;
                    return Reject(word);
            }

            if (word.State == CircuitState.Closed)
            {
                Give(out ticket, word, lease: null);
                return true;
            }

            // Without its period the circuit has either moved on since the word was read, or changed its state this instant, and
            // the thread that did it is about to publish the rest. Not a moment to wait for: a circuit that opened just now
            // rejects, a probe just begun is busy.
            if (PeriodOf(word) is not { } period)
            {
                if (Word != word)
                {
                    continue;
                }

                ticket = default;
                return Reject(word);
            }

            var admission = word.State == CircuitState.Open
                ? TryProbeFromOpen(word, period, out ticket)
                : TryProbeInHalfOpen(word, period, out ticket);
            switch (admission)
            {
                case Admission.Probe:
                    return true;

                case Admission.Rejected:
                    return Reject(word);

                case Admission.RejectedOpen:
                    return Reject(word.Next(CircuitState.Open, word.Failures));
            }
        }
    }

    /// <summary>The call that finds the reset timeout over becomes the first probe.</summary>
    private Admission TryProbeFromOpen(CircuitWord word, CircuitPeriod period, out CallTicket ticket)
    {
        ticket = default;
        if (_clock.IsBefore(period.OpenUntil))
        {
            return Admission.Rejected;
        }

        var now = _clock.Now;
        var next = word.Next(CircuitState.HalfOpen, word.Failures);
        var halfOpen = PeriodFor(next, now, period.Attempt);
        _ = halfOpen.Probes!.TryTake(ProbeEndsAt(now), out var lease);
        if (!TryMove(word, next, halfOpen, CircuitChangeReason.ResetTimeoutPassed))
        {
            return Admission.LookAgain;
        }

        Give(out ticket, next, lease);
        return Admission.Probe;
    }

    private Admission TryProbeInHalfOpen(CircuitWord word, CircuitPeriod period, out CallTicket ticket)
    {
        ticket = default;
        var now = _clock.Now;
        if (period.Probes!.HasRunOut(now))
        {
            // A probe has had its time: a failed one, whatever it may still answer.
            var next = word.Next(CircuitState.Open, word.Failures + 1);
            return TryMove(word, next, PeriodFor(next, now, period.Attempt + 1), CircuitChangeReason.ProbeTimedOut)
                ? Admission.RejectedOpen
                : Admission.LookAgain;
        }

        if (!period.Probes.TryTake(ProbeEndsAt(now), out var lease))
        {
            return Admission.Rejected;
        }

        Give(out ticket, word, lease);
        return Admission.Probe;
    }

    /// <summary>Gives a ticket that says when the call starts, as far as anybody wants to know.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Give(out CallTicket ticket, CircuitWord word, ProbeLease? lease)
    {
        var settings = Settings;
        ticket.Breaker = this;
        ticket.Lease = lease;
        ticket.StartedAt = settings.ReadsClock || _callFinished is not null ? StartNow() : 0;
        ticket.Generation = word.Generation;
        ticket.Bucket = settings.Sampling?.Bucket ?? 0;
    }

    /// <summary>A timestamp that is not the 0 of a call that is not timed.</summary>
    internal long StartNow() => _clock.Now is var now and not 0 ? now : 1;

    /// <summary>Says that a call was rejected. In shadow it is only said: the call passes, and its outcome counts for nothing.</summary>
    private bool Reject(CircuitWord word)
    {
        if (CallRejected is { } listeners)
        {
            Tell(listeners, new CallRejection(Name, word.State, word.Mode, RetryAfter));
        }

        return word.Mode == CircuitMode.Shadow;
    }

    private long ProbeEndsAt(long now) => _clock.After(now, Settings.ProbeTimeout);

    private enum Admission
    {
        Probe,
        Rejected,

        /// <summary>By the open circuit that this call has left behind.</summary>
        RejectedOpen,

        /// <summary>The state has changed.</summary>
        LookAgain,
    }
}
