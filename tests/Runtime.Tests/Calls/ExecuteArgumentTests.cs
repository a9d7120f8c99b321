namespace ThriftBreaker.Runtime.Tests.Calls;

/// <summary>What the Execute methods say to arguments that cannot be right.</summary>
public sealed class ExecuteArgumentTests
{
    private static readonly CircuitBreaker None = null!;
    private readonly CircuitBreaker _breaker = new();

    [Fact]
    public void AMissingCircuitIsNamed()
    {
        Assert.Throws<ArgumentNullException>("breaker", static () => None.Execute(static () => { }));
        Assert.Throws<ArgumentNullException>("breaker", static () => None.Execute(static () => 1));
        Assert.Throws<ArgumentNullException>("breaker", static () => { _ = None.ExecuteAsync(static _ => Task.CompletedTask, TestContext.Current.CancellationToken); });
        Assert.Throws<ArgumentNullException>("breaker", static () => { _ = None.ExecuteAsync(static _ => Task.FromResult(1), TestContext.Current.CancellationToken); });
    }

    [Fact]
    public void AMissingCallIsNamed()
    {
        Assert.Throws<ArgumentNullException>("call", () => _breaker.Execute(null!));
        Assert.Throws<ArgumentNullException>("call", () => _breaker.Execute<int>(null!));
        Assert.Throws<ArgumentNullException>("call", () => { _ = _breaker.ExecuteAsync(null!, TestContext.Current.CancellationToken); });
        Assert.Throws<ArgumentNullException>("call", () => { _ = _breaker.ExecuteAsync<int>(null!, TestContext.Current.CancellationToken); });
    }

    /// <summary>An asynchronous lambda binds to Execute as well, and would count as a success before it has ended.</summary>
    [Fact]
    public void ACallThatReturnsATaskIsRefusedAndNotMade()
    {
        AssertRefused<Task>();
        AssertRefused<Task<int>>();
        AssertRefused<ValueTask>();
        AssertRefused<ValueTask<int>>();
    }

    [Fact]
    public async Task TheCallGetsTheCallersToken()
    {
        using var caller = new CancellationTokenSource();

        Assert.Equal(caller.Token, await _breaker.ExecuteAsync(static token => Task.FromResult(token), caller.Token));
        await _breaker.ExecuteAsync(
            token =>
            {
                Assert.Equal(caller.Token, token);
                return Task.CompletedTask;
            },
            caller.Token);
    }

    private void AssertRefused<T>()
        => Assert.Throws<ArgumentException>("call", () => { _breaker.Execute<T>(static () => throw new InvalidOperationException("The call was made.")); });
}
