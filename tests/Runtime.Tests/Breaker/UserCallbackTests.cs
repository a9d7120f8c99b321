namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Callbacks that throw do not affect the code that invokes them.</summary>
public sealed class UserCallbackTests
{
    private static readonly InvalidOperationException Broken = new("a broken callback");

    private readonly List<Exception> _reported = [];

    private event EventHandler<int>? Raised;

    [Fact]
    public void Invoke_Returns_ResultIsReturned()
    {
        Assert.Equal(42, UserCallback.Invoke(41, static state => state + 1, fallback: 0, _reported.Add));
        Assert.Empty(_reported);
    }

    [Fact]
    public void Invoke_Throws_IsReported_FallbackIsReturned()
    {
        Assert.Equal(7, UserCallback.Invoke<int, int>(41, static _ => throw Broken, fallback: 7, _reported.Add));
        Assert.Equal([Broken], _reported);
    }

    [Fact]
    public void TryInvoke_Throws_IsReported()
    {
        Assert.True(UserCallback.TryInvoke(_reported, static _ => { }, _reported.Add));
        Assert.False(UserCallback.TryInvoke(_reported, static _ => throw Broken, _reported.Add));
        Assert.Equal([Broken], _reported);
    }

    [Fact]
    public void NoReport_ExceptionIsDropped() => Assert.False(UserCallback.TryInvoke(0, static _ => throw Broken, report: null));

    [Fact]
    public void EventHandlers_OneThrows_OthersAreCalledInOrder()
    {
        var calls = new List<(object?, int)>();
        Raised += (sender, args) => calls.Add((sender, args));
        Raised += static (_, _) => throw Broken;
        Raised += (_, args) => calls.Add((null, args));

        UserCallback.Raise(Raised, this, 42, _reported.Add);

        Assert.Equal([(this, 42), (null, 42)], calls);
        Assert.Equal([Broken], _reported);
    }

    [Fact]
    public void Invoke_StaticCallback_AllocatesNothing()
        => Allocations.None(() => UserCallback.Invoke(this, static state => state, fallback: null, report: null));
}
