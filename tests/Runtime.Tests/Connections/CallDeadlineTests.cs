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
        using var deadline = new CallDeadline(Allowed, _clock, CancellationToken.None);

        _clock.Advance(Allowed - TimeSpan.FromMilliseconds(1));
        Assert.False(deadline.HasEndedTheCall);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(deadline.HasEndedTheCall);
        Assert.True(deadline.Token.IsCancellationRequested);
    }

    [Fact]
    public void ATimeoutIsExplainedAsOne()
    {
        using var deadline = new CallDeadline(Allowed, _clock, CancellationToken.None);
        _clock.Advance(Allowed);

        var timeout = Assert.IsType<TimeoutException>(deadline.Explain(Symptom, "No reply."));

        Assert.Equal("No reply.", timeout.Message);
        Assert.Same(Symptom, timeout.InnerException);
    }

    [Fact]
    public void TheCallersCancellationCarriesTheCallersToken()
    {
        using var caller = new CancellationTokenSource();
        using var deadline = new CallDeadline(Allowed, _clock, caller.Token);
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
        var deadline = new CallDeadline(Allowed, _clock, caller.Token);
        var token = deadline.Token;
        deadline.Dispose();

        caller.Cancel();
        _clock.Advance(Allowed);

        Assert.False(token.IsCancellationRequested);
    }
}
