using System.Collections.Concurrent;

namespace ThriftBreaker.Runtime.Tests.Breaker.Stress;

/// <summary>
/// Threads that use every operation of one circuit breaker, and count what they do and which events are raised.
/// </summary>
internal sealed partial class StressRun
{
    private const int Threads = 16;

    private readonly ManualClock _clock = new() { Timestamp = TimeSpan.TicksPerHour };
    private readonly ConcurrentQueue<(long Generation, CircuitState From, CircuitState To, CircuitStateChangeReason Reason)> _changes = new();
    private readonly Counts[] _counts = [.. Enumerable.Range(0, Threads).Select(static _ => new Counts())];
    private readonly HandlerPresence _handlerPresence;
    private readonly CircuitBreakerOptions _options;
    private readonly CircuitBreaker _breaker;

    /// <summary>How many times disabling has begun, and in the upper half how many times it has returned.</summary>
    private long _disablings;

    /// <summary>
    /// Incremented before and after the handler is added or removed: 0 removed, 1 being added, 2 added, 3 being
    /// removed, and so on.
    /// </summary>
    private int _handlerPhase;

    public StressRun(CircuitBreakerOptions options, HandlerPresence handlerPresence)
    {
        _options = options with { TimeProvider = _clock };
        _handlerPresence = handlerPresence;
        _breaker = new CircuitBreaker(_options);
        _breaker.StateChanged += (_, change) => _changes.Enqueue((change.Generation, change.From, change.To, change.Reason));
        _breaker.CallRejected += static (_, rejection) => Counts.OfThread?.Add(rejection);
        if (handlerPresence == HandlerPresence.Always)
        {
            ToggleHandler();
        }
    }

    public void Start(int callsOfEachThread) => Race.Run(Threads, number =>
    {
        var counts = Counts.OfThread = _counts[number];
        var random = new Random(number);
        for (var call = 0; call < callsOfEachThread; call++)
        {
            DoRandomStep(number, random, counts);
        }
    });

    /// <summary>One random operation; a ticket may be kept for later, or abandoned.</summary>
    private void DoRandomStep(int number, Random random, Counts counts)
    {
        switch (random.Next(1_000))
        {
            case 0:
                _breaker.Open();
                break;

            case 1:
                _breaker.Close();
                break;

            case 2:
                _breaker.HalfOpen();
                break;

            case 3:
                _breaker.SetMode(CircuitMode.Isolated);
                break;

            case 4:
                _breaker.SetMode(CircuitMode.ReportOnly);
                break;

            case 5:
                Interlocked.Add(ref _disablings, 1);
                _breaker.SetMode(CircuitMode.Disabled);
                Interlocked.Add(ref _disablings, 1L << 32);
                break;

            case < 12:
                _breaker.SetMode(CircuitMode.Auto);
                break;

            case < 17:
                _breaker.Update(CreateOptions(random));
                break;

            case < 22 when number == 0 && _handlerPresence == HandlerPresence.Changing:
                ToggleHandler();
                break;

            case < 100:
                lock (_clock)
                {
                    _clock.Timestamp += TimeSpan.TicksPerSecond;
                }

                break;

            case < 150 when counts.InFlight.TryDequeue(out var late):
                Complete(late, (CallOutcome)random.Next(4), counts);
                break;

            default:
                Call(random, counts);
                break;
        }
    }

    private CircuitBreakerOptions CreateOptions(Random random) => _options with
    {
        FailMax = _options.FailMax + random.Next(2),
        MaxProbes = _options.MaxProbes + random.Next(2),
        SuccessThreshold = 1 + random.Next(3),
        ResetTimeout = (1 + random.Next(2)) * _options.ResetTimeout,
        SamplingDuration = TimeSpan.FromSeconds(1 + random.Next(3)),
        SamplingCalls = _options.SamplingCalls + random.Next(2),
    };

    private void Call(Random random, Counts counts)
    {
        var disablings = Volatile.Read(ref _disablings);
        var mayBeDisabled = (int)(disablings >> 32) != (int)disablings || _breaker.Mode == CircuitMode.Disabled;
        var raised = counts.Rejections;
        counts.Started++;
        var admitted = _breaker.TryEnter(out var ticket);
        raised = counts.Rejections - raised;
        mayBeDisabled |= disablings != Volatile.Read(ref _disablings);
        if (ticket.CircuitBreaker is null)
        {
            // Rejected, or reported in the mode ReportOnly, which raises the event too; or admitted while disabled,
            // which raises nothing.
            var isExpected = raised == 0 ? admitted && mayBeDisabled
                : raised == 1 && counts.RejectedIn != CircuitMode.Disabled && admitted == (counts.RejectedIn == CircuitMode.ReportOnly);
            if (!isExpected)
            {
                Assert.Fail($"{raised} rejections were raised for one call that was {(admitted ? "admitted" : "rejected")}, the last one in mode {counts.RejectedIn}.");
            }

            counts.Rejected += admitted ? 0 : 1;
            counts.Reported += admitted ? raised : 0;
            counts.Uncounted += admitted ? 1 - raised : 0;
            return;
        }

        if (raised != 0)
        {
            Assert.Fail("A rejection was raised for a counted call.");
        }

        counts.Counted++;
        switch (random.Next(100))
        {
            case 0:
                counts.Abandoned++;
                break;

            case < 6:
                counts.InFlight.Enqueue(ticket);
                break;

            default:
                Complete(ticket, (CallOutcome)random.Next(4), counts);
                break;
        }
    }

    private void Complete(CallTicket ticket, CallOutcome outcome, Counts counts)
    {
        var phase = Volatile.Read(ref _handlerPhase);
        var generation = GetGeneration(_breaker);
        var raised = counts.CompletedEvents;
        var opened = ticket.Complete(outcome);
        raised = counts.CompletedEvents - raised;
        counts.Outcomes[(int)outcome]++;
        counts.Opened += opened ? 1 : 0;

        if (generation != ticket.Generation)
        {
            counts.Stale++;
        }
        else if (!opened && (ticket.IsProbe || GetGeneration(_breaker) != ticket.Generation))
        {
            counts.PerhapsStale++;
        }

        if (phase == Volatile.Read(ref _handlerPhase) && IsStable(phase) ? raised != (IsAdded(phase) ? 1 : 0) : raised is not (0 or 1))
        {
            Assert.Fail($"{raised} events were raised for one call while the handler was {(IsAdded(phase) ? "added" : "removed")}.");
        }
    }

    private void ToggleHandler()
    {
        var isAdded = IsAdded(Interlocked.Increment(ref _handlerPhase) - 1);
        if (isAdded)
        {
            _breaker.CallCompleted -= OnCallCompleted;
        }
        else
        {
            _breaker.CallCompleted += OnCallCompleted;
        }

        Interlocked.Increment(ref _handlerPhase);
    }

    private static bool IsStable(int phase) => phase % 2 == 0;

    private static bool IsAdded(int phase) => phase % 4 == 2;

    private static void OnCallCompleted(object? sender, CallCompletedEventArgs call) => Counts.OfThread?.Add(call);

    /// <summary>The counts of one thread. Handlers run on the thread of the call.</summary>
    private sealed class Counts
    {
        [ThreadStatic]
        private static Counts? _ofThread;

        public static Counts? OfThread
        {
            get => _ofThread;
            set => _ofThread = value;
        }

        /// <summary>Calls in flight.</summary>
        public Queue<CallTicket> InFlight { get; } = new();

        public int Started { get; set; }

        /// <summary>Admitted with a counted ticket.</summary>
        public int Counted { get; set; }

        /// <summary>Admitted while disabled.</summary>
        public int Uncounted { get; set; }

        /// <summary>Reported as rejected in the mode ReportOnly.</summary>
        public int Reported { get; set; }

        public int Rejected { get; set; }

        /// <summary>Tickets that are never completed.</summary>
        public int Abandoned { get; set; }

        public int[] Outcomes { get; } = new int[4];

        public int Opened { get; set; }

        /// <summary>Outcomes of tickets of a state that had ended before.</summary>
        public int Stale { get; set; }

        /// <summary>
        /// Outcomes of a state that ended at the same time, and of probes, whose lease may have expired.
        /// </summary>
        public int PerhapsStale { get; set; }

        public int[] RaisedOutcomes { get; } = new int[4];

        public int CompletedEvents { get; private set; }

        public int Rejections { get; private set; }

        public CircuitMode RejectedIn { get; private set; }

        public void Add(CallCompletedEventArgs call)
        {
            CompletedEvents++;
            RaisedOutcomes[(int)call.Outcome]++;
        }

        public void Add(CallRejectedEventArgs rejection)
        {
            Rejections++;
            RejectedIn = rejection.Mode;
        }
    }
}
