using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>One token for two reasons to end a step, and the right exception for each.</summary>
public sealed class CallDeadlineTests
{
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(3);
    private static readonly IOException Symptom = new("The socket was closed.");

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void TheTimeoutEndsTheCallAtItsInstant()
    {
        var deadline = Started(CancellationToken.None);

        _clock.Advance(Allowed - TimeSpan.FromMilliseconds(1));
        Assert.False(deadline.HasEndedTheCall);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(deadline.HasEndedTheCall);
        Assert.True(deadline.Token.IsCancellationRequested);
    }

    [Fact]
    public void ATimeoutIsExplainedAsOne()
    {
        var deadline = Started(CancellationToken.None);
        _clock.Advance(Allowed);

        var timeout = Assert.IsType<TimeoutException>(deadline.Explain(Symptom, "No reply."));

        Assert.Equal("No reply.", timeout.Message);
        Assert.Same(Symptom, timeout.InnerException);
    }

    [Fact]
    public void TheCallersCancellationCarriesTheCallersToken()
    {
        using var caller = new CancellationTokenSource();
        var deadline = Started(caller.Token);
        Assert.False(deadline.HasEndedTheCall);
        caller.Cancel();

        Assert.True(deadline.HasEndedTheCall);
        var cancelled = Assert.IsType<OperationCanceledException>(deadline.Explain(Symptom, "No reply."));
        Assert.Equal(caller.Token, cancelled.CancellationToken);
        Assert.Same(Symptom, cancelled.InnerException);
    }

    [Fact]
    public void AfterItsEndNothingIsLeftBehind()
    {
        using var caller = new CancellationTokenSource();
        var deadline = Started(caller.Token);
        var token = deadline.Token;
        deadline.Stop();

        caller.Cancel();
        _clock.Advance(Allowed);

        Assert.False(token.IsCancellationRequested);
    }

    [Fact]
    public void TheNextStepHasItsOwnTimeAndItsOwnCaller()
    {
        using var firstCaller = new CancellationTokenSource();
        using var secondCaller = new CancellationTokenSource();
        var deadline = Started(firstCaller.Token);
        _clock.Advance(Allowed / 2);
        deadline.Stop();
        deadline.Start(Allowed, secondCaller.Token);

        firstCaller.Cancel();
        _clock.Advance(Allowed / 2);
        Assert.False(deadline.HasEndedTheCall);
        secondCaller.Cancel();
        Assert.True(deadline.HasEndedTheCall);
    }

    [Fact]
    public void AStepThatWasCancelledDoesNotCancelTheNext()
    {
        var deadline = Started(new CancellationToken(canceled: true));
        Assert.True(deadline.HasEndedTheCall);
        deadline.Stop();
        deadline.Start(Allowed, CancellationToken.None);

        Assert.False(deadline.HasEndedTheCall);
        _clock.Advance(Allowed);
        Assert.True(deadline.HasEndedTheCall);
    }

    [Fact]
    public void BetweenTwoStepsTheClockDoesNotRun()
    {
        var deadline = Started(CancellationToken.None);
        deadline.Stop();
        _clock.Advance(Allowed);

        Assert.False(deadline.HasEndedTheCall);
    }

    [Fact]
    public void OnTheClockOfTheSystemAStepAllocatesNothing()
    {
        var deadline = new CallDeadline(TimeProvider.System);
        using var caller = new CancellationTokenSource();

        Allocations.None(() =>
        {
            deadline.Start(Allowed, caller.Token);
            deadline.Stop();
        });
    }

    private CallDeadline Started(CancellationToken callerToken)
    {
        var deadline = new CallDeadline(_clock);
        deadline.Start(Allowed, callerToken);
        return deadline;
    }
}
