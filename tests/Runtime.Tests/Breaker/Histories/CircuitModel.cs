namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>
/// The specification of <see cref="CircuitBreaker"/> in plain C#, after docs/breaker.md: without atomics, packed state
/// and windows of buckets. It is slow and easy to read, and shares no code with the circuit breaker. Tests compare the
/// two over random histories.
/// </summary>
/// <param name="settings">The settings at the start.</param>
/// <param name="hasHandler">Whether CallCompleted has a handler.</param>
internal sealed class CircuitModel(HistorySettings settings, bool hasHandler)
{
    private readonly List<(ModelTicket Ticket, long EndsAt)> _probes = [];
    private List<(long Bucket, bool Failed, bool Slow)> _window = [];
    private HistorySettings _stateSettings = settings;
    private int _slots = settings.MaxProbes;
    private int _clock;
    private int _attempt;
    private bool _isRecovery;
    private long _startedAt = History.Start;
    private long _openUntil;

    public long Now { get; set; } = History.Start;

    /// <summary>
    /// The settings that the next step reads. Steps on several threads may read older ones than those in force.
    /// </summary>
    public HistorySettings Settings { get; set; } = settings;

    /// <summary>
    /// Whether a transition is between its two writes, for steps on several threads. Then an open circuit rejects, and
    /// the probes of a half-open one are in flight.
    /// </summary>
    public bool IsChanging { get; set; }

    /// <summary>The number of changes of state or mode, and of manual transitions.</summary>
    public int Generation { get; private set; }

    public CircuitState State { get; private set; }

    public CircuitMode Mode { get; private set; }

    public int Failures { get; private set; }

    public int Successes { get; private set; }

    public Exception? LastException { get; private set; }

    public int Stale { get; private set; }

    public int Completed { get; private set; }

    public int Rejected { get; private set; }

    public List<CircuitStateChangedEventArgs> Changes { get; } = [];

    public long? RetryAfter => (State, Mode) switch
    {
        (_, CircuitMode.Isolated or CircuitMode.Disabled) or (CircuitState.Closed, _) => null,
        (CircuitState.HalfOpen, _) => 0,
        _ => Math.Max(0, _openUntil - Now),
    };

    public bool IsRejecting => Mode switch
    {
        CircuitMode.Isolated => true,
        CircuitMode.Disabled or CircuitMode.ReportOnly => false,
        _ => State switch
        {
            CircuitState.Closed => false,
            CircuitState.Open => Now < _openUntil,
            _ => !HasExpiredProbe && _probes.Count == _slots,
        },
    };

    /// <summary>The time at which the first lease expires; null without a probe.</summary>
    public long? FirstLeaseEndsAt => _probes.Count == 0 ? null : _probes.Min(static probe => probe.EndsAt);

    private bool HasExpiredProbe => _probes.Exists(probe => !probe.Ticket.IsSettled && Now >= probe.EndsAt);

    /// <summary>Whether the outcome of a probe would count now.</summary>
    public bool WouldCount(ModelTicket probe) => probe.Generation == Generation && Now < GetLeaseEnd(probe);

    /// <summary>Requests admission. Returns the ticket of an admitted call; null for a rejection.</summary>
    public ModelTicket? Enter()
    {
        if (Mode == CircuitMode.Disabled)
        {
            return new ModelTicket { IsUncounted = true };
        }

        if (Mode == CircuitMode.Isolated)
        {
            return Reject();
        }

        if (IsChanging && State != CircuitState.Closed)
        {
            return Reject();
        }

        switch (State)
        {
            case CircuitState.Open when Now >= _openUntil:
                Move(CircuitState.HalfOpen, Failures, _attempt, CircuitStateChangeReason.ResetTimeoutPassed);
                break;

            case CircuitState.HalfOpen when HasExpiredProbe:
                Move(CircuitState.Open, Failures + 1, _attempt + 1, CircuitStateChangeReason.ProbeTimedOut);
                break;
        }

        switch (State)
        {
            case CircuitState.Closed:
                return CreateTicket();

            case CircuitState.HalfOpen when _probes.Count < _slots:
                var probe = CreateTicket();
                probe.IsProbe = true;
                _probes.Add((probe, Now + HistorySettings.ProbeTimeout.Ticks));
                return probe;

            default:
                return Reject();
        }
    }

    /// <summary>Records an outcome; true if it opened the circuit.</summary>
    public bool Complete(ModelTicket ticket, CallOutcome outcome, Exception? failure)
    {
        // Tests complete a probe's ticket from a copy each time, so a second outcome counts as stale; that of another
        // ticket does nothing.
        if (ticket.IsUncounted || (ticket.IsCompleted && !ticket.IsProbe))
        {
            return false;
        }

        Completed += hasHandler ? 1 : 0;
        var isSecond = ticket.IsCompleted;
        ticket.IsCompleted = true;
        if (isSecond || ticket.Generation != Generation || (ticket.IsProbe && Now >= GetLeaseEnd(ticket)))
        {
            Stale++;
            return false;
        }

        var isSlow = ticket.IsTimed && Settings.SlowCalls && Now - ticket.EnteredAt >= HistorySettings.SlowCallDuration.Ticks;
        return ticket.IsProbe ? CompleteProbe(ticket, outcome, failure, isSlow) : CompleteCall(ticket, outcome, failure, isSlow);
    }

    public void SetState(CircuitState to) => Move(
        to,
        to == CircuitState.Closed ? 0 : Failures,
        to == CircuitState.Closed || HasBeenStable ? 0 : _attempt,
        CircuitStateChangeReason.Manual);

    public void SetMode(CircuitMode mode)
    {
        if (mode == Mode)
        {
            return;
        }

        Mode = mode;
        if (mode == CircuitMode.Auto)
        {
            SetState(CircuitState.Closed);
            return;
        }

        // Outcomes of in-flight calls are ignored; everything else stays.
        Generation++;
        Successes = 0;
        _probes.Clear();
        _slots = _stateSettings.MaxProbes;
        _window = [];
    }

    public void Update(HistorySettings settings)
    {
        var before = Settings;
        Settings = settings;
        if (settings.Ratio != before.Ratio)
        {
            _window = [];
            _clock++;
        }

        Refresh();
    }

    /// <summary>
    /// Applies the settings to the present state; on one thread this is a part of <see cref="Update"/>.
    /// </summary>
    public void Refresh()
    {
        _stateSettings = Settings;
        _openUntil = _startedAt + Settings.GetOpenTicks(_attempt);
    }

    private bool CompleteCall(ModelTicket ticket, CallOutcome outcome, Exception? failure, bool isSlow)
    {
        if (outcome is CallOutcome.Ignored or CallOutcome.Cancelled)
        {
            return false;
        }

        var hasFailed = outcome == CallOutcome.Failure;
        AddToWindow(ticket, hasFailed, isSlow);
        LastException = hasFailed ? failure : LastException;
        Failures = hasFailed ? Failures + 1 : 0;
        CircuitStateChangeReason? reason =
            hasFailed && Failures >= Settings.FailMax ? CircuitStateChangeReason.FailMaxReached
            : hasFailed || isSlow ? FindReachedRatio()
            : null;
        if (reason is { } reached)
        {
            Move(CircuitState.Open, Failures, HasBeenStable ? 0 : _attempt + 1, reached, failure);
        }

        return reason is not null;
    }

    private bool CompleteProbe(ModelTicket ticket, CallOutcome outcome, Exception? failure, bool isSlow)
    {
        _probes.RemoveAll(probe => probe.Ticket == ticket);
        switch (outcome)
        {
            case CallOutcome.Failure:
                LastException = failure;
                Move(CircuitState.Open, Failures + 1, _attempt + 1, CircuitStateChangeReason.ProbeFailed, failure);
                return true;

            case CallOutcome.Success:
                Failures = 0;
                Successes += isSlow ? 0 : 1;
                if (!isSlow && Successes >= Settings.SuccessThreshold)
                {
                    Move(CircuitState.Closed, failures: 0, _attempt, CircuitStateChangeReason.ProbesSucceeded);
                    _isRecovery = true;
                }

                break;
        }

        return false;
    }

    private void AddToWindow(ModelTicket ticket, bool failed, bool slow)
    {
        if (Settings.Ratio == HistoryRatio.LastCalls || (Settings.WindowTicks is not null && ticket.Clock == _clock))
        {
            _window.Add((GetBucket(ticket.EnteredAt), failed, slow));
        }
    }

    private CircuitStateChangeReason? FindReachedRatio()
    {
        var (calls, minimum, sample) = Settings switch
        {
            { Ratio: HistoryRatio.Off } => (0, 1, []),
            { Ratio: HistoryRatio.LastCalls } => (HistorySettings.SamplingCalls, 1, _window.TakeLast(HistorySettings.SamplingCalls).ToList()),
            _ => CountRecent(),
        };
        if (calls < minimum)
        {
            return null;
        }

        return (double)sample.Count(static call => call.Failed) / calls >= HistorySettings.FailureRatio ? CircuitStateChangeReason.FailureRatioReached
            : Settings.SlowCalls && (double)sample.Count(static call => call.Slow) / calls >= HistorySettings.SlowCallRatio
                ? CircuitStateChangeReason.SlowCallRatioReached
            : null;

        (int Calls, int Minimum, List<(long Bucket, bool Failed, bool Slow)> Sample) CountRecent()
        {
            var recent = _window.Where(call => GetBucket(Now) - call.Bucket < 16).ToList();
            return (recent.Count, HistorySettings.MinimumThroughput, recent);
        }
    }

    private long GetBucket(long timestamp) => Settings.WindowTicks is { } window ? timestamp / (window / 16) : 0;

    private long GetLeaseEnd(ModelTicket ticket) => _probes.Find(probe => probe.Ticket == ticket).EndsAt;

    private bool HasBeenStable => State == CircuitState.Closed && !(_isRecovery && Now < _startedAt + Settings.FirstReset.Ticks);

    private void Move(CircuitState to, int failures, int attempt, CircuitStateChangeReason reason, Exception? failure = null)
    {
        Generation++;
        if (to != State)
        {
            Changes.Add(new(History.Name, State, to, reason, Generation, attempt, failure, new TimeSpan(Now - _startedAt)));
        }

        State = to;
        Failures = failures;
        Successes = 0;
        _attempt = attempt;
        _isRecovery = false;
        _startedAt = Now;
        _slots = Settings.MaxProbes;
        Refresh();
        _probes.Clear();
        _window = [];
    }

    private ModelTicket CreateTicket() => new()
    {
        Generation = Generation,
        EnteredAt = Now,
        IsTimed = hasHandler || Settings.SlowCalls || Settings.CallbacksThrow,
        Clock = Settings.WindowTicks is null ? -1 : _clock,
    };

    /// <summary>
    /// In the mode ReportOnly a rejection is only counted: the call passes, and its outcome is ignored.
    /// </summary>
    private ModelTicket? Reject()
    {
        Rejected++;
        return Mode == CircuitMode.ReportOnly ? new ModelTicket { IsUncounted = true } : null;
    }
}

/// <summary>One admitted call, as the model sees it.</summary>
internal sealed class ModelTicket
{
    public int Generation { get; init; }

    public long EnteredAt { get; init; }

    public bool IsTimed { get; init; }

    /// <summary>The clock of the window that measured its start.</summary>
    public int Clock { get; init; }

    /// <summary>Whether its outcome does not count.</summary>
    public bool IsUncounted { get; init; }

    public bool IsProbe { get; set; }

    public bool IsCompleted { get; set; }

    /// <summary>
    /// Whether it is a probe whose outcome is about to take effect, so that its lease cannot expire: for steps on
    /// several threads.
    /// </summary>
    public bool IsSettled { get; set; }
}
