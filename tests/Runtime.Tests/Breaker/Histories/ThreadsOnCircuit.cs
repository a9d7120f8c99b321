namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>Plays what threads do on a circuit: on real threads, which begin together.</summary>
internal sealed class ThreadsOnCircuit
{
    private readonly ParallelHistory _history;
    private readonly DawdlingClock _clock = new();
    private readonly CircuitBreaker _breaker;
    private readonly List<CircuitStateChangedEventArgs> _changes = [];
    private readonly CallTicket[] _tickets = new CallTicket[ParallelHistory.Tickets];
    private readonly Lock[] _probeVerdicts = [.. Enumerable.Range(0, ParallelHistory.Tickets).Select(static _ => new Lock())];
    private int _rejected;
    private int _finished;
    private int _missing;

    public ThreadsOnCircuit(ParallelHistory history)
    {
        _history = history;
        _missing = history.Threads.Length;
        Answers = [.. history.Threads.Select(static steps => new Answer[steps.Length])];
        _breaker = new CircuitBreaker(Options(history.Settings));
        if (history.IsListening)
        {
            _breaker.CallCompleted += (_, _) => Interlocked.Increment(ref _finished);
        }

        _breaker.CallRejected += (_, _) => Interlocked.Increment(ref _rejected);
        _breaker.StateChanged += (_, change) =>
        {
            lock (_changes)
            {
                _changes.Add(change);
            }
        };
        history.Begin(_breaker.Steer, Wait, ticket => _breaker.TryEnter(out _tickets[ticket]));
    }

    public Answer[][] Answers { get; }

    /// <summary>What one thread does.</summary>
    public void Run(int thread)
    {
        Interlocked.Decrement(ref _missing);
        SpinWait.SpinUntil(() => Volatile.Read(ref _missing) <= 0);
        var entered = new Queue<CallTicket>();
        for (var step = 0; step < Answers[thread].Length; step++)
        {
            Dawdle();
            Answers[thread][step] = Play(_history.Threads[thread][step], entered);
        }
    }

    /// <summary>To be looked at once, when the threads are through: it lets further calls enter.</summary>
    public AfterThreads Look() => new(
        _breaker.State,
        _breaker.Mode,
        _breaker.FailureCount,
        _breaker.SuccessCount,
        _breaker.RetryAfter?.Ticks,
        _breaker.StaleOutcomeCount,
        _rejected,
        _finished,
        AfterThreads.Path(_changes),
        AfterThreads.ThenCall(() => Enter(out _)));

    private Answer Play(Step step, Queue<CallTicket> entered)
    {
        switch (step)
        {
            case Step.Enter:
                var answer = Enter(out var ticket);
                if (answer != Answer.Rejected)
                {
                    entered.Enqueue(ticket);
                }

                return answer;

            case ParallelHistory.Last last when entered.TryDequeue(out var first):
                return Opened(first.Complete(last.Outcome));

            case Step.Complete complete:
                return Complete(complete.Back, complete.Outcome);

            case Step.Steer steer:
                _breaker.Steer(steer.State);
                break;

            case Step.Turn turn:
                _breaker.Turn(turn.Mode);
                break;

            case Step.Update update:
                _breaker.Update(Options(update.Settings));
                break;

            case Step.Wait pause:
                Wait(pause.Time);
                break;
        }

        return Answer.Nothing;
    }

    private Answer Enter(out CallTicket ticket)
        => !_breaker.TryEnter(out ticket) ? Answer.Rejected
            : ticket.CircuitBreaker is null ? Answer.Unwatched
            : ticket.IsProbe ? Answer.Probe
            : Answer.Call;

    private Answer Complete(int which, CallOutcome outcome)
    {
        // A copy: the verdicts of an ordinary call count each, those of a probe once.
        var ticket = _tickets[which];
        if (!ticket.IsProbe)
        {
            return Opened(ticket.Complete(outcome));
        }

        lock (_probeVerdicts[which])
        {
            return Opened(ticket.Complete(outcome));
        }
    }

    private void Wait(TimeSpan time) => _clock.Advance(time.Ticks);

    private static Answer Opened(bool opened) => opened ? Answer.Opened : Answer.Nothing;

    private CircuitBreakerOptions Options(HistorySettings settings) => settings.ToOptions(_clock) with { ResetTimeoutGenerator = LeavesItToTheSettings };

    private static TimeSpan LeavesItToTheSettings(int attempt, Exception? failure)
    {
        Dawdle();
        return TimeSpan.Zero;
    }

    /// <summary>Lets other threads in between two instructions: now sooner, now later.</summary>
    private static void Dawdle() => Thread.SpinWait(Random.Shared.Next(50));

    /// <summary>A clock whose answer is old when it arrives.</summary>
    private sealed class DawdlingClock : TimeProvider
    {
        private long _timestamp = History.Start;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            var now = Volatile.Read(ref _timestamp);
            Dawdle();
            return now;
        }

        public void Advance(long ticks) => Interlocked.Add(ref _timestamp, ticks);
    }
}
