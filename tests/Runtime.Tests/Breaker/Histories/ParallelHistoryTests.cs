using CsCheck;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>
/// Steps that run on threads at once end as if they had run one after the other, in some order: linearizable, against the model.
/// </summary>
/// <remarks>
/// Time stands still while they run, and what is only nearly so by design is left out: a ratio counts the calls of threads whose
/// verdicts have not taken effect yet, and in the instant between the two writes of a transition, by hand or to another mode, an open
/// circuit rejects and a half-open one is busy.
/// </remarks>
public sealed class ParallelHistoryTests
{
    private const int Tickets = 3;

    private static readonly Gen<Start> AnyStart =
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 2], Gen.Bool, Gen.Enum<Beginning>(), static (failMax, threshold, listening, beginning)
            => new Start(new HistorySettings(failMax, threshold, MaxProbes: 1, HistoryRatio.Off, false, false, false), listening, beginning));

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
    public void StepsOnThreadsEndAsIfTheyHadFollowedOneAnother()
    {
        var verdict = Gen.Select(Gen.Int[0, Tickets - 1], Gen.Enum<CallOutcome>());

        AnyStart.Select(static start => (new OnCircuit(start), new OnModel(start))).SampleParallel(
            verdict.Operation<OnCircuit, OnModel>(
                static (circuit, verdict) => circuit.Complete(verdict.Item1, verdict.Item2),
                static (model, verdict) => model.Complete(verdict.Item1, verdict.Item2)),
            verdict.Operation<OnCircuit, OnModel>(
                static (circuit, verdict) => circuit.Complete(verdict.Item1, verdict.Item2),
                static (model, verdict) => model.Complete(verdict.Item1, verdict.Item2)),
            Gen.Operation<OnCircuit, OnModel>(static circuit => circuit.Enter(), static model => model.Enter()),
            Gen.Operation<OnCircuit, OnModel>(static circuit => circuit.Breaker.Open(), static model => model.Model.Open()),
            Gen.Operation<OnCircuit, OnModel>(static circuit => circuit.Breaker.Close(), static model => model.Model.Close()),
            Gen.Operation<OnCircuit, OnModel>(static circuit => circuit.Breaker.Isolate(), static model => model.Model.Turn(CircuitMode.Isolated)),
            equal: static (circuit, model) => circuit.Seen == model.Seen,
            maxParallelOperations: 4,
            iter: TestRun.Times(quick: 300, @long: 20_000),
            printActual: static circuit => circuit.ToString(),
            printModel: static model => model.ToString());
    }

    private sealed record Start(HistorySettings Settings, bool IsListening, Beginning Beginning);

    /// <summary>All that can be seen when the threads are through.</summary>
    private sealed record Seen(
        CircuitState State, CircuitMode Mode, int Failures, int Successes, long Stale, int Admitted, int Probes, int Opened, int Finished, string Changes);

    private sealed class OnCircuit
    {
        private readonly ManualClock _clock = new() { Timestamp = History.Start };
        private readonly List<CircuitStateChange> _changes = [];
        private readonly CallTicket[] _tickets = new CallTicket[Tickets];
        private int _admitted;
        private int _probes;
        private int _opened;
        private int _finished;

        public OnCircuit(Start start)
        {
            Breaker = new CircuitBreaker(start.Settings.ToOptions(_clock));
            if (start.IsListening)
            {
                Breaker.CallFinished += (_, _) => Interlocked.Increment(ref _finished);
            }

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

        public Seen Seen => new(
            Breaker.State, Breaker.Mode, Breaker.FailureCount, Breaker.SuccessCount, Breaker.StaleVerdicts, _admitted, _probes, _opened, _finished, Path(_changes));

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
            Interlocked.Add(ref _opened, ticket.Complete(outcome) ? 1 : 0);
        }

        public override string ToString() => Seen.ToString();
    }

    private sealed class OnModel
    {
        private readonly ModelTicket?[] _tickets = new ModelTicket?[Tickets];
        private int _admitted;
        private int _probes;
        private int _opened;

        public OnModel(Start start)
        {
            Model = new CircuitModel(start.Settings, start.IsListening);
            Begin(start.Beginning, Model.Open, Model.HalfOpen, time => Model.Now += time.Ticks, ticket => _tickets[ticket] = Model.Enter());
        }

        public CircuitModel Model { get; }

        public Seen Seen => new(
            Model.State, Model.Mode, Model.Failures, Model.Successes, Model.Stale, _admitted, _probes, _opened, Model.Finished, Path(Model.Changes));

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

        public override string ToString() => Seen.ToString();
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
                break;

            case Beginning.ProbeLost:
                enter(0);
                halfOpen();
                enter(1);
                wait(HistorySettings.ProbeTimeout);
                break;

            default:
                enter(0);
                enter(1);
                enter(2);
                break;
        }
    }

    /// <summary>The changes in the order of their generations.</summary>
    private static string Path(IEnumerable<CircuitStateChange> changes)
        => string.Join(' ', changes.OrderBy(static change => change.Generation).Select(static change => $"{change.From}-{change.Reason}-{change.To}"));
}
