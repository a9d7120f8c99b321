namespace ThriftBreaker;

/// <summary>
/// Watches the calls to one service. After <see cref="CircuitBreakerOptions.FailMax"/> failures in a row the circuit opens
/// and calls are rejected at once; when <see cref="CircuitBreakerOptions.ResetTimeout"/> has passed,
/// <see cref="CircuitBreakerOptions.MaxProbes"/> calls at a time may probe, and <see cref="CircuitBreakerOptions.SuccessThreshold"/> successes close the circuit again.
/// </summary>
/// <remarks>
/// <para>Thread-safe, without a lock; share one instance between clients to share its state. It owns no timer and no thread.</para>
/// <para>
/// A healthy circuit is only ever read: an admission and a success are one volatile read each and allocate nothing. Failures
/// and the success that clears them replace one word; only a change of state allocates, and only a circuit that is not
/// closed reads the clock. Settings that want to know more of every call (a ratio over time, slow calls, a classifier, a
/// listener to finished calls) cost what they need, and nothing where they are not used.
/// </para>
/// </remarks>
public sealed partial class CircuitBreaker
{
    private readonly MonotonicClock _clock;
    private CircuitSettings _settings;
    private ulong _word;
    private StateEpoch _period;
    private Exception? _lastFailure;
    private long _staleOutcomeCount;

    /// <summary>Creates a closed circuit with the default settings.</summary>
    public CircuitBreaker()
        : this(new CircuitBreakerOptions())
    {
    }

    /// <summary>Creates a closed circuit.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Two settings contradict each other.</exception>
    public CircuitBreaker(CircuitBreakerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _settings = new CircuitSettings(options);
        _clock = new MonotonicClock(options.TimeProvider);
        _word = default(PackedCircuitState).In(options.Mode).Watched(_settings.WatchesEveryCall).Bits;
        _period = PeriodFor(Word, _clock.Now, CircuitStateChangeReason.Manual, attempt: 0);
        Created();
    }

    /// <summary>The settings in force.</summary>
    public CircuitBreakerOptions Options => Settings.Options;

    /// <inheritdoc cref="CircuitBreakerOptions.Name"/>
    public string Name => Options.Name;

    /// <summary>
    /// The state. Reading it never moves it: an open circuit whose reset timeout has passed stays
    /// <see cref="CircuitState.Open"/> until a call comes to probe, and <see cref="RetryAfter"/> is then zero.
    /// </summary>
    public CircuitState State => Word.State;

    /// <summary>Whether the circuit acts on its state.</summary>
    public CircuitMode Mode => Word.Mode;

    /// <summary>
    /// Failures since the last success or <see cref="Close"/>. ConnectAttempt does not clear it and a failed probe adds to it, so it
    /// can exceed <see cref="CircuitBreakerOptions.FailMax"/>; rejections do not count.
    /// </summary>
    public int FailureCount => Word.Failures;

    /// <summary>Probes that have succeeded in the present half-open state.</summary>
    public int SuccessCount => Word.Successes;

    /// <summary>The exception of the last failure; null if there was none, or if its verdict brought none. Kept when the circuit closes. A
    /// failure that loses a race with a change of state may show here although it did not count.</summary>
    public Exception? LastFailure => Volatile.Read(ref _lastFailure);

    /// <summary>Verdicts that came too late, or a second time, and changed nothing.</summary>
    public long StaleOutcomeCount => Volatile.Read(ref _staleOutcomeCount);

    /// <summary>
    /// How long until a call is worth trying. While closed or disabled, and while isolated, which has no timeout: null. While open:
    /// the time until a probe is admitted, zero when one is due. While half-open: zero. In <see cref="CircuitMode.ReportOnly"/> it says what would
    /// be. It never grows while the state lasts, but by <see cref="Open"/> and <see cref="Update"/>.
    /// </summary>
    public TimeSpan? RetryAfter => Look().RetryAfter;

    /// <summary>
    /// Whether a call made now would be rejected and change nothing: a look that promises nothing and takes no right to probe. While the
    /// circuit is healthy it costs one read; use it to spare the work of preparing a call.
    /// </summary>
    /// <remarks>
    /// False also where a probe has had its time: the call that asks then is rejected all the same, and opens the circuit again. Were it kept away,
    /// the circuit would stay half-open.
    /// </remarks>
    public bool IsRejecting
    {
        get
        {
            var word = Word;
            return word.Mode switch
            {
                CircuitMode.Isolated => true,
                CircuitMode.Disabled or CircuitMode.ReportOnly => false,
                _ => word.State switch
                {
                    CircuitState.Closed => false,
                    CircuitState.Open => PeriodOf(word) is not { } open || _clock.IsAhead(open.OpenUntil),
                    _ => PeriodOf(word) is not { Probes: { } probes } || !(probes.HasFree || probes.HasRunOut(_clock.Now)),
                },
            };
        }
    }

    /// <summary>Another number after each change of state or mode, and after each steering.</summary>
    internal uint Generation => Word.Generation;

    private CircuitSettings Settings => Volatile.Read(ref _settings);

    /// <summary>A new circuit is complete. For whoever wants to know of every circuit; nothing here does.</summary>
    partial void Created();

    private PackedCircuitState Word => new(Volatile.Read(ref _word));

    /// <summary>What the circuit is like at one moment: no part of it is older than another.</summary>
    internal CircuitSnapshot Look()
    {
        while (true)
        {
            var word = Word;
            if (TryRetryAfter(word, out var retryAfter, out var openedBy))
            {
                return new CircuitSnapshot(Name, word.State, word.Mode, retryAfter, word.Failures, openedBy);
            }
        }
    }

    /// <summary>How long until a call is worth trying, and why it is not before, by this word; false when the circuit has moved on.</summary>
    private bool TryRetryAfter(PackedCircuitState word, out TimeSpan? retryAfter, out CircuitStateChangeReason? openedBy)
    {
        retryAfter = null;
        openedBy = null;
        if (word is { State: CircuitState.Closed } or { Mode: CircuitMode.Isolated or CircuitMode.Disabled })
        {
            return true;
        }

        retryAfter = TimeSpan.Zero;
        if (word.State == CircuitState.HalfOpen)
        {
            return true;
        }

        var period = AwaitPeriodOf(word);
        if (period is not null)
        {
            retryAfter = _clock.Until(period.OpenUntil);
            openedBy = period.Reason;
        }

        return period is not null;
    }
}
