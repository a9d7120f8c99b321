using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Execution;

/// <summary>
/// A value task may be consumed once: by the caller, or by the circuit breaker, and then the caller gets a new one.
/// </summary>
public sealed class ValueTaskTests
{
    private const int Answer = 42;
    private static readonly InvalidOperationException Error = new("the service's own");

    private readonly PooledSource _source = new();
    private readonly CircuitBreaker _breaker = new(new() { FailMax = 1 });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Result_IsConsumedOnce(bool atOnce)
    {
        var call = Observe(atOnce, static source => source.Succeed(Answer), static source => source.Task);

        Assert.Equal(Answer, await call);
        Assert.Equal(1, _source.Consumed);
        Assert.Equal(CircuitState.Closed, _breaker.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Result_WithClassifier_IsConsumedOnce(bool atOnce)
    {
        _breaker.Update(_breaker.Options with { OutcomeClassifier = static end => end.Result is Answer ? CallOutcome.Failure : null });

        var call = Observe(atOnce, static source => source.Succeed(Answer), static source => source.Task);

        Assert.Equal(Answer, await call);
        Assert.Equal(1, _source.Consumed);
        Assert.Equal(CircuitState.Open, _breaker.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Error_IsConsumedOnce(bool atOnce)
    {
        var call = Observe(atOnce, static source => source.Fail(Error), static source => source.Task);

        Assert.Same(Error, await Assert.ThrowsAsync<InvalidOperationException>(async () => await call));
        Assert.Equal(1, _source.Consumed);
        Assert.Equal(CircuitState.Open, _breaker.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoResult_IsConsumedOnce(bool atOnce)
    {
        await ObserveVoid(atOnce, static source => source.Succeed(Answer));

        Assert.Equal(1, _source.Consumed);
        Assert.Equal(CircuitState.Closed, _breaker.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoResult_WithClassifier_IsConsumedOnce(bool atOnce)
    {
        _breaker.Update(_breaker.Options with { OutcomeClassifier = static end => end.Exception is null ? CallOutcome.Failure : null });

        await ObserveVoid(atOnce, static source => source.Succeed(Answer));

        Assert.Equal(1, _source.Consumed);
        Assert.Equal(CircuitState.Open, _breaker.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoResult_Error_IsConsumedOnce(bool atOnce)
    {
        var call = ObserveVoid(atOnce, static source => source.Fail(Error));

        Assert.Same(Error, await Assert.ThrowsAsync<InvalidOperationException>(async () => await call));
        Assert.Equal(1, _source.Consumed);
        Assert.Equal(CircuitState.Open, _breaker.State);
    }

    private async Task<int> Observe(bool atOnce, Action<PooledSource> end, Func<PooledSource, ValueTask<int>> start)
    {
        if (atOnce)
        {
            end(_source);
        }

        Assert.True(_breaker.TryEnter(out var ticket));
        var call = new CallGuard(_breaker).Observe(ref ticket, start(_source), method: null, CancellationToken.None);
        Assert.Equal(atOnce, call.IsCompleted);
        if (!atOnce)
        {
            end(_source);
        }

        return await call;
    }

    private async Task ObserveVoid(bool atOnce, Action<PooledSource> end)
    {
        if (atOnce)
        {
            end(_source);
        }

        Assert.True(_breaker.TryEnter(out var ticket));
        var call = new CallGuard(_breaker).Observe(ref ticket, _source.VoidTask, method: null, CancellationToken.None);
        Assert.Equal(atOnce, call.IsCompleted);
        if (!atOnce)
        {
            end(_source);
        }

        await call;
    }
}
