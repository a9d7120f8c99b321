using CsCheck;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>
/// Steps that run on threads at once end as if they had run one after the other, in some order: linearizable, against the model.
/// </summary>
/// <remarks>
/// <para>
/// Time stands still while they run, and what is only nearly so by design is left out: a ratio counts the calls of threads whose
/// verdicts have not taken effect yet, and a transition is two writes, first the word and then the period. In the instant between them
/// an open circuit rejects and a half-open one is busy, whatever its period is about to say.
/// </para>
/// <para>
/// So a call that meets <c>HalfOpen()</c> may be rejected although a probe is free, and one that meets <c>Shadow()</c> may miss the
/// probe that was free or due: who steers so is not met by calls here, and the calls that come next tell what it led to. Beside the
/// call that finds a probe due, another one is rejected although there are places left: such circuits have one place.
/// </para>
/// <para>
/// The verdicts of one probe wait for one another here: a second one is found out before the first has taken effect, which shows when
/// the state ends in between. <see cref="ConcurrencyTests.OfTwoVerdictsOfAProbeOneCounts"/> races them.
/// </para>
/// </remarks>
public sealed class ParallelHistoryTests
{
    private const int Tickets = 3;
    private const int MostProbes = 3;

    private const char Rejected = '-';
    private const char Probe = 'p';
    private const char Call = 'c';
    private const char Unwatched = 'u';

    private static readonly Gen<(int Ticket, CallOutcome Outcome)> AnyVerdict = Gen.Select(Gen.Int[0, Tickets - 1], Gen.Enum<CallOutcome>());

    private static readonly GenOperation<OnCircuit, OnModel> Verdict = AnyVerdict.Operation<OnCircuit, OnModel>(
        static (circuit, verdict) => circuit.Complete(verdict.Ticket, verdict.Outcome),
        static (model, verdict) => model.Complete(verdict.Ticket, verdict.Outcome));

    private static readonly GenOperation<OnCircuit, OnModel> Enter = Step(static circuit => circuit.Enter(), static model => model.Enter());
    private static readonly GenOperation<OnCircuit, OnModel> Open = Step(static circuit => circuit.Breaker.Open(), static model => model.Model.Steer(CircuitState.Open));
    private static readonly GenOperation<OnCircuit, OnModel> Close = Step(static circuit => circuit.Breaker.Close(), static model => model.Model.Steer(CircuitState.Closed));
    private static readonly GenOperation<OnCircuit, OnModel> HalfOpen = Step(static circuit => circuit.Breaker.HalfOpen(), static model => model.Model.Steer(CircuitState.HalfOpen));
    private static readonly GenOperation<OnCircuit, OnModel> Isolate = Step(static circuit => circuit.Breaker.Isolate(), static model => model.Model.Turn(CircuitMode.Isolated));
    private static readonly GenOperation<OnCircuit, OnModel> Disable = Step(static circuit => circuit.Breaker.Disable(), static model => model.Model.Turn(CircuitMode.Disabled));
    private static readonly GenOperation<OnCircuit, OnModel> Shadow = Step(static circuit => circuit.Breaker.Shadow(), static model => model.Model.Turn(CircuitMode.Shadow));
    private static readonly GenOperation<OnCircuit, OnModel> Resume = Step(static circuit => circuit.Breaker.Resume(), static model => model.Model.Turn(CircuitMode.Auto));

    /// <summary>How the circuit stands when the threads come.</summary>
    private enum Beginning
    {
        Closed,
        Open,
        Due,
        HalfOpen,
        Probing,
        ProbeLost,
    }

    [Fact]
    public void CallsAndHandsEndAsIfTheyHadFollowedOneAnother()
        => Check(Enum.GetValues<Beginning>(), Verdict, Verdict, Enter, Enter, Open, Close, Isolate, Disable, Resume);

    [Fact]
    public void CallsThatAShadowFallsOnEndAsIfTheyHadFollowedOneAnother()
        => Check([Beginning.Closed, Beginning.Open], Verdict, Verdict, Enter, Enter, Open, Close, Isolate, Disable, Shadow, Resume);

    [Fact]
    public void VerdictsAndEveryHandEndAsIfTheyHadFollowedOneAnother()
        => Check(
            Enum.GetValues<Beginning>(),
            Verdict, Verdict, Verdict, Open, Close, HalfOpen, HalfOpen, Isolate, Disable, Shadow, Resume);

    private static void Check(Beginning[] beginnings, params GenOperation<OnCircuit, OnModel>[] steps)
        => Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[1, MostProbes], Gen.Bool, Gen.Int[0, beginnings.Length - 1].Select(which => beginnings[which]))
            .Select(static (failMax, threshold, probes, listening, beginning) => new Start(
                new HistorySettings(failMax, threshold, beginning == Beginning.Due ? 1 : probes, HistoryRatio.Off, false, false, false, false), listening, beginning))
            .Select(static start => (new OnCircuit(start), new OnModel(start)))
            .SampleParallel(
                steps,
                equal: static (circuit, model) => circuit.Seen == model.Seen,
                maxParallelOperations: 4,
                iter: TestRun.Times(quick: 150, @long: 5_000),
                printActual: static circuit => circuit.ToString(),
                printModel: static model => model.ToString());

    private static GenOperation<OnCircuit, OnModel> Step(Action<OnCircuit> onCircuit, Action<OnModel> onModel)
        => Gen.Operation(onCircuit, onModel);

    private sealed record Start(HistorySettings Settings, bool IsListening, Beginning Beginning);

    /// <summary>All that can be seen when the threads are through, and what becomes of the calls that come next.</summary>
    private sealed record Seen(
        CircuitState State,
        CircuitMode Mode,
        int Failures,
        int Successes,
        long? RetryAfter,
        long Stale,
        int Admitted,
        int Probes,
        int Rejected,
        int Opened,
        int Finished,
        string Changes,
        string NextCalls = "");

    private sealed class OnCircuit
    {
        private readonly ManualClock _clock = new() { Timestamp = History.Start };
        private readonly List<CircuitStateChange> _changes = [];
        private readonly CallTicket[] _tickets = new CallTicket[Tickets];
        private readonly Lock[] _probeVerdicts = [.. Enumerable.Range(0, Tickets).Select(static _ => new Lock())];
        private readonly Lazy<Seen> _seen;
        private int _admitted;
        private int _probes;
        private int _rejected;
        private int _opened;
        private int _finished;

        public OnCircuit(Start start)
        {
            _seen = new Lazy<Seen>(() => Now with { NextCalls = ThenCall(Next) });
            Breaker = new CircuitBreaker(start.Settings.ToOptions(_clock));
            if (start.IsListening)
            {
                Breaker.CallFinished += (_, _) => Interlocked.Increment(ref _finished);
            }

            Breaker.CallRejected += (_, _) => Interlocked.Increment(ref _rejected);
            Breaker.StateChanged += (_, change) =>
            {
                lock (_changes)
                {
                    _changes.Add(change);
                }
            };
            Begin(start.Beginning, Breaker.Open, Breaker.HalfOpen, time => _clock.Timestamp += time.Ticks, ticket => Breaker.TryEnter(out _tickets[ticket]));
        }

        public CircuitBreaker Breaker { get; }

        /// <summary>Looked at once, when the threads are through: to let further calls enter changes it.</summary>
        public Seen Seen => _seen.Value;

        private Seen Now => new(
            Breaker.State,
            Breaker.Mode,
            Breaker.FailureCount,
            Breaker.SuccessCount,
            Breaker.RetryAfter?.Ticks,
            Breaker.StaleVerdicts,
            _admitted,
            _probes,
            _rejected,
            _opened,
            _finished,
            Path(_changes));

        public void Enter()
        {
            if (Breaker.TryEnter(out var ticket))
            {
                Interlocked.Increment(ref _admitted);
                Interlocked.Add(ref _probes, ticket.IsProbe ? 1 : 0);
            }
        }

        public void Complete(int which, CallOutcome outcome)
        {
            // A copy: the verdicts of an ordinary call count each, those of a probe once.
            var ticket = _tickets[which];
            if (ticket.IsProbe)
            {
                lock (_probeVerdicts[which])
                {
                    Give();
                }
            }
            else
            {
                Give();
            }

            void Give() => Interlocked.Add(ref _opened, ticket.Complete(outcome) ? 1 : 0);
        }

        public override string ToString() => Now.ToString();

        private char Next() => !Breaker.TryEnter(out var ticket) ? Rejected : ticket.Breaker is null ? Unwatched : ticket.IsProbe ? Probe : Call;
    }

    private sealed class OnModel
    {
        private readonly ModelTicket?[] _tickets = new ModelTicket?[Tickets];
        private readonly Lazy<Seen> _seen;
        private int _admitted;
        private int _probes;
        private int _opened;

        public OnModel(Start start)
        {
            _seen = new Lazy<Seen>(() => Now with { NextCalls = ThenCall(Next) });
            Model = new CircuitModel(start.Settings, start.IsListening);
            Begin(start.Beginning, () => Model.Steer(CircuitState.Open), () => Model.Steer(CircuitState.HalfOpen), time => Model.Now += time.Ticks, ticket => _tickets[ticket] = Model.Enter());
        }

        public CircuitModel Model { get; }

        public Seen Seen => _seen.Value;

        private Seen Now => new(
            Model.State,
            Model.Mode,
            Model.Failures,
            Model.Successes,
            Model.RetryAfter,
            Model.Stale,
            _admitted,
            _probes,
            Model.Rejected,
            _opened,
            Model.Finished,
            Path(Model.Changes));

        public void Enter()
        {
            if (Model.Enter() is { } ticket)
            {
                _admitted++;
                _probes += ticket.IsProbe ? 1 : 0;
            }
        }

        public void Complete(int which, CallOutcome outcome)
        {
            if (_tickets[which] is { } ticket)
            {
                ticket.IsCompleted &= ticket.IsProbe;
                _opened += Model.Complete(ticket, outcome, failure: null) ? 1 : 0;
            }
        }

        public override string ToString() => Now.ToString();

        private char Next() => Model.Enter() is not { } ticket ? Rejected : ticket.IsBlank ? Unwatched : ticket.IsProbe ? Probe : Call;
    }

    private static void Begin(Beginning beginning, Action open, Action halfOpen, Action<TimeSpan> wait, Action<int> enter)
    {
        switch (beginning)
        {
            case Beginning.Open:
                enter(0);
                open();
                break;

            case Beginning.Due:
                enter(0);
                open();
                wait(HistorySettings.ResetTimeout);
                break;

            case Beginning.HalfOpen:
                enter(0);
                halfOpen();
                break;

            case Beginning.Probing:
                enter(0);
                halfOpen();
                enter(1);
                enter(2);
                break;

            case Beginning.ProbeLost:
                enter(0);
                halfOpen();
                enter(1);
                enter(2);
                wait(HistorySettings.ProbeTimeout);
                break;

            default:
                enter(0);
                enter(1);
                enter(2);
                break;
        }
    }

    /// <summary>One call more than can probe, a letter each.</summary>
    private static string ThenCall(Func<char> call) => string.Concat(Enumerable.Range(0, MostProbes + 1).Select(_ => call()));

    /// <summary>The changes in the order of their generations.</summary>
    private static string Path(IEnumerable<CircuitStateChange> changes)
        => string.Join(' ', changes.OrderBy(static change => change.Generation).Select(static change => $"{change.From}-{change.Reason}-{change.To}"));
}
