using System.Collections.Concurrent;

namespace ThriftBreaker.Runtime.Tests.Breaker.Stress;

/// <summary>Threads that use every operation of one circuit breaker, and count what they do and which events are raised.</summary>
internal sealed partial class StressRun
{
    private const int Threads = 16;

    private readonly ManualClock _clock = new() { Timestamp = TimeSpan.TicksPerHour };
    private readonly ConcurrentQueue<(int Generation, CircuitState From, CircuitState To, CircuitStateChangeReason Reason)> _changes = new();
    private readonly Counts[] _counts = [.. Enumerable.Range(0, Threads).Select(static _ => new Counts())];
    private readonly Listening _listening;
    private readonly CircuitBreakerOptions _options;
    private readonly CircuitBreaker _breaker;

    /// <summary>How many times disabling has begun, and in the upper half how many times it has returned.</summary>
    private long _disablings;

    /// <summary>Incremented before and after the handler is added or removed: 0 removed, 1 being added, 2 added, 3 being removed, and so on.</summary>
    private int _listener;

    public StressRun(CircuitBreakerOptions options, Listening listening)
    {
        _options = options with { TimeProvider = _clock };
        _listening = listening;
        _breaker = new CircuitBreaker(_options);
        _breaker.StateChanged += (_, change) => _changes.Enqueue((change.Generation, change.From, change.To, change.Reason));
        _breaker.CallRejected += static (_, rejection) => Counts.Here?.Tell(rejection);
        if (listening == Listening.Always)
        {
            TurnListener();
        }
    }

    public void Start(int callsOfEachThread) => Race.Run(Threads, number =>
    {
        var counts = Counts.Here = _counts[number];
        var random = new Random(number);
        for (var call = 0; call < callsOfEachThread; call++)
        {
            AnyStep(number, random, counts);
        }
    });

    /// <summary>One random operation; a ticket may be kept for later, or abandoned.</summary>
    private void AnyStep(int number, Random random, Counts counts)
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
                _breaker.Update(AnyOptions(random));
                break;

            case < 22 when number == 0 && _listening == Listening.ComesAndGoes:
                TurnListener();
                break;

            case < 100:
                lock (_clock)
                {
                    _clock.Timestamp += TimeSpan.TicksPerSecond;
                }

                break;

            case < 150 when counts.Held.TryDequeue(out var late):
                Complete(late, (CallOutcome)random.Next(4), counts);
                break;

            default:
                Call(random, counts);
                break;
        }
    }

    private CircuitBreakerOptions AnyOptions(Random random) => _options with
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
        var told = counts.Rejections;
        counts.Started++;
        var admitted = _breaker.TryEnter(out var ticket);
        told = counts.Rejections - told;
        mayBeDisabled |= disablings != Volatile.Read(ref _disablings);
        if (ticket.CircuitBreaker is null)
        {
            // Rejected, or reported in the mode ReportOnly, which raises the event too; or admitted while disabled, which raises nothing.
            var isRight = told == 0 ? admitted && mayBeDisabled
                : told == 1 && counts.RejectedIn != CircuitMode.Disabled && admitted == (counts.RejectedIn == CircuitMode.ReportOnly);
            if (!isRight)
            {
                Assert.Fail($"{told} rejections were told of one call that was {(admitted ? "let pass" : "rejected")}, the last one in mode {counts.RejectedIn}.");
            }

            counts.Rejected += admitted ? 0 : 1;
            counts.Shadowed += admitted ? told : 0;
            counts.Unwatched += admitted ? 1 - told : 0;
            return;
        }

        if (told != 0)
        {
            Assert.Fail("A call that is watched was told to be rejected.");
        }

        counts.Watched++;
        switch (random.Next(100))
        {
            case 0:
                counts.Lost++;
                break;

            case < 6:
                counts.Held.Enqueue(ticket);
                break;

            default:
                Complete(ticket, (CallOutcome)random.Next(4), counts);
                break;
        }
    }

    private void Complete(CallTicket ticket, CallOutcome outcome, Counts counts)
    {
        var listener = Volatile.Read(ref _listener);
        var generation = GenerationOf(_breaker);
        var told = counts.ViewerState;
        var opened = ticket.Complete(outcome);
        told = counts.ViewerState - told;
        counts.Verdicts[(int)outcome]++;
        counts.Opened += opened ? 1 : 0;

        if (generation != ticket.Generation)
        {
            counts.Stale++;
        }
        else if (!opened && (ticket.IsProbe || GenerationOf(_breaker) != ticket.Generation))
        {
            counts.PerhapsStale++;
        }

        if (listener == Volatile.Read(ref _listener) && IsStill(listener) ? told != (IsHere(listener) ? 1 : 0) : told is not (0 or 1))
        {
            Assert.Fail($"{told} ends were told of one call, by a listener that was {(IsHere(listener) ? "here" : "gone")}.");
        }
    }

    private void TurnListener()
    {
        var isHere = IsHere(Interlocked.Increment(ref _listener) - 1);
        if (isHere)
        {
            _breaker.CallCompleted -= Listen;
        }
        else
        {
            _breaker.CallCompleted += Listen;
        }

        Interlocked.Increment(ref _listener);
    }

    private static bool IsStill(int listener) => listener % 2 == 0;

    private static bool IsHere(int listener) => listener % 4 == 2;

    private static void Listen(object? sender, CallCompletedEventArgs call) => Counts.Here?.Tell(call);

    /// <summary>The counts of one thread. Handlers run on the thread of the call.</summary>
    private sealed class Counts
    {
        [ThreadStatic]
        private static Counts? _here;

        public static Counts? Here
        {
            get => _here;
            set => _here = value;
        }

        /// <summary>Calls in flight.</summary>
        public Queue<CallTicket> Held { get; } = new();

        public int Started { get; set; }

        /// <summary>Admitted with a counted ticket.</summary>
        public int Watched { get; set; }

        /// <summary>Admitted while disabled.</summary>
        public int Unwatched { get; set; }

        /// <summary>Reported as rejected in the mode ReportOnly.</summary>
        public int Shadowed { get; set; }

        public int Rejected { get; set; }

        /// <summary>Tickets that are never completed.</summary>
        public int Lost { get; set; }

        public int[] Verdicts { get; } = new int[4];

        public int Opened { get; set; }

        /// <summary>Outcomes of tickets of a state that had ended before.</summary>
        public int Stale { get; set; }

        /// <summary>Outcomes of a state that ended at the same time, and of probes, whose lease may have expired.</summary>
        public int PerhapsStale { get; set; }

        public int[] Ends { get; } = new int[4];

        public int ViewerState { get; private set; }

        public int Rejections { get; private set; }

        public CircuitMode RejectedIn { get; private set; }

        public void Tell(CallCompletedEventArgs call)
        {
            ViewerState++;
            Ends[(int)call.Outcome]++;
        }

        public void Tell(CallRejectedEventArgs rejection)
        {
            Rejections++;
            RejectedIn = rejection.Mode;
        }
    }
}
