using System.Runtime.CompilerServices;

namespace ThriftBreaker;

// Whether a call may pass.
public sealed partial class CircuitBreaker
{
    private long _longestProbe;
    private long _longestCall;

    /// <summary>
    /// Requests admission for one call, without throwing. Complete the ticket of an admitted call exactly once, with
    /// <see cref="CallTicket.Complete"/>. Do not make a call that was not admitted.
    /// </summary>
    /// <param name="ticket">The permission for one call; not usable if the result is false.</param>
    /// <returns>
    /// False if the circuit breaker is isolated, the circuit is open, or it is half-open and all its probes are in
    /// flight. A rejection changes no count.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter(out CallTicket ticket) => TryEnterScoped(out ticket, beginsScope: false);

    /// <summary>Requests admission for a call that may begin the scope of a probe.</summary>
    /// <param name="ticket">The permission for one call.</param>
    /// <param name="beginsScope">
    /// Whether the code of the call follows, so that calls inside of it belong to it. Recording the outcome ends the
    /// scope; see <see cref="CallTicket.EndScope"/>.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryEnterScoped(out CallTicket ticket, bool beginsScope)
    {
        var current = Current;
        if (!current.AdmitsCalls)
        {
            return TryEnterSlow(out ticket, beginsScope);
        }

        ticket.CircuitBreaker = this;
        ticket.Lease = null;
        ticket.StartedAt = 0;
        ticket.Generation = current.Generation;
        ticket.Bucket = 0;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryEnterSlow(out CallTicket ticket, bool beginsScope)
    {
        if (Current is { State: CircuitState.Closed, Mode: CircuitMode.Auto } closed)
        {
            InitializeTicket(out ticket, closed);
            return true;
        }

        while (true)
        {
            var current = Current;
            switch (current.Mode)
            {
                case CircuitMode.Disabled:
                    ticket = default;
                    return true;

                case CircuitMode.Isolated:
                    ticket = default;
                    return Reject(current);
            }

            if (current.State == CircuitState.Closed)
            {
                InitializeTicket(out ticket, current);
                return true;
            }

            // Without its epoch the state has either changed since it was read, or it has just begun and another thread
            // is about to publish the epoch. In the second case the call does not wait: a circuit that has just opened
            // rejects, and the first probe of a half-open one is in flight.
            if (FindEpoch(current) is not { } epoch)
            {
                if (Current != current)
                {
                    continue;
                }

                ticket = default;
                return Reject(current);
            }

            var admission = current.State == CircuitState.Open
                ? TryProbeFromOpen(current, epoch, out ticket)
                : TryProbeInHalfOpen(current, epoch, out ticket);
            switch (admission)
            {
                case Admission.Probe when beginsScope:
                    ProbeScope.Begin(ticket.Lease!);
                    return true;

                case Admission.Probe or Admission.PartOfProbe:
                    return true;

                case Admission.Rejected:
                    return Reject(current);

                case Admission.RejectedOpen:
                    return Reject(current.Next(CircuitState.Open, current.Failures));
            }
        }
    }

    /// <summary>The call that finds the reset timeout over becomes the first probe.</summary>
    private Admission TryProbeFromOpen(PackedCircuitState current, StateEpoch epoch, out CallTicket ticket)
    {
        ticket = default;
        var now = _clock.Now;
        if (epoch.OpenUntil.IsAhead(now))
        {
            return Admission.Rejected;
        }

        var next = current.Next(CircuitState.HalfOpen, current.Failures);
        var halfOpen = CreateEpoch(next, now, CircuitStateChangeReason.ResetTimeoutPassed, epoch.Attempt);
        _ = halfOpen.Probes!.TryAcquire(GetProbeDeadline(now), out var lease);
        if (!TryMove(current, next, halfOpen))
        {
            return Admission.Retry;
        }

        RestartLease(halfOpen.Probes, ref lease!, ref now);
        InitializeProbeTicket(out ticket, next, lease, now);
        return Admission.Probe;
    }

    private Admission TryProbeInHalfOpen(PackedCircuitState current, StateEpoch epoch, out CallTicket ticket)
    {
        ticket = default;
        var now = _clock.Now;

        // The clock is read again: for a thread that has waited since the first look, a probe that has begun meanwhile
        // is in the future, which is what a clock that has gone back looks like.
        if (epoch.Probes!.HasExpired(now) && epoch.Probes.HasExpired(now = _clock.Now))
        {
            // A probe that has timed out is a failed one, whatever its outcome may still be.
            var next = current.Next(CircuitState.Open, current.Failures + 1);
            OpenTime? openTime = null;
            return TryMove(current, next, CreateOpenEpoch(next, now, CircuitStateChangeReason.ProbeTimedOut, epoch.Attempt + 1, failure: null, ref openTime))
                ? Admission.RejectedOpen
                : Admission.Retry;
        }

        // Without a circuit breaker: the probe has an outcome, and this call has none of its own.
        if (ProbeScope.Find(epoch.Probes) is { } outer)
        {
            ticket.Lease = outer;
            return Admission.PartOfProbe;
        }

        if (!epoch.Probes.TryAcquire(GetProbeDeadline(now), out var lease))
        {
            return Admission.Rejected;
        }

        InitializeProbeTicket(out ticket, current, lease, now);
        return Admission.Probe;
    }

    /// <summary>
    /// Starts the time of the first probe anew, after the handlers of the change of state have run. Until then it has
    /// the time that its lease began with, so that a handler that hangs does not block the circuit.
    /// </summary>
    private void RestartLease(ProbeSlots probes, ref ProbeLease lease, ref long now)
    {
        // If the clock throws, the probe keeps its slot and the time that it has.
        if (UserCallback.Invoke(this, static breaker => breaker.GetProbeTimes(), fallback: null, Report) is (var start, var end))
        {
            now = start;
            lease = probes.Renew(lease, end);
        }
    }

    private (long Now, Deadline End)? GetProbeTimes()
    {
        var now = _clock.Now;
        return (now, GetProbeDeadline(now));
    }

    /// <summary>Initializes a ticket with the start of its call, if something measures its duration.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void InitializeTicket(out CallTicket ticket, PackedCircuitState current)
    {
        var settings = Settings;
        ticket.CircuitBreaker = this;
        ticket.Lease = null;
        ticket.StartedAt = settings.MeasuresDuration || _callCompleted is not null ? StartNow() : 0;
        ticket.Generation = current.Generation;
        ticket.Bucket = settings.Sampling?.Bucket ?? 0;
    }

    /// <summary>Initializes the ticket of a probe. Its slot is taken: nothing here may fail.</summary>
    private void InitializeProbeTicket(out CallTicket ticket, PackedCircuitState current, ProbeLease lease, long now)
    {
        ticket.CircuitBreaker = this;
        ticket.Lease = lease;
        ticket.StartedAt = Settings.MeasuresDuration || _callCompleted is not null ? ToStart(now) : 0;
        ticket.Generation = current.Generation;
        ticket.Bucket = 0;
    }

    /// <summary>Gets the present timestamp, never 0, which stands for a call that is not measured.</summary>
    internal long StartNow() => ToStart(_clock.Now);

    private static long ToStart(long now) => now == 0 ? 1 : now;

    /// <summary>
    /// Raises the event. In the mode ReportOnly the call passes all the same, and its outcome does not count.
    /// </summary>
    private bool Reject(PackedCircuitState current)
    {
        if (CallRejected is { } handlers)
        {
            _ = TryGetRetryAfter(current, out var retryAfter, out _);
            Raise(handlers, new CallRejectedEventArgs(Name, current.State, current.Mode, retryAfter));
        }

        return current.Mode == CircuitMode.ReportOnly;
    }

    private Deadline GetProbeDeadline(long now) => new(now, _clock.After(now, ProbeTimeout));

    private TimeSpan ProbeTimeout
        => Options.ProbeTimeout ?? TimeSpan.FromTicks(Math.Max(CircuitBreakerOptions.DefaultProbeTimeout.Ticks, Volatile.Read(ref _longestProbe)));

    /// <summary>
    /// Adapts the circuit breaker to a client. From now on a probe may take <paramref name="probe"/> if the options set
    /// no probe timeout, and options that allow a probe less than <paramref name="call"/> are rejected. Only longer
    /// values than before have an effect.
    /// </summary>
    internal void AllowProbesOf(TimeSpan probe, TimeSpan call)
    {
        SetMaximum(ref _longestProbe, probe.Ticks);
        SetMaximum(ref _longestCall, call.Ticks);
    }

    private static void SetMaximum(ref long maximum, long ticks)
    {
        long seen;
        while ((seen = Volatile.Read(ref maximum)) < ticks)
        {
            Interlocked.CompareExchange(ref maximum, ticks, seen);
        }
    }

    private enum Admission
    {
        Probe,

        /// <summary>Admitted as a part of the probe that makes this call.</summary>
        PartOfProbe,
        Rejected,

        /// <summary>Rejected by the open circuit that this call has caused.</summary>
        RejectedOpen,

        /// <summary>The state has changed: decide again.</summary>
        Retry,
    }
}
