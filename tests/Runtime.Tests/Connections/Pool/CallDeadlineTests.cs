using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Connections.Pool;

/// <summary>One token for a timeout and the caller's cancellation, and the exception for each.</summary>
public sealed class CallDeadlineTests
{
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(3);
    private static readonly IOException Symptom = new("The socket was closed.");

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Timeout_CancelsTokenWhenItElapses()
    {
        var deadline = StartDeadline(CancellationToken.None);

        _clock.Advance(Allowed - TimeSpan.FromMilliseconds(1));
        Assert.False(deadline.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(deadline.IsCancellationRequested);
        Assert.True(deadline.Token.IsCancellationRequested);
    }

    [Fact]
    public void CreateException_AfterTimeout_IsTimeoutException()
    {
        var deadline = StartDeadline(CancellationToken.None);
        _clock.Advance(Allowed);

        var timeout = Assert.IsType<TimeoutException>(deadline.CreateException(Symptom, "No reply."));

        Assert.Equal("No reply.", timeout.Message);
        Assert.Same(Symptom, timeout.InnerException);
    }

    [Fact]
    public void CreateException_AfterCancellation_HasCallersToken()
    {
        using var caller = new CancellationTokenSource();
        var deadline = StartDeadline(caller.Token);
        Assert.False(deadline.IsCancellationRequested);
        caller.Cancel();

        Assert.True(deadline.IsCancellationRequested);
        var cancelled = Assert.IsType<OperationCanceledException>(deadline.CreateException(Symptom, "No reply."));
        Assert.Equal(caller.Token, cancelled.CancellationToken);
        Assert.Same(Symptom, cancelled.InnerException);
    }

    [Fact]
    public void Stop_StopsTimerAndUnregistersFromCaller()
    {
        using var caller = new CancellationTokenSource();
        var deadline = StartDeadline(caller.Token);
        var token = deadline.Token;
        deadline.Stop();

        caller.Cancel();
        _clock.Advance(Allowed);

        Assert.False(token.IsCancellationRequested);
    }

    [Fact]
    public void Start_AfterStop_HasNewTimeoutAndCaller()
    {
        using var firstCaller = new CancellationTokenSource();
        using var secondCaller = new CancellationTokenSource();
        var deadline = StartDeadline(firstCaller.Token);
        _clock.Advance(Allowed / 2);
        deadline.Stop();
        deadline.Start(Allowed, secondCaller.Token);

        firstCaller.Cancel();
        _clock.Advance(Allowed / 2);
        Assert.False(deadline.IsCancellationRequested);
        secondCaller.Cancel();
        Assert.True(deadline.IsCancellationRequested);
    }

    [Fact]
    public void Start_AfterCancelledStep_IsNotCancelled()
    {
        var deadline = StartDeadline(new CancellationToken(canceled: true));
        Assert.True(deadline.IsCancellationRequested);
        deadline.Stop();
        deadline.Start(Allowed, CancellationToken.None);

        Assert.False(deadline.IsCancellationRequested);
        _clock.Advance(Allowed);
        Assert.True(deadline.IsCancellationRequested);
    }

    [Fact]
    public void Stop_BetweenSteps_TimerDoesNotRun()
    {
        var deadline = StartDeadline(CancellationToken.None);
        deadline.Stop();
        _clock.Advance(Allowed);

        Assert.False(deadline.IsCancellationRequested);
    }

    [Fact]
    public void StartAndStop_WithSystemClock_AllocateNothing()
    {
        var deadline = new CallDeadline(TimeProvider.System);
        using var caller = new CancellationTokenSource();

        Allocations.None(() =>
        {
            deadline.Start(Allowed, caller.Token);
            deadline.Stop();
        });
    }

    private CallDeadline StartDeadline(CancellationToken callerToken)
    {
        var deadline = new CallDeadline(_clock);
        deadline.Start(Allowed, callerToken);
        return deadline;
    }
}
