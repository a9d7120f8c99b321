namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>
/// What a circuit does, written down one step after the other as the contract says it: no atomics, no word, no windows made of
/// buckets. It is slow and easy to read, and it is never wrong together with the circuit for the same reason.
/// </summary>
/// <param name="settings">The settings that it starts with.</param>
/// <param name="isListening">Whether somebody hears of every finished call.</param>
internal sealed class CircuitModel(HistorySettings settings, bool isListening)
{
    private readonly List<(ModelTicket Ticket, long EndsAt)> _probes = [];
    private List<(long Bucket, bool Failed, bool Slow)> _window = [];
    private HistorySettings _ofPeriod = settings;
    private int _slots = settings.MaxProbes;
    private int _clock;
    private int _attempt;
    private bool _isRecovery;
    private long _startedAt = History.Start;
    private long _openUntil;

    public long Now { get; set; } = History.Start;

    /// <summary>The settings that the next step reads: for steps on several threads, which read them when others change them.</summary>
    public HistorySettings Settings { get; set; } = settings;

    /// <summary>
    /// Whether a change of state is half made, for steps on several threads: in the instant between its two writes an open circuit rejects
    /// and a half-open one is busy, whatever is about to be known of them.
    /// </summary>
    public bool IsChanging { get; set; }

    /// <summary>How many states and modes the circuit has been in.</summary>
    public int Generation { get; private set; }

    public CircuitState State { get; private set; }

    public CircuitMode Mode { get; private set; }

    public int Failures { get; private set; }

    public int Successes { get; private set; }

    public Exception? LastFailure { get; private set; }

    public int Stale { get; private set; }

    public int Finished { get; private set; }

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
            _ => !HasLostProbe && _probes.Count == _slots,
        },
    };

    /// <summary>When the first lease runs out; null without a probe.</summary>
    public long? FirstLeaseEndsAt => _probes.Count == 0 ? null : _probes.Min(static probe => probe.EndsAt);

    private bool HasLostProbe => _probes.Exists(probe => !probe.Ticket.IsSettled && Now >= probe.EndsAt);

    /// <summary>Whether a probe's verdict would count now.</summary>
    public bool Holds(ModelTicket probe) => probe.Generation == Generation && Now < LeaseOf(probe);

    /// <summary>The ticket of a call that is admitted; null for a rejection.</summary>
    public ModelTicket? Enter()
    {
        if (Mode == CircuitMode.Disabled)
        {
            return new ModelTicket { IsBlank = true };
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

            case CircuitState.HalfOpen when HasLostProbe:
                Move(CircuitState.Open, Failures + 1, _attempt + 1, CircuitStateChangeReason.ProbeTimedOut);
                break;
        }

        switch (State)
        {
            case CircuitState.Closed:
                return Ticket();

            case CircuitState.HalfOpen when _probes.Count < _slots:
                var probe = Ticket();
                probe.IsProbe = true;
                _probes.Add((probe, Now + HistorySettings.ProbeTimeout.Ticks));
                return probe;

            default:
                return Reject();
        }
    }

    /// <summary>Puts a verdict into effect; true when it opened the circuit.</summary>
    public bool Complete(ModelTicket ticket, CallOutcome outcome, Exception? failure)
    {
        // A probe's ticket is completed from a copy each time, so a second verdict arrives and is found out; any other is forgotten.
        if (ticket.IsBlank || (ticket.IsCompleted && !ticket.IsProbe))
        {
            return false;
        }

        Finished += isListening ? 1 : 0;
        var isSecond = ticket.IsCompleted;
        ticket.IsCompleted = true;
        if (isSecond || ticket.Generation != Generation || (ticket.IsProbe && Now >= LeaseOf(ticket)))
        {
            Stale++;
            return false;
        }

        var isSlow = ticket.IsTimed && Settings.SlowCalls && Now - ticket.EnteredAt >= HistorySettings.SlowCallDuration.Ticks;
        return ticket.IsProbe ? CompleteProbe(ticket, outcome, failure, isSlow) : CompleteCall(ticket, outcome, failure, isSlow);
    }

    public void Steer(CircuitState to) => Move(
        to,
        to == CircuitState.Closed ? 0 : Failures,
        to == CircuitState.Closed || IsForgotten ? 0 : _attempt,
        CircuitStateChangeReason.Manual);

    public void Turn(CircuitMode mode)
    {
        if (mode == Mode)
        {
            return;
        }

        Mode = mode;
        if (mode == CircuitMode.Auto)
        {
            Steer(CircuitState.Closed);
            return;
        }

        // Calls under way lose their say; all else stays.
        Generation++;
        Successes = 0;
        _probes.Clear();
        _slots = _ofPeriod.MaxProbes;
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

    /// <summary>What is known of the present state is brought up to the settings; without threads this is a part of <see cref="Update"/>.</summary>
    public void Refresh()
    {
        _ofPeriod = Settings;
        _openUntil = _startedAt + Settings.OpenFor(_attempt);
    }

    private bool CompleteCall(ModelTicket ticket, CallOutcome outcome, Exception? failure, bool isSlow)
    {
        if (outcome is CallOutcome.Ignored or CallOutcome.Cancelled)
        {
            return false;
        }

        var hasFailed = outcome == CallOutcome.Failure;
        Note(ticket, hasFailed, isSlow);
        LastFailure = hasFailed ? failure : LastFailure;
        Failures = hasFailed ? Failures + 1 : 0;
        CircuitStateChangeReason? reason =
            hasFailed && Failures >= Settings.FailMax ? CircuitStateChangeReason.FailMaxReached
            : hasFailed || isSlow ? JudgeRatios()
            : null;
        if (reason is { } met)
        {
            Move(CircuitState.Open, Failures, IsForgotten ? 0 : _attempt + 1, met, failure);
        }

        return reason is not null;
    }

    private bool CompleteProbe(ModelTicket ticket, CallOutcome outcome, Exception? failure, bool isSlow)
    {
        _probes.RemoveAll(probe => probe.Ticket == ticket);
        switch (outcome)
        {
            case CallOutcome.Failure:
                LastFailure = failure;
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

    private void Note(ModelTicket ticket, bool failed, bool slow)
    {
        if (Settings.Ratio == HistoryRatio.LastCalls || (Settings.WindowTicks is not null && ticket.Clock == _clock))
        {
            _window.Add((BucketOf(ticket.EnteredAt), failed, slow));
        }
    }

    private CircuitStateChangeReason? JudgeRatios()
    {
        var (calls, least, sample) = Settings switch
        {
            { Ratio: HistoryRatio.Off } => (0, 1, []),
            { Ratio: HistoryRatio.LastCalls } => (HistorySettings.SamplingCalls, 1, _window.TakeLast(HistorySettings.SamplingCalls).ToList()),
            _ => Aged(),
        };
        if (calls < least)
        {
            return null;
        }

        return (double)sample.Count(static call => call.Failed) / calls >= HistorySettings.FailureRatio ? CircuitStateChangeReason.FailureRatioReached
            : Settings.SlowCalls && (double)sample.Count(static call => call.Slow) / calls >= HistorySettings.SlowCallRatio
                ? CircuitStateChangeReason.SlowCallRatioReached
            : null;

        (int Calls, int Least, List<(long Bucket, bool Failed, bool Slow)> Sample) Aged()
        {
            var young = _window.Where(call => BucketOf(Now) - call.Bucket < 16).ToList();
            return (young.Count, HistorySettings.MinimumThroughput, young);
        }
    }

    private long BucketOf(long timestamp) => Settings.WindowTicks is { } window ? timestamp / (window / 16) : 0;

    private long LeaseOf(ModelTicket ticket) => _probes.Find(probe => probe.Ticket == ticket).EndsAt;

    private bool IsForgotten => State == CircuitState.Closed && !(_isRecovery && Now < _startedAt + Settings.FirstReset.Ticks);

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

    private ModelTicket Ticket() => new()
    {
        Generation = Generation,
        EnteredAt = Now,
        IsTimed = isListening || Settings.SlowCalls || Settings.IsHostile,
        Clock = Settings.WindowTicks is null ? -1 : _clock,
    };

    /// <summary>In shadow a rejection is only counted: the call passes, and says nothing.</summary>
    private ModelTicket? Reject()
    {
        Rejected++;
        return Mode == CircuitMode.ReportOnly ? new ModelTicket { IsBlank = true } : null;
    }
}

/// <summary>One admitted call, as the model sees it.</summary>
internal sealed class ModelTicket
{
    public int Generation { get; init; }

    public long EnteredAt { get; init; }

    public bool IsTimed { get; init; }

    /// <summary>Which clock of a window told its start.</summary>
    public int Clock { get; init; }

    /// <summary>Whether it passed without being watched.</summary>
    public bool IsBlank { get; init; }

    public bool IsProbe { get; set; }

    public bool IsCompleted { get; set; }

    /// <summary>Whether it is a probe whose verdict is about to take effect, and whose lease runs out no more: for steps on several threads.</summary>
    public bool IsSettled { get; set; }
}
