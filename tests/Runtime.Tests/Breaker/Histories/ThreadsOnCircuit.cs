namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>Plays a parallel history on a circuit breaker, on threads that start together.</summary>
internal sealed class ThreadsOnCircuit
{
    private readonly ParallelHistory _history;
    private readonly DelayedClock _clock = new();
    private readonly CircuitBreaker _breaker;
    private readonly List<CircuitStateChangedEventArgs> _changes = [];
    private readonly CallTicket[] _tickets = new CallTicket[ParallelHistory.Tickets];
    private readonly Lock[] _probeLocks = [.. Enumerable.Range(0, ParallelHistory.Tickets).Select(static _ => new Lock())];
    private int _rejected;
    private int _completed;
    private int _notStarted;

    public ThreadsOnCircuit(ParallelHistory history)
    {
        _history = history;
        _notStarted = history.Threads.Length;
        Results = [.. history.Threads.Select(static steps => new StepResult[steps.Length])];
        _breaker = new CircuitBreaker(Options(history.Settings));
        if (history.HasHandler)
        {
            _breaker.CallCompleted += (_, _) => Interlocked.Increment(ref _completed);
        }

        _breaker.CallRejected += (_, _) => Interlocked.Increment(ref _rejected);
        _breaker.StateChanged += (_, change) =>
        {
            lock (_changes)
            {
                _changes.Add(change);
            }
        };
        history.Begin(_breaker.SetState, Wait, ticket => _breaker.TryEnter(out _tickets[ticket]));
    }

    public StepResult[][] Results { get; }

    /// <summary>Plays the steps of one thread.</summary>
    public void Run(int thread)
    {
        Interlocked.Decrement(ref _notStarted);
        SpinWait.SpinUntil(() => Volatile.Read(ref _notStarted) <= 0);
        var entered = new Queue<CallTicket>();
        for (var step = 0; step < Results[thread].Length; step++)
        {
            SpinRandomly();
            Results[thread][step] = Play(_history.Threads[thread][step], entered);
        }
    }

    /// <summary>Gets the result after the threads have ended. Call it once: it enters further calls.</summary>
    public ThreadsResult GetResult() => new(
        _breaker.State,
        _breaker.Mode,
        _breaker.FailureCount,
        _breaker.SuccessCount,
        _breaker.RetryAfter?.Ticks,
        _breaker.StaleOutcomeCount,
        _rejected,
        _completed,
        ThreadsResult.Path(_changes),
        ThreadsResult.EnterNextCalls(() => Enter(out _)));

    private StepResult Play(Step step, Queue<CallTicket> entered)
    {
        switch (step)
        {
            case Step.Enter:
                var result = Enter(out var ticket);
                if (result != StepResult.Rejected)
                {
                    entered.Enqueue(ticket);
                }

                return result;

            case ParallelHistory.CompleteFirst own when entered.TryDequeue(out var first):
                return Opened(first.Complete(own.Outcome));

            case Step.Complete complete:
                return Complete(complete.Back, complete.Outcome);

            case Step.SetState change:
                _breaker.SetState(change.State);
                break;

            case Step.SetMode change:
                _breaker.SetMode(change.Mode);
                break;

            case Step.Update update:
                _breaker.Update(Options(update.Settings));
                break;

            case Step.Wait pause:
                Wait(pause.Time);
                break;
        }

        return StepResult.Nothing;
    }

    private StepResult Enter(out CallTicket ticket)
        => !_breaker.TryEnter(out ticket) ? StepResult.Rejected
            : ticket.CircuitBreaker is null ? StepResult.Uncounted
            : ticket.IsProbe ? StepResult.Probe
            : StepResult.Call;

    private StepResult Complete(int index, CallOutcome outcome)
    {
        // A copy: each outcome of an ordinary call counts, but only one of a probe.
        var ticket = _tickets[index];
        if (!ticket.IsProbe)
        {
            return Opened(ticket.Complete(outcome));
        }

        lock (_probeLocks[index])
        {
            return Opened(ticket.Complete(outcome));
        }
    }

    private void Wait(TimeSpan time) => _clock.Advance(time.Ticks);

    private static StepResult Opened(bool opened) => opened ? StepResult.Opened : StepResult.Nothing;

    private CircuitBreakerOptions Options(HistorySettings settings) => settings.ToOptions(_clock) with { ResetTimeoutGenerator = ReturnZero };

    private static TimeSpan ReturnZero(int attempt, Exception? failure)
    {
        SpinRandomly();
        return TimeSpan.Zero;
    }

    /// <summary>Spins for a random time, so that threads interleave differently.</summary>
    private static void SpinRandomly() => Thread.SpinWait(Random.Shared.Next(50));

    /// <summary>A clock whose timestamp is old when the caller gets it.</summary>
    private sealed class DelayedClock : TimeProvider
    {
        private long _timestamp = History.Start;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            var now = Volatile.Read(ref _timestamp);
            SpinRandomly();
            return now;
        }

        public void Advance(long ticks) => Interlocked.Add(ref _timestamp, ticks);
    }
}
