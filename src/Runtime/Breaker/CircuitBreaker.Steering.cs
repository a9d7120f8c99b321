namespace ThriftBreaker;

// By hand.
public sealed partial class CircuitBreaker
{
    /// <summary>
    /// Opens the circuit from any state; it times out like any open circuit. Opening an open circuit starts its reset timeout
    /// again, and is no change of state.
    /// </summary>
    /// <remarks>Calls that are under way lose their say: their outcome changes nothing any more. So with all steering by hand.</remarks>
    public void Open() => Steer(static word => word.Next(CircuitState.Open, word.Failures));

    /// <summary>Closes the circuit from any state and clears the failure count.</summary>
    public void Close() => Steer(static word => word.Next(CircuitState.Closed, failures: 0));

    /// <summary>Lets the next call probe, from any state. A probe under way is given up, and successes count from zero.</summary>
    public void HalfOpen() => Steer(static word => word.Next(CircuitState.HalfOpen, word.Failures));

    /// <summary>Rejects every call from now on, without a timeout, until <see cref="Resume"/>. The state stays as it is.</summary>
    public void Isolate() => Turn(CircuitMode.Isolated);

    /// <summary>Lets every call pass from now on and records nothing, until <see cref="Resume"/>. The state stays as it is.</summary>
    public void Disable() => Turn(CircuitMode.Disabled);

    /// <summary>
    /// Lets every call pass from now on, but goes on recording, and reports by <see cref="CallRejected"/> which calls would
    /// have been rejected, until <see cref="Resume"/>.
    /// </summary>
    public void Shadow() => Turn(CircuitMode.Shadow);

    /// <summary>Back to <see cref="CircuitMode.Auto"/>, in closed and without a failure on record. Nothing happens to a circuit that is there already.</summary>
    public void Resume()
        => Steer(static word => word.Mode == CircuitMode.Auto ? null : word.Next(CircuitState.Closed, failures: 0).In(CircuitMode.Auto));

    private void Turn(CircuitMode mode)
        => Steer(word => word.Mode == mode ? null : word.Next(word.State, word.Failures).In(mode));

    /// <summary>Moves to where the word is to go; null for nowhere.</summary>
    private void Steer(Func<CircuitWord, CircuitWord?> to)
    {
        while (true)
        {
            var word = Word;
            if (to(word) is not { } next || TryMove(word, next, SteeredPeriod(word, next)))
            {
                return;
            }
        }
    }

    /// <summary>
    /// A new mode in the same state goes on with what is known of it, but for calls under way; a new state, and resuming, start afresh.
    /// </summary>
    private CircuitPeriod SteeredPeriod(CircuitWord from, CircuitWord to)
    {
        var before = AwaitPeriodOf(from);
        if (before is not null && from.State == to.State && from.Mode != to.Mode && to.Mode != CircuitMode.Auto)
        {
            // With the settings that it was made by: others that came meanwhile are put in force when it is published.
            return before with
            {
                Generation = to.Generation,
                Probes = before.Probes is null ? null : new ProbeSlots(before.Settings.Options.MaxProbes),
                Window = before.Window is null ? null : OutcomeWindow.For(before.Settings),
            };
        }

        var now = _clock.Now;
        var forgets = to.State == CircuitState.Closed || before is null || IsForgotten(before, now);
        return PeriodFor(to, now, CircuitChangeReason.ByHand, forgets ? 0 : before!.Attempt);
    }
}
