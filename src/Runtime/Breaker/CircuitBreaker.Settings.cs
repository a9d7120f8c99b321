using System.Globalization;

namespace ThriftBreaker;

// Settings that change while the circuit is in use.
public sealed partial class CircuitBreaker
{
    /// <summary>
    /// Puts other settings in force at the next call. The state, the mode and the counts stay; an open circuit stays open for the new
    /// time, if that is another one, counted from when it opened; calls under way keep their say. A window of another kind or size starts empty. Thread-safe.
    /// </summary>
    /// <param name="options">The settings: best <c>breaker.Options with { … }</c>. Their <see cref="CircuitBreakerOptions.Mode"/> is not looked at.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Two settings contradict each other, or the name or the clock is another one, or a probe would be allowed less time than a client of
    /// this circuit allows a call.
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

        Refresh();
        RefreshWatched();
    }

    /// <summary>Throws what <see cref="Update"/> would throw, and changes nothing: for who changes several circuits, or none. Thread-safe.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">As <see cref="Update"/> has it.</exception>
    public void Validate(CircuitBreakerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Name != Name || options.TimeProvider != Options.TimeProvider)
        {
            throw new ArgumentException("Name and TimeProvider stay as they are for the life of a circuit.", nameof(options));
        }

        var longestCall = TimeSpan.FromTicks(Volatile.Read(ref _longestCall));
        if (options.ProbeTimeout is { } timeout && timeout < longestCall)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"ProbeTimeout ({timeout.TotalSeconds:0.###} s) must be at least as long as a client of the circuit '{Name}' allows a call ({longestCall.TotalSeconds:0.###} s), or a probe is given up before its call is."),
                nameof(options));
        }

        _ = new CircuitSettings(options);
    }

    /// <summary>Brings the present period up to the settings in force. Also called by a transition that began under the old ones.</summary>
    private void Refresh()
    {
        while (true)
        {
            var period = Volatile.Read(ref _period);
            var settings = Settings;
            if (period.Settings == settings || Interlocked.CompareExchange(ref _period, Refreshed(period, settings), period) == period)
            {
                return;
            }
        }
    }

    private StateEpoch Refreshed(StateEpoch period, CircuitSettings settings) => period with
    {
        Settings = settings,
        OpenUntil = period.State == CircuitState.Open && !OpenDuration.IsSame(settings.Options, period.Settings.Options)
            ? OpenUntil(period.StartedAt, settings, period.Attempt, period.Failure)
            : period.OpenUntil,
        Window = period.State == CircuitState.Closed && !settings.SamplesLike(period.Settings)
            ? OutcomeWindow.For(settings)
            : period.Window,
    };

    /// <summary>Sets or clears the watched bit, as settings and listeners want it now.</summary>
    private void RefreshWatched()
    {
        while (true)
        {
            var word = Word;
            var next = word.Watched(Settings.WatchesEveryCall || _callCompleted is not null);
            if (next == word)
            {
                return;
            }

            // Whether it worked or not, look again: what is wanted may have changed since it was read.
            _ = TryReplace(word, next);
        }
    }
}
