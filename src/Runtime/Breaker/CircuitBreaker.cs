namespace ThriftBreaker;

/// <summary>
/// Watches the calls to one service. After <see cref="CircuitBreakerOptions.FailMax"/> failures in a row the circuit opens
/// and calls are rejected at once; when <see cref="CircuitBreakerOptions.ResetTimeout"/> has passed, one call at a time may
/// probe, and <see cref="CircuitBreakerOptions.SuccessThreshold"/> successes close the circuit again.
/// </summary>
/// <remarks>
/// <para>Thread-safe and lock-free; share one instance between clients to share its state. It owns no timer and no thread.</para>
/// <para>
/// A healthy circuit is only ever read: an admission and a success are one volatile read each and allocate nothing. Failures
/// and the success that clears them replace one word; only a change of state allocates, and only a circuit that is not
/// closed reads the clock.
/// </para>
/// </remarks>
public sealed partial class CircuitBreaker
{
    private readonly CircuitBreakerOptions _options;
    private readonly MonotonicClock _clock;
    private ulong _word;
    private CircuitPeriod _period;
    private Exception? _lastFailure;

    /// <summary>Creates a closed circuit with the default settings.</summary>
    public CircuitBreaker()
        : this(new CircuitBreakerOptions())
    {
    }

    /// <summary>Creates a closed circuit.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public CircuitBreaker(CircuitBreakerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _clock = new MonotonicClock(_options.TimeProvider);
        _period = new CircuitPeriod(Word.Generation, _clock.Now, openUntil: 0);
    }

    /// <summary>
    /// Raised after each change of state, on the thread that caused it, before its call goes on. What a handler throws goes
    /// no further: it changes neither the circuit nor the call, and the other handlers still run.
    /// </summary>
    public event EventHandler<CircuitStateChange>? StateChanged;

    /// <summary>The settings that the circuit was created with.</summary>
    public CircuitBreakerOptions Options => _options;

    /// <inheritdoc cref="CircuitBreakerOptions.Name"/>
    public string Name => _options.Name;

    /// <summary>
    /// The state. Reading it never moves it: an open circuit whose reset timeout has passed stays
    /// <see cref="CircuitState.Open"/> until a call comes to probe, and <see cref="RetryAfter"/> is then zero.
    /// </summary>
    public CircuitState State => Word.State;

    /// <summary>
    /// Failures since the last success or <see cref="Close"/>. Opening does not clear it and a failed probe adds to it, so it
    /// can exceed <see cref="CircuitBreakerOptions.FailMax"/>; rejections do not count.
    /// </summary>
    public int FailureCount => Word.Failures;

    /// <summary>Probes that have succeeded in the present half-open state.</summary>
    public int SuccessCount => Word.Successes;

    /// <summary>The exception of the last failure; null if there was none, or if its verdict brought none. Kept when the circuit closes. A
    /// failure that loses a race with a change of state may show here although it did not count.</summary>
    public Exception? LastFailure => Volatile.Read(ref _lastFailure);

    /// <summary>
    /// How long until a call is worth trying. While closed: null. While open: the time until a probe is admitted, zero when
    /// one is due. While half-open: zero. It never grows as long as the state lasts.
    /// </summary>
    public TimeSpan? RetryAfter
    {
        get
        {
            var word = Word;
            return word.State switch
            {
                CircuitState.Closed => null,
                CircuitState.Open when PeriodOf(word) is { } period => _clock.Between(_clock.Now, period.OpenUntil),

                // Without its period the circuit has either opened this instant, or moved on since the word was read: look again.
                CircuitState.Open when Word == word => _options.ResetTimeout,
                CircuitState.Open => RetryAfter,
                _ => TimeSpan.Zero,
            };
        }
    }

    private CircuitWord Word => new(Volatile.Read(ref _word));
}
