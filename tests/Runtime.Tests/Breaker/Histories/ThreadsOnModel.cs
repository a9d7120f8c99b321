namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>
/// Plays what threads do on the model, one moment after the other in a given order, and checks each step's answer against the one that
/// the thread got.
/// </summary>
/// <remarks>
/// A step has up to three moments. It looks at the clock or at the settings, where another thread changes them; it takes effect; and
/// where that was a change of state, or of settings, what is known beside the word is brought up to it. Between the last two an open
/// circuit rejects, a half-open one is busy, and another change of state waits.
/// </remarks>
internal sealed class ThreadsOnModel
{
    private readonly ParallelHistory _history;
    private readonly Answer[][] _answers;
    private readonly CircuitModel _model;
    private readonly ModelTicket?[] _tickets = new ModelTicket?[ParallelHistory.Tickets];
    private readonly Thread[] _threads;
    private HistorySettings _settings;
    private long _now;

    private ThreadsOnModel(ParallelHistory history, Answer[][] answers)
    {
        _history = history;
        _answers = answers;
        _threads = [.. history.Threads.Select(static _ => new Thread())];
        _model = new CircuitModel(history.Settings, history.IsListening);
        history.Begin(_model.Steer, time => _model.Now += time.Ticks, ticket => _tickets[ticket] = _model.Enter());
        _settings = history.Settings;
        _now = _model.Now;
    }

    private enum Moment
    {
        Look,
        Act,
        Settle,
    }

    private AfterThreads Seen => new(
        _model.State,
        _model.Mode,
        _model.Failures,
        _model.Successes,
        _model.RetryAfter,
        _model.Stale,
        _model.Rejected,
        _model.Finished,
        AfterThreads.Path(_model.Changes),
        AfterThreads.ThenCall(() => AnswerOf(_model.Enter())));

    /// <summary>Whether some order of the moments explains what the threads were answered, and what is to be seen in the end.</summary>
    public static bool Explains(ParallelHistory history, Answer[][] answers, AfterThreads seen) => Explains(history, answers, seen, []);

    private static bool Explains(ParallelHistory history, Answer[][] answers, AfterThreads seen, int[] order)
    {
        var model = new ThreadsOnModel(history, answers);
        if (!Array.TrueForAll(order, model.TryStep))
        {
            return false;
        }

        var ahead = Enumerable.Range(0, history.Threads.Length).Where(model.HasMore).ToList();

        // Steps of which none interrupts another come first: most often they explain it.
        return ahead.Count == 0
            ? model.Seen == seen
            : ahead.OrderBy(thread => order.Length > 0 && thread != order[^1]).Any(thread => Explains(history, answers, seen, [.. order, thread]));
    }

    private bool HasMore(int thread) => _threads[thread].Step < _answers[thread].Length;

    /// <summary>The next moment of a thread; false where it cannot be, or does not answer as it did.</summary>
    private bool TryStep(int number)
    {
        var thread = _threads[number];
        var step = _history.Threads[number][thread.Step];
        switch (thread.Moment)
        {
            case Moment.Look:
                (thread.Now, thread.Settings) = (_now, _settings);
                thread.Moment = Moment.Act;

                // What nobody changes may be looked at when it is used.
                return TrySettle(step, thread) && (_history.Moves || TryStep(number));

            case Moment.Act:
                var generation = _model.Generation;
                var changes = _model.IsChanging;
                (_model.Now, _model.Settings) = (thread.Now, thread.Settings);
                var answer = Play(step, thread);
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

                return answer == _answers[number][thread.Answered++] && !(moved && changes);

            default:
                _model.Refresh();
                _model.IsChanging &= !thread.IsChanging;
                thread.Next();
                return true;
        }
    }

    /// <summary>A probe's verdict, unless it is a failure, stops the lease when it looks at the clock. Another verdict on the same ticket waits.</summary>
    private bool TrySettle(Step step, Thread thread)
    {
        var (ticket, outcome) = step switch
        {
            ParallelHistory.Last last when thread.Entered.TryPeek(out var first) => (first, last.Outcome),
            Step.Complete complete => (_tickets[complete.Back], complete.Outcome),
            _ => default,
        };
        if (ticket is not { IsProbe: true, IsCompleted: false } || outcome == CallOutcome.Failure)
        {
            return true;
        }

        var waits = ticket.IsSettled;
        ticket.IsSettled = _model.Holds(ticket);
        return !waits;
    }

    private Answer Play(Step step, Thread thread)
    {
        switch (step)
        {
            case Step.Enter:
                var ticket = _model.Enter();
                if (ticket is not null)
                {
                    thread.Entered.Enqueue(ticket);
                }

                return AnswerOf(ticket);

            case ParallelHistory.Last last when thread.Entered.TryDequeue(out var first):
                return Complete(first, last.Outcome);

            case Step.Complete complete when _tickets[complete.Back] is { } shared:
                shared.IsCompleted &= shared.IsProbe;
                return Complete(shared, complete.Outcome);

            case Step.Steer steer:
                _model.Steer(steer.State);
                break;

            case Step.Turn turn:
                _model.Turn(turn.Mode);
                break;

            case Step.Update update:
                _settings = update.Settings;
                break;

            case Step.Wait pause:
                _now += pause.Time.Ticks;
                break;
        }

        return Answer.Nothing;
    }

    private Answer Complete(ModelTicket ticket, CallOutcome outcome) => _model.Complete(ticket, outcome, failure: null) ? Answer.Opened : Answer.Nothing;

    private static Answer AnswerOf(ModelTicket? ticket)
        => ticket is null ? Answer.Rejected : ticket.IsBlank ? Answer.Unwatched : ticket.IsProbe ? Answer.Probe : Answer.Call;

    /// <summary>How far a thread has come.</summary>
    private sealed class Thread
    {
        public Queue<ModelTicket> Entered { get; } = [];

        public int Step { get; private set; }

        public int Answered { get; set; }

        public Moment Moment { get; set; }

        public long Now { get; set; }

        public HistorySettings Settings { get; set; } = null!;

        public bool IsChanging { get; set; }

        public void Next()
        {
            Step++;
            Moment = Moment.Look;
        }
    }
}
