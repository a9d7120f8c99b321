namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>Plays a history on a circuit and on the model, side by side, and compares all that can be seen after each step.</summary>
internal sealed class HistoryRun
{
    private readonly ManualClock _clock = new() { Timestamp = History.Start };
    private readonly CircuitBreaker _breaker;
    private readonly CircuitModel _model;
    private readonly List<(CallTicket Circuit, ModelTicket Model)> _tickets = [];
    private readonly List<CircuitStateChange> _changes = [];
    private HistorySettings _settings;
    private int _finished;
    private int _rejected;
    private int _failures;
    private bool _isUpdated;

    private HistoryRun(History history)
    {
        _settings = history.Settings;
        _breaker = new CircuitBreaker(history.Settings.ToOptions(_clock));
        _model = new CircuitModel(history.Settings, history.IsListening);
        _breaker.StateChanged += (_, change) =>
        {
            _changes.Add(change);
            throw new NotSupportedException("a hostile listener");
        };
        _breaker.CallRejected += (_, _) =>
        {
            _rejected++;
            throw new NotSupportedException("a hostile listener");
        };
        _breaker.CallbackFailed += static (_, thrown) => throw thrown;
        if (history.IsListening)
        {
            _breaker.CallFinished += (_, _) =>
            {
                _finished++;
                throw new NotSupportedException("a hostile listener");
            };
        }
    }

    /// <summary>Plays a history to its end, and then sees to it that the circuit is not stuck.</summary>
    public static void Play(History history)
    {
        var run = new HistoryRun(history);
        run.Compare();
        foreach (var step in history.Steps)
        {
            run.Play(step);
        }

        run.AssertHalfOpenEnds();
    }

    private void Play(Step step)
    {
        var generation = _changes.Count;
        var wait = _breaker.RetryAfter;
        _isUpdated |= step is Step.Update;
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
                Execute(execute.Throws);
                break;

            case Step.Wait pause:
                Wait(pause.Time.Ticks);
                break;

            case Step.WaitFor { Boundary: Boundary.ProbeIsDue } due when _model.RetryAfter is { } left:
                Wait(left + due.Ticks);
                break;

            case Step.WaitFor { Boundary: Boundary.LeaseRunsOut } lease when _model.FirstLeaseEndsAt is { } end:
                Wait(end - _model.Now + lease.Ticks);
                break;

            case Step.Steer steer:
                Steer(steer.State);
                break;

            case Step.Turn turn:
                Turn(turn.Mode);
                break;

            case Step.Update update:
                _settings = update.Settings;
                _breaker.Update(update.Settings.ToOptions(_clock));
                _model.Update(update.Settings);
                break;
        }

        Compare();
        AssertInvariants();
        if (step is not (Step.Steer or Step.Turn or Step.Update) && generation == _changes.Count && wait is not null && _breaker.RetryAfter is { } now)
        {
            Assert.True(now <= wait, $"RetryAfter grew from {wait} to {now} without a transition.");
        }
    }

    private bool Enter()
    {
        var before = (_breaker.State, _breaker.FailureCount, _breaker.SuccessCount, _breaker.StaleVerdicts);
        var changes = _changes.Count;
        var admitted = _breaker.TryEnter(out var ticket);
        var expected = _model.Enter();

        Assert.Equal(expected is not null, admitted);
        if (expected is null)
        {
            // A rejection changes nothing, but for the one that finds a lease run out.
            if (changes == _changes.Count)
            {
                Assert.Equal(before, (_breaker.State, _breaker.FailureCount, _breaker.SuccessCount, _breaker.StaleVerdicts));
            }

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
        var opened = ticket.Complete(outcome, failure);
        if (!model.IsProbe)
        {
            _tickets[index] = (ticket, model);
        }

        Assert.Equal(_model.Complete(model, outcome, failure), opened);
    }

    private void Execute(bool throws)
    {
        var thrown = throws ? new InvalidOperationException($"failure {++_failures}") : null;
        var ran = false;
        var seen = Record.Exception(() => _breaker.Execute(() =>
        {
            ran = true;
            return thrown is null ? 42 : throw thrown;
        }));

        var expected = _model.Enter();
        Assert.Equal(expected is not null, ran);
        if (expected is null)
        {
            Assert.IsType<CircuitOpenException>(seen);
            return;
        }

        Assert.Same(thrown, seen);
        _model.Complete(expected, throws || _settings.IsHostile ? CallOutcome.Failure : CallOutcome.Success, thrown);
    }

    private void Wait(long ticks)
    {
        _clock.Timestamp += Math.Max(0, ticks);
        _model.Now = _clock.Timestamp;
    }

    private void Steer(CircuitState state)
    {
        switch (state)
        {
            case CircuitState.Open:
                _breaker.Open();
                _model.Open();
                break;

            case CircuitState.HalfOpen:
                _breaker.HalfOpen();
                _model.HalfOpen();
                break;

            default:
                _breaker.Close();
                _model.Close();
                break;
        }
    }

    private void Turn(CircuitMode mode)
    {
        switch (mode)
        {
            case CircuitMode.Isolated:
                _breaker.Isolate();
                break;

            case CircuitMode.Disabled:
                _breaker.Disable();
                break;

            case CircuitMode.Shadow:
                _breaker.Shadow();
                break;

            default:
                _breaker.Resume();
                _model.Resume();
                return;
        }

        _model.Turn(mode);
    }

    private void Compare()
    {
        Assert.Equal(
            (_model.State, _model.Mode, _model.Failures, _model.Successes, _model.RetryAfter, _model.IsRejecting),
            (_breaker.State, _breaker.Mode, _breaker.FailureCount, _breaker.SuccessCount, _breaker.RetryAfter?.Ticks, _breaker.IsRejecting));
        Assert.Equal((_model.Stale, _model.Finished, _model.Rejected), (_breaker.StaleVerdicts, _finished, _rejected));
        Assert.Same(_model.LastFailure, _breaker.LastFailure);
        Assert.Equal(_model.Changes, _changes);
    }

    /// <summary>What must hold whatever the model says.</summary>
    private void AssertInvariants()
    {
        foreach (var (before, after) in _changes.Zip(_changes.Skip(1)))
        {
            Assert.True(before.To == after.From && before.Generation < after.Generation, $"{before} is followed by {after}.");
        }

        Assert.True(_breaker.RetryAfter is null || _breaker.RetryAfter >= TimeSpan.Zero);

        // A lower FailMax is in force at the next failure only, and more slots at the next half-open state.
        if (!_isUpdated)
        {
            Assert.True(_breaker.State != CircuitState.Closed || _breaker.FailureCount < _settings.FailMax);
            var probes = _tickets
                .Where(held => held.Model is { IsProbe: true, IsCompleted: false } && _clock.Timestamp - held.Model.EnteredAt < HistorySettings.ProbeTimeout.Ticks)
                .GroupBy(static held => held.Circuit.Generation);
            Assert.All(probes, probes => Assert.True(probes.Count() <= _settings.MaxProbes));
        }
    }

    /// <summary>However it was left, half-open ends within one lease and one further call.</summary>
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
        Assert.NotEqual(CircuitState.HalfOpen, _breaker.State);
    }
}
