namespace ThriftBreaker.Runtime.Tests;

/// <summary>
/// The clock costs more than the circuit breaker: it is read only if time matters, and the wall clock never.
/// </summary>
public sealed class ClockReadTests
{
    private readonly ManualClock _clock = new();
    private readonly CircuitBreaker _breaker;

    public ClockReadTests() => _breaker = new CircuitBreaker(new() { FailMax = 3, TimeProvider = _clock });

    [Fact]
    public void ClosedCircuit_ReadsNoClock()
    {
        var before = _clock.Reads;

        _breaker.Execute(static () => { });
        _breaker.TryEnter(out var failing);
        failing.Complete(CallOutcome.Failure);
        _breaker.TryEnter(out var cancelled);
        cancelled.Complete(CallOutcome.Cancelled);
        _breaker.Execute(static () => { });
        _ = (_breaker.State, _breaker.FailureCount, _breaker.RetryAfter, _breaker.LastException);

        Assert.Equal(before, _clock.Reads);
    }

    /// <summary>At the start and at the end of the call, for all settings and handlers together.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MeasuredCall_ReadsTheClockTwice(bool isCancelled)
    {
        _breaker.Update(_breaker.Options with
        {
            OutcomeClassifier = static _ => null,
            SlowCallDuration = TimeSpan.FromSeconds(1),
            CancelledCountsAsFailureAfter = TimeSpan.FromSeconds(1),
        });
        _breaker.CallCompleted += static (_, _) => { };
        using var caller = new CancellationTokenSource();
        var before = _clock.Reads;

        _ = await Record.ExceptionAsync(() => _breaker.ExecuteAsync(
            async token =>
            {
                if (isCancelled)
                {
                    await caller.CancelAsync();
                    token.ThrowIfCancellationRequested();
                }
            },
            caller.Token));

        Assert.Equal(before + 2, _clock.Reads);
    }

    [Fact]
    public void Rejection_ReadsTheClockOnce()
    {
        _breaker.Open();
        var before = _clock.Reads;

        Assert.False(_breaker.TryEnter(out _));

        Assert.Equal(before + 1, _clock.Reads);
    }

    [Fact]
    public void AllStates_ReadNoWallClock()
    {
        for (var failure = 0; failure < 3; failure++)
        {
            _breaker.TryEnter(out var failing);
            failing.Complete(CallOutcome.Failure);
        }

        Assert.Throws<CircuitOpenException>(() => _breaker.Execute(static () => { }));
        _clock.Timestamp += _breaker.Options.ResetTimeout.Ticks;
        _breaker.Execute(static () => { });

        Assert.Equal(CircuitState.Closed, _breaker.State);
    }
}
