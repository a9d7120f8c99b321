namespace ThriftBreaker.Runtime.Tests.Execution;

/// <summary>Invalid arguments of the Execute methods.</summary>
public sealed class ExecuteArgumentTests
{
    private static readonly CircuitBreaker None = null!;
    private const int State = 7;
    private readonly CircuitBreaker _breaker = new();

    [Fact]
    public void NullCircuitBreaker_Throws()
    {
        Assert.Throws<ArgumentNullException>("circuitBreaker", static () => None.Execute(static () => { }));
        Assert.Throws<ArgumentNullException>("circuitBreaker", static () => None.Execute(static () => 1));
        Assert.Throws<ArgumentNullException>("circuitBreaker", static () => { _ = None.ExecuteAsync(static _ => Task.CompletedTask, TestContext.Current.CancellationToken); });
        Assert.Throws<ArgumentNullException>("circuitBreaker", static () => { _ = None.ExecuteAsync(static _ => Task.FromResult(1), TestContext.Current.CancellationToken); });
        Assert.Throws<ArgumentNullException>("circuitBreaker", static () => { _ = None.ExecuteValueTaskAsync(static _ => default, TestContext.Current.CancellationToken).AsTask(); });
        Assert.Throws<ArgumentNullException>("circuitBreaker", static () => { _ = None.ExecuteValueTaskAsync(static _ => new ValueTask<int>(1), TestContext.Current.CancellationToken).AsTask(); });
    }

    [Fact]
    public void NullCall_Throws()
    {
        Assert.Throws<ArgumentNullException>("call", () => _breaker.Execute(null!));
        Assert.Throws<ArgumentNullException>("call", () => _breaker.Execute<int>(null!));
        Assert.Throws<ArgumentNullException>("call", () => { _ = _breaker.ExecuteAsync(null!, TestContext.Current.CancellationToken); });
        Assert.Throws<ArgumentNullException>("call", () => { _ = _breaker.ExecuteAsync<int>(null!, TestContext.Current.CancellationToken); });
        Assert.Throws<ArgumentNullException>("call", () => { _ = _breaker.ExecuteValueTaskAsync(null!, TestContext.Current.CancellationToken).AsTask(); });
        Assert.Throws<ArgumentNullException>("call", () => { _ = _breaker.ExecuteValueTaskAsync<int>(null!, TestContext.Current.CancellationToken).AsTask(); });
    }

    [Fact]
    public void NullCallWithState_Throws()
    {
        Assert.Throws<ArgumentNullException>("call", () => _breaker.Execute(State, null!));
        Assert.Throws<ArgumentNullException>("call", () => _breaker.Execute<int, int>(State, null!));
        Assert.Throws<ArgumentNullException>("call", () => { _ = _breaker.ExecuteAsync(State, null!, TestContext.Current.CancellationToken); });
        Assert.Throws<ArgumentNullException>("call", () => { _ = _breaker.ExecuteAsync<int, int>(State, null!, TestContext.Current.CancellationToken); });
        Assert.Throws<ArgumentNullException>("call", () => { _ = _breaker.ExecuteValueTaskAsync(State, null!, TestContext.Current.CancellationToken).AsTask(); });
        Assert.Throws<ArgumentNullException>("call", () => { _ = _breaker.ExecuteValueTaskAsync<int, int>(State, null!, TestContext.Current.CancellationToken).AsTask(); });
    }

    /// <summary>
    /// An asynchronous lambda binds to Execute as well, and would count as a success before it has ended.
    /// </summary>
    [Fact]
    public void Execute_ReturnsTask_Throws_CallIsNotMade()
    {
        AssertRefused<Task>();
        AssertRefused<Task<int>>();
        AssertRefused<ValueTask>();
        AssertRefused<ValueTask<int>>();
    }

    /// <summary>A stream has not begun when it is returned.</summary>
    [Fact]
    public void Execute_ReturnsStream_Throws_CallIsNotMade() => AssertRefused<IAsyncEnumerable<int>>();

    [Fact]
    public async Task ExecuteAsync_PassesTheToken()
    {
        using var caller = new CancellationTokenSource();

        Assert.Equal(caller.Token, await _breaker.ExecuteAsync(static token => Task.FromResult(token), caller.Token));
        Assert.Equal(caller.Token, await _breaker.ExecuteValueTaskAsync(static token => new ValueTask<CancellationToken>(token), caller.Token));
        Assert.Equal((State, caller.Token), await _breaker.ExecuteAsync(State, static (state, token) => Task.FromResult((state, token)), caller.Token));
        Assert.Equal((State, caller.Token), await _breaker.ExecuteValueTaskAsync(State, static (state, token) => new ValueTask<(int, CancellationToken)>((state, token)), caller.Token));
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
