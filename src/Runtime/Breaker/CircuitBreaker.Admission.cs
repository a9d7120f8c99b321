using System.Runtime.CompilerServices;

namespace ThriftBreaker;

// May this call pass?
public sealed partial class CircuitBreaker
{
    private static readonly TimeSpan DefaultProbeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Asks for admission without throwing. A call that is admitted must give its ticket exactly one verdict with
    /// <see cref="CallTicket.Complete"/>; a call that is not must not be made.
    /// </summary>
    /// <param name="ticket">The right to make one call; of no use when the answer is false.</param>
    /// <returns>False when the circuit is open, or half-open with a probe under way. A rejection changes no count.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter(out CallTicket ticket)
    {
        var word = Word;
        if (word.LetsCallsPass)
        {
            ticket = new CallTicket(this, word.Generation);
            return true;
        }

        return TryEnterUnhealthy(out ticket);
    }

    private bool TryEnterUnhealthy(out CallTicket ticket)
    {
        while (true)
        {
            var word = Word;
            if (word.LetsCallsPass)
            {
                ticket = new CallTicket(this, word.Generation);
                return true;
            }

            // Without its period the circuit has changed its state this instant, and the thread that did it is about to
            // publish the rest. Not a moment to wait for: a circuit that opened just now rejects, a probe just begun is busy.
            if (PeriodOf(word) is not { } period)
            {
                ticket = default;
                return false;
            }

            var now = _clock.Now;
            var admission = word.State == CircuitState.Open
                ? TryProbeFromOpen(word, period, now, out ticket)
                : TryProbeInHalfOpen(word, period, now, out ticket);
            if (admission is { } admitted)
            {
                return admitted;
            }
        }
    }

    /// <summary>The call that finds the reset timeout over becomes the first probe. Null: another thread was faster, look again.</summary>
    private bool? TryProbeFromOpen(CircuitWord word, CircuitPeriod period, long now, out CallTicket ticket)
    {
        ticket = default;
        if (now < period.OpenUntil)
        {
            return false;
        }

        var next = word.Next(CircuitState.HalfOpen, word.Failures);
        var halfOpen = PeriodFor(next, now);
        _ = halfOpen.Probe.TryTake(ProbeEndsAt(now), out var lease);
        if (!TryMove(word, next, halfOpen, CircuitChangeReason.ResetTimeoutPassed))
        {
            return null;
        }

        ticket = new CallTicket(this, next.Generation, lease);
        return true;
    }

    private bool? TryProbeInHalfOpen(CircuitWord word, CircuitPeriod period, long now, out CallTicket ticket)
    {
        if (period.Probe.TryTake(ProbeEndsAt(now), out var lease))
        {
            ticket = new CallTicket(this, word.Generation, lease);
            return true;
        }

        ticket = default;
        if (!period.Probe.HasRunOut(now))
        {
            return false;
        }

        // The probe has had its time: a failed one, whatever it may still answer.
        var next = word.Next(CircuitState.Open, word.Failures + 1);
        return TryMove(word, next, PeriodFor(next, now), CircuitChangeReason.ProbeTimedOut) ? false : null;
    }

    private long ProbeEndsAt(long now) => _clock.After(now, _options.ProbeTimeout ?? DefaultProbeTimeout);
}
