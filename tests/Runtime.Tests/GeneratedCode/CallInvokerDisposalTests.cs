using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.GeneratedCode;

/// <summary>An invoker disposes its inner client in the way that the inner client offers, or its channel.</summary>
public sealed class CallInvokerDisposalTests
{
    [Fact]
    public void DisposalIsPassedOn()
    {
        var disposable = new Disposable();
        var both = new Both();

        Invoker(disposable).Dispose();
        Invoker(both).Dispose();
        Invoker(new object()).Dispose();

        Assert.Equal(1, disposable.Disposed);
        Assert.Equal((1, 0), (both.Disposed, both.DisposedAsynchronously));
    }

    [Fact]
    public void DisposalWaitsForTheEndOfWhatCanOnlyBeDisposedAsynchronously()
    {
        var inner = new AsyncDisposable();

        Invoker(inner).Dispose();

        Assert.Equal(1, inner.Disposed);
    }

    [Fact]
    public async Task AsynchronousDisposalIsPassedOn()
    {
        var asyncDisposable = new AsyncDisposable();
        var both = new Both();

        await Invoker(asyncDisposable).DisposeAsync();
        await Invoker(both).DisposeAsync();
        await Invoker(new object()).DisposeAsync();

        Assert.Equal(1, asyncDisposable.Disposed);
        Assert.Equal((0, 1), (both.Disposed, both.DisposedAsynchronously));
    }

    [Fact]
    public async Task AsynchronousDisposalReachesWhatCanOnlyBeDisposedAtOnce()
    {
        var inner = new Disposable();

        await Invoker(inner).DisposeAsync();

        Assert.Equal(1, inner.Disposed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheChannelIsDisposedThroughAPipelineToo(bool asynchronously)
    {
        var channel = new ThriftChannel(new ThriftEndpoint("localhost", 1));
        var service = new ThriftService<object>("Service", new CircuitBreakerOptions()) { CreateClient = static _ => new object() };
        var calls = new CallInvoker<object>(service, channel, circuitBreaker: null, fallback: null).WithPipeline(new NoPipeline());

        await (asynchronously ? calls.DisposeAsync().AsTask() : Task.Run(calls.Dispose, TestContext.Current.CancellationToken));

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await channel.SingleEndpoint!.AcquireAsync(TestContext.Current.CancellationToken));
    }

    private static CallInvoker<object> Invoker(object inner)
        => new(new ThriftService<object>("Service", new CircuitBreakerOptions()), inner, new CircuitBreaker(), fallback: null);

    private sealed class NoPipeline : ICallPipeline
    {
        public Task<TResult> ExecuteAsync<TState, TResult>(
            ThriftMethod method, TState state, Func<TState, CancellationToken, Task<TResult>> attempt, CancellationToken cancellationToken)
            => attempt(state, cancellationToken);
    }

    private sealed class Disposable : IDisposable
    {
        public int Disposed { get; private set; }

        public void Dispose() => Disposed++;
    }

    private sealed class AsyncDisposable : IAsyncDisposable
    {
        public int Disposed { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            Disposed++;
        }
    }

    private sealed class Both : IDisposable, IAsyncDisposable
    {
        public int Disposed { get; private set; }

        public int DisposedAsynchronously { get; private set; }

        public void Dispose() => Disposed++;

        public ValueTask DisposeAsync()
        {
            DisposedAsynchronously++;
            return default;
        }
    }
}
