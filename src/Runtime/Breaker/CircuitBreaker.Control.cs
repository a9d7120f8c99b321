using System.Globalization;

namespace ThriftBreaker;

// Options, mode and manual transitions; at the end, the transition that these and the outcomes of calls share.
public sealed partial class CircuitBreaker
{
    /// <summary>
    /// Replaces the options; the next call uses them. The state, the mode and the counts stay, and outcomes of
    /// in-flight calls count. If the reset timeout changes, an open circuit stays open for the new time, measured from
    /// its opening. A window of another kind or size starts empty. Thread-safe.
    /// </summary>
    /// <param name="options">
    /// The options, for example <c>breaker.Options with { … }</c>. <see cref="CircuitBreakerOptions.Mode"/> is ignored.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Two settings contradict each other, the name or the clock differs, or the probe timeout is shorter than the call
    /// timeout of a client of this circuit breaker.
    /// </exception>
    public void Update(CircuitBreakerOptions options)
    {
        Validate(options);
        CircuitSettings before;
        do
        {
            before = Settings;
        }
        while (Interlocked.CompareExchange(ref _settings, new CircuitSettings(options, before), before) != before);

        RefreshEpoch();
        RefreshWatched();
    }

    /// <summary>
    /// Throws what <see cref="Update"/> would throw, and changes nothing. Call it first to change several circuit
    /// breakers or none. Thread-safe.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Update"/>.</exception>
    public void Validate(CircuitBreakerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Name != Name || options.TimeProvider != Options.TimeProvider)
        {
            throw new ArgumentException("Name and TimeProvider cannot change during the life of a circuit breaker.", nameof(options));
        }

        var longestCall = TimeSpan.FromTicks(Volatile.Read(ref _longestCall));
        if (options.ProbeTimeout is { } timeout && timeout < longestCall)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"ProbeTimeout ({timeout.TotalSeconds:0.###} s) must be at least the longest call timeout of the clients of the circuit breaker '{Name}' ({longestCall.TotalSeconds:0.###} s), or a probe times out before its call does."),
                nameof(options));
        }

        _ = new CircuitSettings(options);
    }

    /// <summary>
    /// Opens the circuit from any state; it lets a call probe after the reset timeout, as usual. If the circuit is
    /// open, the reset timeout starts again, and <see cref="StateChanged"/> is not raised.
    /// </summary>
    /// <remarks>As with every manual transition, outcomes of in-flight calls are ignored.</remarks>
    public void Open() => ApplyManually(static current => current.Next(CircuitState.Open, current.Failures));

    /// <summary>
    /// Closes the circuit from any state and resets the failure count. Outcomes of in-flight calls are ignored.
    /// </summary>
    public void Close() => ApplyManually(static current => current.Next(CircuitState.Closed, failures: 0));

    /// <summary>
    /// Half-opens the circuit from any state, so that the next call probes. A probe in flight is abandoned, and
    /// successes count from zero. Outcomes of in-flight calls are ignored.
    /// </summary>
    public void HalfOpen() => ApplyManually(static current => current.Next(CircuitState.HalfOpen, current.Failures));

    /// <summary>
    /// Sets the mode. <see cref="CircuitMode.Isolated"/>, <see cref="CircuitMode.Disabled"/> and
    /// <see cref="CircuitMode.ReportOnly"/> keep the state; a return to <see cref="CircuitMode.Auto"/> closes the
    /// circuit and resets the failure count. Outcomes of in-flight calls are ignored. Thread-safe.
    /// </summary>
    /// <param name="mode">The mode. If it is the present one, nothing changes; see <see cref="Close"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is not defined.</exception>
    public void SetMode(CircuitMode mode)
    {
        if (mode is < CircuitMode.Auto or > CircuitMode.ReportOnly)
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, $"The mode must be {CircuitBreakerSettingRules.Modes}.");
        }

        ApplyManually(current => current.Mode == mode ? null
            : mode == CircuitMode.Auto ? current.Next(CircuitState.Closed, failures: 0).WithMode(mode)
            : current.Next(current.State, current.Failures).WithMode(mode));
    }

    /// <summary>Moves to the state that a function gives for the current one; null for no change.</summary>
    private void ApplyManually(Func<PackedCircuitState, PackedCircuitState?> getNext)
    {
        OpenTime? openTime = null;
        while (true)
        {
            var current = Current;
            if (getNext(current) is not { } next || TryMove(current, next, CreateManualEpoch(current, next, ref openTime)))
            {
                return;
            }
        }
    }

    /// <summary>
    /// A new mode in the same state keeps what is known of the state, except what in-flight calls would change. A new
    /// state, and the mode Auto, start afresh.
    /// </summary>
    private StateEpoch CreateManualEpoch(PackedCircuitState from, PackedCircuitState to, ref OpenTime? openTime)
    {
        var before = WaitForEpoch(from);
        if (before is not null && from.State == to.State && from.Mode != to.Mode && to.Mode != CircuitMode.Auto)
        {
            // With the settings that it was created with: Publish brings it up to the present ones.
            return before with
            {
                Generation = to.Generation,
                Probes = before.Probes is null ? null : new ProbeSlots(before.Settings.Options.MaxProbes),
                Window = before.Window is null ? null : OutcomeWindow.Create(before.Settings),
            };
        }

        var now = _clock.Now;
        var startsOver = to.State == CircuitState.Closed || before is null || HasBeenStable(before, now);
        var attempt = startsOver ? 0 : before!.Attempt;
        return to.State == CircuitState.Open
            ? CreateOpenEpoch(to, now, CircuitStateChangeReason.Manual, attempt, failure: null, ref openTime)
            : CreateEpoch(to, now, CircuitStateChangeReason.Manual, attempt);
    }

    /// <summary>
    /// Brings the present epoch up to the settings in force. Also called by a transition that began under older ones.
    /// </summary>
    private void RefreshEpoch()
    {
        while (true)
        {
            var epoch = Volatile.Read(ref _epoch);
            var settings = Settings;
            if (epoch.Settings == settings || Interlocked.CompareExchange(ref _epoch, WithSettings(epoch, settings), epoch) == epoch)
            {
                return;
            }
        }
    }

    private StateEpoch WithSettings(StateEpoch epoch, CircuitSettings settings) => epoch with
    {
        Settings = settings,
        OpenUntil = epoch.State == CircuitState.Open && !OpenDuration.HasSameSettings(settings.Options, epoch.Settings.Options)
            ? GetOpenUntil(epoch.StartedAt, OpenDuration.Get(settings.Options, epoch.Attempt, epoch.Failure, Report))
            : epoch.OpenUntil,
        Window = epoch.State == CircuitState.Closed && !settings.SamplesLike(epoch.Settings)
            ? OutcomeWindow.Create(settings)
            : epoch.Window,
    };

    /// <summary>Sets or clears the watched bit, as the present settings and handlers require.</summary>
    private void RefreshWatched()
    {
        while (true)
        {
            var current = Current;
            var next = current.WithWatched(Settings.ObservesEveryCall || _callCompleted is not null);
            if (next == current)
            {
                return;
            }

            // Checked again even after a success: settings and handlers may have changed since they were read.
            _ = TryReplace(current, next);
        }
    }

    private bool TryReplace(PackedCircuitState from, PackedCircuitState to)
        => Interlocked.CompareExchange(ref _packed, to.Bits, from.Bits) == from.Bits;

    /// <summary>
    /// Moves to the next generation; false if another thread changed the state first. Of all threads that try, one
    /// wins, and it alone raises the events: that of the call that caused the change first.
    /// </summary>
    private bool TryMove(PackedCircuitState from, PackedCircuitState to, StateEpoch epoch, in CompletedCall cause = default)
    {
        var ended = FindEpoch(from);
        if (!TryReplace(from, to))
        {
            return false;
        }

        Publish(epoch);
        if (cause is { IsFailure: true, Args: { } args })
        {
            Raise(_callCompleted, args);
        }

        if (from.State != to.State && StateChanged is { } handlers)
        {
            var lasted = ended is null ? TimeSpan.Zero : _clock.Between(ended.StartedAt, epoch.StartedAt);
            Raise(handlers, new CircuitStateChangedEventArgs(Name, from.State, to.State, epoch.Reason, (long)to.Generation, epoch.Attempt, cause.Failure, lasted));
        }

        return true;
    }

    /// <summary>
    /// Creates the epoch of an open state. If the transition is tried again, it keeps its open time: the user's
    /// generator runs once, although it can change the state itself.
    /// </summary>
    private StateEpoch CreateOpenEpoch(
        PackedCircuitState open, long now, CircuitStateChangeReason reason, int attempt, Exception? failure, ref OpenTime? openTime)
    {
        if (openTime is not { } time)
        {
            var settings = Settings;
            openTime = time = new OpenTime(settings, OpenDuration.Get(settings.Options, attempt, failure, Report));
        }

        return CreateEpoch(open, now, reason, attempt) with
        {
            // The settings that the time comes from: Publish brings both up to the present ones.
            Settings = time.Settings,
            Failure = failure,
            OpenUntil = GetOpenUntil(now, time.Duration),
        };
    }

    private StateEpoch CreateEpoch(PackedCircuitState current, long now, CircuitStateChangeReason reason, int attempt)
    {
        var settings = Settings;
        return new StateEpoch
        {
            Generation = current.Generation,
            State = current.State,
            Settings = settings,
            Reason = reason,
            StartedAt = now,
            Attempt = attempt,
            Probes = current.State == CircuitState.HalfOpen ? new ProbeSlots(settings.Options.MaxProbes) : null,
            Window = current.State == CircuitState.Closed ? OutcomeWindow.Create(settings) : null,
        };
    }

    private Deadline GetOpenUntil(long now, TimeSpan duration) => new(now, _clock.After(now, duration));

    private StateEpoch? FindEpoch(PackedCircuitState current) => FindEpoch(current.Generation);

    /// <summary>
    /// Gets the epoch of a generation; null if the state has changed, and between the two writes of a transition.
    /// </summary>
    private StateEpoch? FindEpoch(ulong generation)
        => Volatile.Read(ref _epoch) is { } epoch && epoch.Generation == generation ? epoch : null;

    /// <summary>
    /// Gets the epoch of a state, waiting for it between the two writes of a transition; null if the state has changed.
    /// </summary>
    private StateEpoch? WaitForEpoch(PackedCircuitState current)
    {
        var spin = default(SpinWait);
        while (true)
        {
            if (FindEpoch(current) is { } epoch)
            {
                return epoch;
            }

            if (Current.Generation != current.Generation)
            {
                return null;
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>
    /// Publishes an epoch unless a later one is in place: a thread that was suspended between the two writes of its
    /// transition must not restore an earlier state.
    /// </summary>
    private void Publish(StateEpoch epoch)
    {
        var seen = Volatile.Read(ref _epoch);
        while (PackedCircuitState.IsOlder(seen.Generation, than: epoch.Generation))
        {
            var found = Interlocked.CompareExchange(ref _epoch, epoch, seen);
            if (found == seen)
            {
                RefreshEpoch();
                return;
            }

            seen = found;
        }
    }

    /// <summary>The open time of a transition, and the settings that it comes from.</summary>
    private readonly record struct OpenTime(CircuitSettings Settings, TimeSpan Duration);
}
