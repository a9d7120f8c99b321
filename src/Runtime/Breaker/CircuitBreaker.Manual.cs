namespace ThriftBreaker;

// By hand.
public sealed partial class CircuitBreaker
{
    /// <summary>
    /// Opens the circuit from any state; it times out like any open circuit. Opening an open circuit starts its reset timeout
    /// again, and is no change of state.
    /// </summary>
    /// <remarks>Calls that are under way lose their say: their outcome changes nothing any more. So with all steering by hand.</remarks>
    public void Open() => ApplyManually(static word => word.Next(CircuitState.Open, word.Failures));

    /// <summary>Closes the circuit from any state and clears the failure count.</summary>
    public void Close() => ApplyManually(static word => word.Next(CircuitState.Closed, failures: 0));

    /// <summary>Lets the next call probe, from any state. A probe under way is given up, and successes count from zero.</summary>
    public void HalfOpen() => ApplyManually(static word => word.Next(CircuitState.HalfOpen, word.Failures));

    /// <summary>
    /// Sets the mode. <see cref="CircuitMode.Isolated"/>, <see cref="CircuitMode.Disabled"/> and <see cref="CircuitMode.ReportOnly"/> leave the state as it
    /// is; <see cref="CircuitMode.Auto"/> closes the circuit and clears the failure count.
    /// </summary>
    /// <param name="mode">The mode. The present one changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is not defined.</exception>
    public void SetMode(CircuitMode mode)
    {
        if (mode is < CircuitMode.Auto or > CircuitMode.ReportOnly)
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "The mode must be Auto, Isolated, Disabled or ReportOnly.");
        }

        ApplyManually(word => word.Mode == mode ? null
            : mode == CircuitMode.Auto ? word.Next(CircuitState.Closed, failures: 0).In(mode)
            : word.Next(word.State, word.Failures).In(mode));
    }

    /// <summary>Moves to where the word is to go; null for nowhere.</summary>
    private void ApplyManually(Func<PackedCircuitState, PackedCircuitState?> to)
    {
        while (true)
        {
            var word = Word;
            if (to(word) is not { } next || TryMove(word, next, EpochAfterManualChange(word, next)))
            {
                return;
            }
        }
    }

    /// <summary>
    /// A new mode in the same state goes on with what is known of it, but for calls under way; a new state, and resuming, start afresh.
    /// </summary>
    private StateEpoch EpochAfterManualChange(PackedCircuitState from, PackedCircuitState to)
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
        return PeriodFor(to, now, CircuitStateChangeReason.Manual, forgets ? 0 : before!.Attempt);
    }
}
