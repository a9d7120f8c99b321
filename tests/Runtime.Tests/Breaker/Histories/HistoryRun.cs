namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>
/// Plays a history on a circuit breaker and on the model, and compares everything observable after each step.
/// </summary>
internal sealed class HistoryRun
{
    /// <summary>The time after which another thread counts as hanging. No test passes because of it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly ManualClock _clock = new() { Timestamp = History.Start };
    private readonly CircuitBreaker _breaker;
    private readonly CircuitModel _model;
    private readonly List<(CallTicket Circuit, ModelTicket Model)> _tickets = [];
    private readonly List<CircuitStateChangedEventArgs> _changes = [];
    private readonly Invariants _invariants;
    private readonly bool _isListening;
    private HistorySettings _settings;
    private int _completed;
    private int _rejected;
    private int _failures;

    private HistoryRun(History history)
    {
        _settings = history.Settings;
        _breaker = new CircuitBreaker(history.Settings.ToOptions(_clock));
        _model = new CircuitModel(history.Settings, history.HasHandler);
        _invariants = new Invariants(_breaker, _changes);
        _isListening = history.HasHandler;
        _breaker.StateChanged += (_, change) =>
        {
            _changes.Add(change);
            throw new NotSupportedException("a broken handler");
        };
        _breaker.CallRejected += (_, _) =>
        {
            _rejected++;
            throw new NotSupportedException("a broken handler");
        };
        _breaker.CallbackFailed += static (_, thrown) => throw thrown.Exception;
        if (history.HasHandler)
        {
            _breaker.CallCompleted += (_, _) =>
            {
                _completed++;
                throw new NotSupportedException("a broken handler");
            };
        }
    }

    /// <summary>
    /// Plays a history, and then checks that the circuit is not stuck and that healthy calls allocate nothing.
    /// </summary>
    public static void Play(History history)
    {
        var run = new HistoryRun(history);
        run.Compare();
        foreach (var step in history.Steps)
        {
            run.Play(step);
        }

        run.AssertHalfOpenEnds();
        run.AssertHealthyCallsAllocateNothing();
    }

    private void Play(Step step)
    {
        _invariants.BeginStep(_settings);
        switch (step)
        {
            case Step.Enter:
                Enter();
                break;

            case Step.Complete complete when _tickets.Count > complete.Back:
                Complete(_tickets.Count - 1 - complete.Back, complete.Outcome);
                break;

            case Step.Call call when Enter():
                Wait(call.Took.Ticks);
                Complete(_tickets.Count - 1, call.Outcome);
                break;

            case Step.Execute execute:
                Execute(execute.Throws, static () => { });
                break;

            case Step.During call:
                Execute(call.Throws, () => OnAnotherThread(() => Array.ForEach(call.Steps, Play)));
                break;

            case Step.Wait pause:
                Wait(pause.Time.Ticks);
                break;

            case Step.WaitFor { Boundary: Boundary.ProbeDue } due when _model.RetryAfter is { } left:
                Wait(left + due.Ticks);
                break;

            case Step.WaitFor { Boundary: Boundary.LeaseExpiry } lease when _model.FirstLeaseEndsAt is { } end:
                Wait(end - _model.Now + lease.Ticks);
                break;

            case Step.SetState change:
                _breaker.SetState(change.State);
                _model.SetState(change.State);
                break;

            case Step.SetMode change:
                _breaker.SetMode(change.Mode);
                _model.SetMode(change.Mode);
                break;

            case Step.Update update:
                _settings = update.Settings;
                _breaker.Update(update.Settings.ToOptions(_clock));
                _model.Update(update.Settings);
                break;
        }

        _invariants.Check(_settings, mayGrow: step is Step.Update);
        Compare();
    }

    private bool Enter()
    {
        _invariants.BeginStep(_settings);
        var admitted = _breaker.TryEnter(out var ticket);
        if (admitted)
        {
            _invariants.Admitted(ticket, _settings, _clock.Timestamp);
        }
        else
        {
            _invariants.Rejected();
        }

        var expected = _model.Enter();
        Assert.Equal(expected is not null, admitted);
        if (expected is null)
        {
            return false;
        }

        Assert.Equal(expected.IsProbe, ticket.IsProbe);
        _tickets.Add((ticket, expected));
        return true;
    }

    private void Complete(int index, CallOutcome outcome)
    {
        var (ticket, model) = _tickets[index];
        var failure = outcome == CallOutcome.Failure ? new InvalidOperationException($"failure {++_failures}") : null;
        _invariants.BeginStep(_settings);
        var opened = ticket.Complete(outcome, failure);
        _invariants.Completed(ticket, opened);
        if (!model.IsProbe)
        {
            _tickets[index] = (ticket, model);
        }

        Assert.Equal(_model.Complete(model, outcome, failure), opened);
    }

    /// <summary>I7: whatever callbacks throw, the caller gets the result or the exception of its call.</summary>
    private void Execute(bool throws, Action during)
    {
        var thrown = throws ? new InvalidOperationException($"failure {++_failures}") : null;
        ModelTicket? expected = null;
        Exception? broken = null;
        var runs = 0;
        var seen = Record.Exception(() => _breaker.Execute(() =>
        {
            runs++;
            expected = _model.Enter();
            broken = Record.Exception(during);
            _invariants.BeginStep(_settings);
            return thrown is null ? 42 : throw thrown;
        }));

        Assert.Null(broken);
        if (runs == 0)
        {
            _invariants.Rejected();
            Assert.IsType<CircuitOpenException>(seen);
            Assert.Null(_model.Enter());
            return;
        }

        Assert.True(runs == 1 && ReferenceEquals(thrown, seen), $"I7: the caller got {seen?.ToString() ?? "an answer"} from {runs} runs.");
        Assert.NotNull(expected);
        if (_model.Complete(expected, throws || _settings.CallbacksThrow ? CallOutcome.Failure : CallOutcome.Success, thrown) && !expected.IsProbe)
        {
            _invariants.Tripped();
        }
    }

    /// <summary>
    /// I9: other threads continue while a call is in flight. If calls were serialized, this would hang.
    /// </summary>
    private static void OnAnotherThread(Action steps)
    {
        Exception? broken = null;
        var other = new Thread(() => broken = Record.Exception(steps)) { IsBackground = true };

        // Without the flow of the call: its steps would be a part of a probe.
        other.UnsafeStart();
        Assert.True(other.Join(Deadline), "I9: another thread waits for the end of a call.");
        Assert.Null(broken);
    }

    private void Wait(long ticks)
    {
        _clock.Timestamp += Math.Max(0, ticks);
        _model.Now = _clock.Timestamp;
    }

    private void Compare()
    {
        Assert.Equal(
            (_model.State, _model.Mode, _model.Failures, _model.Successes, _model.RetryAfter, _model.IsRejecting),
            (_breaker.State, _breaker.Mode, _breaker.FailureCount, _breaker.SuccessCount, _breaker.RetryAfter?.Ticks, _breaker.IsRejecting));
        Assert.Equal((_model.Stale, _model.Completed, _model.Rejected), (_breaker.StaleOutcomeCount, _completed, _rejected));
        Assert.Same(_model.LastException, _breaker.LastException);
        Assert.Equal(_model.Changes.Select(EventValues.ToValues), _changes.Select(EventValues.ToValues));
    }

    /// <summary>I4: after any history, half-open ends within one lease and one further call.</summary>
    private void AssertHalfOpenEnds()
    {
        if (_breaker.State != CircuitState.HalfOpen || _breaker.Mode is CircuitMode.Isolated or CircuitMode.Disabled)
        {
            return;
        }

        Wait(HistorySettings.ProbeTimeout.Ticks);
        if (Enter() && _breaker.State == CircuitState.HalfOpen)
        {
            Complete(_tickets.Count - 1, CallOutcome.Failure);
        }

        Compare();
        Assert.True(_breaker.State != CircuitState.HalfOpen, "I4: the circuit is stuck in half-open.");
    }

    /// <summary>I10: after any history, a call on a healthy circuit without a handler allocates nothing.</summary>
    private void AssertHealthyCallsAllocateNothing()
    {
        if (_isListening)
        {
            return;
        }

        _breaker.SetMode(CircuitMode.Auto);
        _breaker.Close();
        Allocations.None(
            () =>
            {
                _breaker.TryEnter(out var ticket);
                ticket.Complete(CallOutcome.Success);
            },
            steps: 8);
    }
}
