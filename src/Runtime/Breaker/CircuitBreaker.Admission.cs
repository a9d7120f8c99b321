using System.Runtime.CompilerServices;

namespace ThriftBreaker;

// May this call pass?
public sealed partial class CircuitBreaker
{
    private long _longestProbe;
    private long _longestCall;

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

        ticket.CircuitBreaker = this;
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
            Give(out ticket, closed);
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
                Give(out ticket, word);
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
    private Admission TryProbeFromOpen(PackedCircuitState word, StateEpoch period, out CallTicket ticket)
    {
        ticket = default;
        if (_clock.IsAhead(period.OpenUntil))
        {
            return Admission.Rejected;
        }

        var now = _clock.Now;
        var next = word.Next(CircuitState.HalfOpen, word.Failures);
        var halfOpen = PeriodFor(next, now, CircuitStateChangeReason.ResetTimeoutPassed, period.Attempt);
        _ = halfOpen.Probes!.TryTake(ProbeEnd(now), out var lease);
        if (!TryMove(word, next, halfOpen))
        {
            return Admission.LookAgain;
        }

        BeginNow(halfOpen.Probes, ref lease!, ref now);
        Give(out ticket, next, lease, now);
        return Admission.Probe;
    }

    private Admission TryProbeInHalfOpen(PackedCircuitState word, StateEpoch period, out CallTicket ticket)
    {
        ticket = default;
        var now = _clock.Now;
        if (period.Probes!.HasRunOut(now))
        {
            // A probe has had its time: a failed one, whatever it may still answer.
            var next = word.Next(CircuitState.Open, word.Failures + 1);
            return TryMove(word, next, PeriodFor(next, now, CircuitStateChangeReason.ProbeTimedOut, period.Attempt + 1))
                ? Admission.RejectedOpen
                : Admission.LookAgain;
        }

        if (!period.Probes.TryTake(ProbeEnd(now), out var lease))
        {
            return Admission.Rejected;
        }

        Give(out ticket, word, lease, now);
        return Admission.Probe;
    }

    /// <summary>
    /// A probe's time begins when the listeners to the change of state have had theirs. Until then it has the time that it was taken with, so that
    /// a listener that hangs does not hold the circuit for ever.
    /// </summary>
    private void BeginNow(ProbeSlots probes, ref ProbeLease lease, ref long now)
    {
        try
        {
            now = _clock.Now;
            lease = probes.Renew(lease, ProbeEnd(now));
        }
#pragma warning disable CA1031 // A clock is a guest: the place is taken, and its call goes on with the time that it has.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            Report(thrown);
        }
    }

    /// <summary>Gives a ticket that says when the call starts, as far as anybody wants to know.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Give(out CallTicket ticket, PackedCircuitState word)
    {
        var settings = Settings;
        ticket.CircuitBreaker = this;
        ticket.Lease = null;
        ticket.StartedAt = settings.ReadsClock || _callCompleted is not null ? StartNow() : 0;
        ticket.Generation = word.Generation;
        ticket.Bucket = settings.Sampling?.Bucket ?? 0;
    }

    /// <summary>Gives a probe's ticket. Its place is taken: nothing here may fail.</summary>
    private void Give(out CallTicket ticket, PackedCircuitState word, ProbeLease lease, long now)
    {
        ticket.CircuitBreaker = this;
        ticket.Lease = lease;
        ticket.StartedAt = Settings.ReadsClock || _callCompleted is not null ? Start(now) : 0;
        ticket.Generation = word.Generation;
        ticket.Bucket = 0;
    }

    /// <summary>A timestamp that is not the 0 of a call that is not timed.</summary>
    internal long StartNow() => Start(_clock.Now);

    private static long Start(long now) => now == 0 ? 1 : now;

    /// <summary>Says that a call was rejected. In shadow it is only said: the call passes, and its outcome counts for nothing.</summary>
    private bool Reject(PackedCircuitState word)
    {
        if (CallRejected is { } listeners)
        {
            _ = TryRetryAfter(word, out var retryAfter, out _);
            Tell(listeners, new CallRejectedEventArgs(Name, word.State, word.Mode, retryAfter));
        }

        return word.Mode == CircuitMode.ReportOnly;
    }

    private Deadline ProbeEnd(long now) => new(now, _clock.After(now, ProbeTimeout));

    private TimeSpan ProbeTimeout
        => Options.ProbeTimeout ?? TimeSpan.FromTicks(Math.Max(CircuitBreakerOptions.DefaultProbeTimeout.Ticks, Volatile.Read(ref _longestProbe)));

    /// <summary>
    /// Some client's calls may take so long. From now on a probe may take <paramref name="probe"/> where the settings leave it open, and no
    /// settings may allow it less than its <paramref name="call"/>.
    /// </summary>
    internal void AllowProbesOf(TimeSpan probe, TimeSpan call)
    {
        Raise(ref _longestProbe, probe.Ticks);
        Raise(ref _longestCall, call.Ticks);
    }

    private static void Raise(ref long longest, long ticks)
    {
        long seen;
        while ((seen = Volatile.Read(ref longest)) < ticks)
        {
            Interlocked.CompareExchange(ref longest, ticks, seen);
        }
    }

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
