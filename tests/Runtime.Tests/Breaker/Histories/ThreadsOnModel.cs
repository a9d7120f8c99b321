namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>
/// Plays a parallel history on the model, one moment after the other in a given order, and compares the result of each
/// step with the one that the thread got.
/// </summary>
/// <remarks>
/// A step has up to three moments. It reads the clock or the settings, if another thread changes them. It takes effect.
/// If that was a transition, or a change of settings, the epoch is published or refreshed. Between the last two an open
/// circuit rejects, the probes of a half-open one are in flight, and another transition waits.
/// </remarks>
internal sealed class ThreadsOnModel
{
    private readonly ParallelHistory _history;
    private readonly StepResult[][] _results;
    private readonly CircuitModel _model;
    private readonly ModelTicket?[] _tickets = new ModelTicket?[ParallelHistory.Tickets];
    private readonly Thread[] _threads;
    private HistorySettings _settings;
    private long _now;

    private ThreadsOnModel(ParallelHistory history, StepResult[][] results)
    {
        _history = history;
        _results = results;
        _threads = [.. history.Threads.Select(static _ => new Thread())];
        _model = new CircuitModel(history.Settings, history.HasHandler);
        history.Begin(_model.SetState, time => _model.Now += time.Ticks, ticket => _tickets[ticket] = _model.Enter());
        _settings = history.Settings;
        _now = _model.Now;
    }

    private enum Moment
    {
        Read,
        Act,
        Settle,
    }

    private ThreadsResult Result => new(
        _model.State,
        _model.Mode,
        _model.Failures,
        _model.Successes,
        _model.RetryAfter,
        _model.Stale,
        _model.Rejected,
        _model.Completed,
        ThreadsResult.Path(_model.Changes),
        ThreadsResult.EnterNextCalls(() => GetStepResult(_model.Enter())));

    /// <summary>
    /// Whether some order of the moments explains the results of the threads, and the result at the end.
    /// </summary>
    public static bool Explains(ParallelHistory history, StepResult[][] results, ThreadsResult seen) => Explains(history, results, seen, []);

    private static bool Explains(ParallelHistory history, StepResult[][] results, ThreadsResult seen, int[] order)
    {
        var model = new ThreadsOnModel(history, results);
        if (!Array.TrueForAll(order, model.TryStep))
        {
            return false;
        }

        var ahead = Enumerable.Range(0, history.Threads.Length).Where(model.HasMore).ToList();

        // Orders in which no step interrupts another come first: most often they explain it.
        return ahead.Count == 0
            ? model.Result == seen
            : ahead.OrderBy(thread => order.Length > 0 && thread != order[^1]).Any(thread => Explains(history, results, seen, [.. order, thread]));
    }

    private bool HasMore(int thread) => _threads[thread].Step < _results[thread].Length;

    /// <summary>Plays the next moment of a thread; false if it is not possible, or has another result.</summary>
    private bool TryStep(int number)
    {
        var thread = _threads[number];
        var step = _history.Threads[number][thread.Step];
        switch (thread.Moment)
        {
            case Moment.Read:
                (thread.Now, thread.Settings) = (_now, _settings);
                thread.Moment = Moment.Act;

                // What no thread changes may be read when it is used.
                return TrySettle(step, thread) && (_history.HasUpdatesOrWaits || TryStep(number));

            case Moment.Act:
                var generation = _model.Generation;
                var changes = _model.IsChanging;
                (_model.Now, _model.Settings) = (thread.Now, thread.Settings);
                var result = Play(step, thread);
                (_model.Now, _model.Settings) = (_now, _settings);
                var moved = _model.Generation != generation;
                _model.IsChanging |= moved;
                if (moved || step is Step.Update)
                {
                    thread.Moment = Moment.Settle;
                    thread.IsChanging = moved;
                }
                else
                {
                    thread.Next();
                }

                return result == _results[number][thread.ResultIndex++] && !(moved && changes);

            default:
                _model.Refresh();
                _model.IsChanging &= !thread.IsChanging;
                thread.Next();
                return true;
        }
    }

    /// <summary>
    /// The outcome of a probe, except a failure, stops the lease when it reads the clock. Another outcome of the same
    /// ticket waits.
    /// </summary>
    private bool TrySettle(Step step, Thread thread)
    {
        var (ticket, outcome) = step switch
        {
            ParallelHistory.CompleteFirst own when thread.Entered.TryPeek(out var first) => (first, own.Outcome),
            Step.Complete complete => (_tickets[complete.Back], complete.Outcome),
            _ => default,
        };
        if (ticket is not { IsProbe: true, IsCompleted: false } || outcome == CallOutcome.Failure)
        {
            return true;
        }

        var waits = ticket.IsSettled;
        ticket.IsSettled = _model.WouldCount(ticket);
        return !waits;
    }

    private StepResult Play(Step step, Thread thread)
    {
        switch (step)
        {
            case Step.Enter:
                var ticket = _model.Enter();
                if (ticket is not null)
                {
                    thread.Entered.Enqueue(ticket);
                }

                return GetStepResult(ticket);

            case ParallelHistory.CompleteFirst own when thread.Entered.TryDequeue(out var first):
                return Complete(first, own.Outcome);

            case Step.Complete complete when _tickets[complete.Back] is { } shared:
                shared.IsCompleted &= shared.IsProbe;
                return Complete(shared, complete.Outcome);

            case Step.SetState change:
                _model.SetState(change.State);
                break;

            case Step.SetMode change:
                _model.SetMode(change.Mode);
                break;

            case Step.Update update:
                _settings = update.Settings;
                break;

            case Step.Wait pause:
                _now += pause.Time.Ticks;
                break;
        }

        return StepResult.Nothing;
    }

    private StepResult Complete(ModelTicket ticket, CallOutcome outcome) => _model.Complete(ticket, outcome, failure: null) ? StepResult.Opened : StepResult.Nothing;

    private static StepResult GetStepResult(ModelTicket? ticket)
        => ticket is null ? StepResult.Rejected : ticket.IsUncounted ? StepResult.Uncounted : ticket.IsProbe ? StepResult.Probe : StepResult.Call;

    /// <summary>The progress of a thread.</summary>
    private sealed class Thread
    {
        public Queue<ModelTicket> Entered { get; } = [];

        public int Step { get; private set; }

        public int ResultIndex { get; set; }

        public Moment Moment { get; set; }

        public long Now { get; set; }

        public HistorySettings Settings { get; set; } = null!;

        public bool IsChanging { get; set; }

        public void Next()
        {
            Step++;
            Moment = Moment.Read;
        }
    }
}
