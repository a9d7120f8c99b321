namespace ThriftBreaker;

// The path of a call, and the file that decides each step:
//
//   TryEnter ──► closed: passes; no clock, no allocation, no write          CircuitBreaker.Admission.cs
//            ──► open: rejected; after the reset timeout the first probe
//            ──► half-open: passes as a probe while a slot is free
//   Complete ──► healthy and a success: nothing to do                       CircuitBreaker.Outcomes.cs
//            ──► counts the failure, records the window, decides the trip
//            ──► a probe: closes the circuit or opens it again
//   Update, Open, Close, HalfOpen, SetMode, and how states follow           CircuitBreaker.Control.cs
//   properties, events, snapshots                                           this file
//
// _packed (PackedCircuitState): one 64-bit value, replaced by compare-and-swap, that alone decides what is in force.
// _epoch (StateEpoch): what a state needs besides, such as deadlines, probe slots and the window. A transition replaces
//   _packed first and publishes the epoch after it; readers compare the generations of the two.
// _settings (CircuitSettings): options without contradictions.
//
// The executable specification is tests/Runtime.Tests/Breaker/Histories/CircuitModel.cs: the same behavior in plain C#,
// without packing and atomics. Tests compare the two over random histories, on one thread and on several.

/// <summary>
/// Protects the calls to one service. After <see cref="CircuitBreakerOptions.FailMax"/> consecutive failures the
/// circuit opens and calls are rejected. When <see cref="CircuitBreakerOptions.ResetTimeout"/> has passed,
/// <see cref="CircuitBreakerOptions.MaxProbes"/> calls at a time pass as probes;
/// <see cref="CircuitBreakerOptions.SuccessThreshold"/> successful probes close the circuit.
/// </summary>
/// <remarks>
/// <para>
/// Thread-safe and free of locks. Clients that share an instance share its state. It uses no timer and no thread.
/// </para>
/// <para>
/// A call on a healthy circuit costs one volatile read at its admission and one at its success, and allocates nothing.
/// Failures, and the success that clears them, replace one 64-bit value. Changes of state and probes allocate, and only
/// a circuit that is not closed reads the clock. Settings that observe every call (a ratio over time, slow calls, a
/// classifier, a handler of <see cref="CallCompleted"/>) cost what they need, and nothing while they are not used.
/// </para>
/// </remarks>
public sealed partial class CircuitBreaker
{
    private readonly MonotonicClock _clock;
    private CircuitSettings _settings;
    private ulong _packed;
    private StateEpoch _epoch;
    private Exception? _lastException;
    private long _staleOutcomeCount;
    private EventHandler<CallCompletedEventArgs>? _callCompleted;

    /// <summary>
    /// Initializes a new instance of the <see cref="CircuitBreaker"/> class with the default options.
    /// </summary>
    public CircuitBreaker()
        : this(new CircuitBreakerOptions())
    {
    }

    /// <summary>Initializes a new instance of the <see cref="CircuitBreaker"/> class. The circuit is closed.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Two settings contradict each other.</exception>
    public CircuitBreaker(CircuitBreakerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Report = exception => UserCallback.Raise(CallbackFailed, this, new CallbackFailedEventArgs(Name, exception), report: null);
        _settings = new CircuitSettings(options);
        _clock = new MonotonicClock(options.TimeProvider);
        _packed = default(PackedCircuitState).WithMode(options.Mode).WithWatched(_settings.ObservesEveryCall).Bits;
        _epoch = CreateEpoch(Current, _clock.Now, CircuitStateChangeReason.Manual, attempt: 0);
        CircuitBreakerInstances.Add(this);
    }

    /// <summary>Gets the options in force.</summary>
    public CircuitBreakerOptions Options => Settings.Options;

    /// <summary>Gets the name of the circuit breaker in messages and metrics.</summary>
    public string Name => Options.Name;

    /// <summary>
    /// Gets the state. Reading it never changes it: an open circuit whose reset timeout has passed stays
    /// <see cref="CircuitState.Open"/> until a call probes, and <see cref="RetryAfter"/> is zero until then.
    /// </summary>
    public CircuitState State => Current.State;

    /// <summary>Gets the mode.</summary>
    public CircuitMode Mode => Current.Mode;

    /// <summary>
    /// Gets the number of consecutive failures. <see cref="Close"/> resets it, and so does a success, also that of a
    /// probe. Opening the circuit keeps it and a failed probe increments it, so it can exceed
    /// <see cref="CircuitBreakerOptions.FailMax"/>. Rejections do not count.
    /// </summary>
    public int FailureCount => Current.Failures;

    /// <summary>
    /// Gets the number of probes that have succeeded in the current half-open state; zero in every other state. A
    /// change of mode sets it to zero.
    /// </summary>
    public int SuccessCount => Current.Successes;

    /// <summary>
    /// Gets the exception of the last failure; null if there was none, or if it was reported without an exception. Kept
    /// when the circuit closes. Rejections have it as their inner exception. A failure that loses a race with a change
    /// of state may appear here although it did not count.
    /// </summary>
    public Exception? LastException => Volatile.Read(ref _lastException);

    /// <summary>Gets the number of outcomes that changed nothing because they came too late or a second time.</summary>
    public long StaleOutcomeCount => Volatile.Read(ref _staleOutcomeCount);

    /// <summary>
    /// Gets the time until a call is worth a try. Null while closed, disabled or isolated. While open: the time until a
    /// probe is admitted, zero when one is due. While half-open: zero. In <see cref="CircuitMode.ReportOnly"/>: the
    /// value that <see cref="CircuitMode.Auto"/> would have. Within one state only <see cref="Open"/> and
    /// <see cref="Update"/> increase it.
    /// </summary>
    public TimeSpan? RetryAfter => GetSnapshot().RetryAfter;

    /// <summary>
    /// Gets a value that indicates whether a call made now would be rejected and change nothing. It is a hint and takes
    /// no probe slot. On a healthy circuit it costs one read; use it to avoid the work of preparing a call.
    /// </summary>
    /// <remarks>
    /// False also if a probe has timed out: the next call is rejected and opens the circuit again. Without that call
    /// the circuit would stay half-open.
    /// </remarks>
    public bool IsRejecting
    {
        get
        {
            var current = Current;
            return current.Mode switch
            {
                CircuitMode.Isolated => true,
                CircuitMode.Disabled or CircuitMode.ReportOnly => false,
                _ => current.State switch
                {
                    CircuitState.Closed => false,
                    CircuitState.Open => FindEpoch(current) is not { } open || open.OpenUntil.IsAhead(_clock.Now),
                    _ => FindEpoch(current) is not { Probes: { } probes } || !(probes.HasFree || probes.HasExpired(_clock.Now) || ProbeScope.Find(probes) is not null),
                },
            };
        }
    }

    // Handlers run on the thread that caused the event, after the change is in force, in the order in which they were
    // added. CallbackFailed gets what they throw.

    /// <summary>Raised after each change of state, before the call that caused it continues.</summary>
    public event EventHandler<CircuitStateChangedEventArgs>? StateChanged;

    /// <summary>
    /// Raised after each admitted call with its outcome, except calls that begin while the circuit breaker is disabled.
    /// While it has a handler, every call reads the clock twice and allocates one object.
    /// </summary>
    public event EventHandler<CallCompletedEventArgs>? CallCompleted
    {
        add
        {
            Exchange(ref _callCompleted, value, Delegate.Combine);
            RefreshWatched();
        }

        remove
        {
            Exchange(ref _callCompleted, value, Delegate.Remove);
            RefreshWatched();
        }
    }

    /// <summary>
    /// Raised for each call that was rejected, or in <see cref="CircuitMode.ReportOnly"/> would have been.
    /// </summary>
    public event EventHandler<CallRejectedEventArgs>? CallRejected;

    /// <summary>
    /// Raised when a user callback has thrown: a handler of another event, a classifier, a predicate, a reset timeout
    /// generator, or the clock while an outcome was recorded. Calls are not affected. Exceptions of its own handlers
    /// are dropped.
    /// </summary>
    public event EventHandler<CallbackFailedEventArgs>? CallbackFailed;

    /// <summary>
    /// Gets the delegate that raises <see cref="CallbackFailed"/>. One instance, so that passing it on allocates
    /// nothing.
    /// </summary>
    internal Action<Exception> Report { get; }

    /// <summary>
    /// Gets a number that differs after each change of state or mode and after each manual transition.
    /// </summary>
    internal ulong Generation => Current.Generation;

    private CircuitSettings Settings => Volatile.Read(ref _settings);

    private PackedCircuitState Current => new(Volatile.Read(ref _packed));

    /// <summary>Gets a consistent view of one moment: no part of it is older than another.</summary>
    internal CircuitSnapshot GetSnapshot()
    {
        while (true)
        {
            var current = Current;
            if (TryGetRetryAfter(current, out var retryAfter, out var openedBy))
            {
                return new CircuitSnapshot(Name, current.State, current.Mode, retryAfter, current.Failures, openedBy);
            }
        }
    }

    /// <summary>
    /// Gets the time until a call is worth a try, and why the circuit opened; false if the state has changed.
    /// </summary>
    private bool TryGetRetryAfter(PackedCircuitState current, out TimeSpan? retryAfter, out CircuitStateChangeReason? openedBy)
    {
        retryAfter = null;
        openedBy = null;
        if (current is { State: CircuitState.Closed } or { Mode: CircuitMode.Isolated or CircuitMode.Disabled })
        {
            return true;
        }

        retryAfter = TimeSpan.Zero;
        if (current.State == CircuitState.HalfOpen)
        {
            return true;
        }

        var epoch = WaitForEpoch(current);
        if (epoch is not null)
        {
            retryAfter = _clock.Until(epoch.OpenUntil);
            openedBy = epoch.Reason;
        }

        return epoch is not null;
    }

    private void Raise<T>(EventHandler<T>? handlers, T args) => UserCallback.Raise(handlers, this, args, Report);

    private static void Exchange<T>(ref T? handlers, T? changed, Func<Delegate?, Delegate?, Delegate?> operation)
        where T : Delegate
    {
        // By reference, as the exchange compares: two delegates that call the same method are equal, but not the same.
        T? seen;
        do
        {
            seen = Volatile.Read(ref handlers);
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref handlers, (T?)operation(seen, changed), seen), seen));
    }
}
