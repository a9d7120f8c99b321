namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>A random history of a circuit breaker before a test; some of its calls may still be in flight.</summary>
/// <param name="breaker">The circuit breaker.</param>
/// <param name="wait">Advances its clock.</param>
internal sealed class PriorHistory(CircuitBreaker breaker, Action<TimeSpan> wait)
{
    private readonly List<CallTicket> _tickets = [];

    public void Play(Step[] steps)
    {
        foreach (var step in steps)
        {
            Play(step);
        }
    }

    /// <summary>Completes a call of the history.</summary>
    public void CompleteCall(CallOutcome outcome)
    {
        if (_tickets.Count > 0)
        {
            Complete(back: 0, outcome);
        }
    }

    private void Play(Step step)
    {
        switch (step)
        {
            case Step.Enter when breaker.TryEnter(out var ticket):
                _tickets.Add(ticket);
                break;

            case Step.Complete complete when _tickets.Count > complete.Back:
                Complete(complete.Back, complete.Outcome);
                break;

            case Step.Call call when breaker.TryEnter(out var ticket):
                wait(call.Took);
                ticket.Complete(call.Outcome);
                break;

            case Step.Execute execute:
                _ = Record.Exception(() => breaker.Execute(() => execute.Throws ? throw new InvalidOperationException("of the history") : 42));
                break;

            case Step.During during:
                breaker.TryEnter(out var longCall);
                Play(during.Steps);
                longCall.Complete(during.Throws ? CallOutcome.Failure : CallOutcome.Success);
                break;

            case Step.Wait pause:
                wait(pause.Time);
                break;

            case Step.WaitFor:
                wait(breaker.RetryAfter ?? HistorySettings.ProbeTimeout);
                break;

            case Step.SetState change:
                breaker.SetState(change.State);
                break;

            case Step.SetMode change:
                breaker.SetMode(change.Mode);
                break;

            case Step.Update update:
                breaker.Update(update.Settings.ToOptions(breaker.Options.TimeProvider));
                break;
        }
    }

    private void Complete(int back, CallOutcome outcome)
    {
        var ticket = _tickets[^(back + 1)];
        _tickets.RemoveAt(_tickets.Count - 1 - back);
        ticket.Complete(outcome);
    }
}
