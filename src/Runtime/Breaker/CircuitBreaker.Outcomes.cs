using System.Runtime.CompilerServices;

namespace ThriftBreaker;

// What the outcome of a call changes. CallTicket.Complete calls Record once for each ticket.
//
// The trip rule is in RecordCall: a failure or a slow call opens the circuit when FailMax consecutive failures are
// reached, or a ratio of the window (RatioRules). RecordProbe closes the circuit after SuccessThreshold successful
// probes, and opens it on a failed one.
public sealed partial class CircuitBreaker
{
    /// <summary>
    /// Whether a success changes nothing: no failure to clear, no probe, nothing that observes calls. The whole cost of
    /// completing a healthy call.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsHealthy(ulong generation) => Current.IsHealthy(generation);

    /// <summary>
    /// Records a success that is neither measured, classified nor reported, on a circuit without bad calls: it counts
    /// in the window of time, and nothing else changes. False for every other call, also if a classifier or a handler
    /// was added since the call began.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryRecordSuccess(in CallTicket ticket)
    {
        var current = Current;
        if (ticket.StartedAt != 0 || Settings.MeasuresDuration || _callCompleted is not null || !current.WithWatched(false).IsHealthy(ticket.Generation))
        {
            return false;
        }

        FindEpoch(current)?.Window?.Record(ticket.Bucket, failed: false, slow: false);
        return true;
    }

    /// <summary>Gets the duration of a call up to now; zero if its start was not measured.</summary>
    internal TimeSpan ElapsedOf(in CallTicket ticket)
        => ticket.StartedAt == 0 ? TimeSpan.Zero : _clock.Between(ticket.StartedAt, _clock.Now);

    /// <summary>Records an outcome; true if it opened the circuit.</summary>
    internal bool Record(in CallTicket ticket, CallOutcome outcome, Exception? failure, TimeSpan elapsed)
    {
        var args = _callCompleted is null ? null : new CallCompletedEventArgs(Name, outcome, elapsed, failure, ticket.IsProbe);
        var call = new CompletedCall(outcome, failure, IsSlow: elapsed >= Settings.Options.SlowCallDuration, args);
        var opened = ticket.Lease is { } lease ? RecordProbe(ticket.Generation, lease, call) : RecordCall(ticket, call);

        // On a trip TryMove has raised it already, before the change of state; on a recovery the change comes first.
        if (args is not null && !(opened && call.IsFailure))
        {
            Raise(_callCompleted, args);
        }

        return opened;
    }

    private bool RecordCall(in CallTicket ticket, in CompletedCall call)
    {
        var current = Current;
        if (current.Generation != ticket.Generation)
        {
            return CountStaleOutcome();
        }

        if (call.Outcome is not (CallOutcome.Success or CallOutcome.Failure))
        {
            return false;
        }

        var window = FindEpoch(current)?.Window;
        window?.Record(ticket.Bucket, call.IsFailure, call.IsSlow);
        var ratioReached = window is not null && call.MayTrip ? FindReachedRatio(window) : null;
        if (call.IsFailure)
        {
            // Before the state changes, so that a thread that finds the circuit open finds the reason too.
            Volatile.Write(ref _lastException, call.Failure);
        }

        OpenTime? openTime = null;
        while (true)
        {
            current = Current;
            if (current.Generation != ticket.Generation)
            {
                return CountStaleOutcome();
            }

            // Read again each time: a success in between has reset the count.
            var failures = call.IsFailure ? current.Failures + 1 : 0;
            if ((call.IsFailure && failures >= Settings.Options.FailMax ? CircuitStateChangeReason.FailMaxReached : ratioReached) is { } reason)
            {
                if (TryTrip(current, failures, _clock.Now, reason, call, ref openTime))
                {
                    return true;
                }

                continue;
            }

            var next = current.WithFailures(failures).WithUncleanWindow(!IsWindowClean(current));
            if (next == current)
            {
                return false;
            }

            if (TryReplace(current, next))
            {
                RestoreUncleanWindow(ticket.Generation);
                return false;
            }
        }
    }

    private bool IsWindowClean(PackedCircuitState current) => FindEpoch(current)?.Window is not { IsClean: false };

    /// <summary>
    /// Sets the unclean bit again if a bad call, which found it set and left it, came in while it was being cleared.
    /// </summary>
    private void RestoreUncleanWindow(ulong generation)
    {
        while (Current is var current && current.Generation == generation && !IsWindowClean(current))
        {
            var unclean = current.WithUncleanWindow(true);
            if (unclean == current || TryReplace(current, unclean))
            {
                return;
            }
        }
    }

    private bool RecordProbe(ulong generation, ProbeLease lease, in CompletedCall call)
    {
        // Read before the lease is settled: between that and the effect of the outcome no user code runs that could
        // throw.
        var now = _clock.Now;

        // Stale: a generation that has passed, a lease that has expired, or a second outcome. A failure calls the
        // user's reset timeout generator.
        if (FindEpoch(generation) is not { Probes: { } probes } epoch || lease.HasExpired(now) || !lease.TrySettle(runsUserCode: call.IsFailure))
        {
            return CountStaleOutcome();
        }

        OpenTime? openTime = null;
        while (true)
        {
            var current = Current;
            if (current.Generation != generation)
            {
                return CountStaleOutcome();
            }

            switch (call.Outcome)
            {
                case CallOutcome.Success when call.IsSlow || current.Successes + 1 < Settings.Options.SuccessThreshold:
                    if (TryReplace(current, call.IsSlow ? current.WithFailures(0) : current.WithOneMoreSuccess()))
                    {
                        probes.Release(lease);
                        return false;
                    }

                    break;

                case CallOutcome.Success:
                    var closed = current.Next(CircuitState.Closed, failures: 0);
                    if (TryMove(current, closed, CreateEpoch(closed, now, CircuitStateChangeReason.ProbesSucceeded, epoch.Attempt) with { IsRecovery = true }))
                    {
                        return false;
                    }

                    break;

                case CallOutcome.Failure:
                    Volatile.Write(ref _lastException, call.Failure);
                    if (TryTrip(current, current.Failures + 1, now, CircuitStateChangeReason.ProbeFailed, call, ref openTime))
                    {
                        return true;
                    }

                    break;

                default:
                    probes.Release(lease);
                    return false;
            }
        }
    }

    private CircuitStateChangeReason? FindReachedRatio(OutcomeWindow window)
    {
        var settings = Settings;
        return RatioRules.FindReached(window.Count(settings.Sampling?.Bucket ?? 0), settings.Options);
    }

    private bool TryTrip(
        PackedCircuitState current, int failures, long now, CircuitStateChangeReason reason, in CompletedCall call, ref OpenTime? openTime)
    {
        var open = current.Next(CircuitState.Open, failures);
        return TryMove(current, open, CreateOpenEpoch(open, now, reason, GetNextAttempt(current, now), call.Failure, ref openTime), call);
    }

    private int GetNextAttempt(PackedCircuitState current, long now)
        => WaitForEpoch(current) is { } epoch && !HasBeenStable(epoch, now) ? epoch.Attempt + 1 : 0;

    /// <summary>
    /// Whether the circuit has been closed for one reset timeout: then its attempts are forgotten, otherwise the next
    /// wait is longer.
    /// </summary>
    private bool HasBeenStable(StateEpoch epoch, long now)
        => epoch.State == CircuitState.Closed &&
           !(epoch.IsRecovery && now < _clock.After(epoch.StartedAt, Options.ResetTimeout));

    private bool CountStaleOutcome()
    {
        Interlocked.Increment(ref _staleOutcomeCount);
        return false;
    }

    private readonly record struct CompletedCall(CallOutcome Outcome, Exception? Failure, bool IsSlow, CallCompletedEventArgs? Args)
    {
        public bool IsFailure => Outcome == CallOutcome.Failure;

        public bool MayTrip => IsFailure || IsSlow;
    }
}
