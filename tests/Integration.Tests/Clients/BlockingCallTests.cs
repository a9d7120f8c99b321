using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Integration.Tests.Clients;

/// <summary>A service with a method of each shape, and some that bypass the circuit breaker.</summary>
[CircuitBreaker(FailMax = 2, ResetTimeoutSeconds = 10)]
[CircuitBreakerMethod(nameof(BypassedValueLater), Bypass = true)]
[CircuitBreakerMethod(nameof(BypassedValueSoon), Bypass = true)]
[CircuitBreakerMethod(nameof(BypassedValue), Bypass = true)]
[CircuitBreakerMethod(nameof(BypassedStream), Bypass = true)]
[CircuitBreakerMethod(nameof(BypassedOut), Bypass = true)]
public interface IContextFree
{
    void Run();

    int Value(int number);

    Task Later();

    Task LaterOfTwo(int first, int second);

    Task LaterOfThree(int first, int second, int third);

    Task<int> ValueLater(int number);

    Task<int> ValueLaterOfTwo(int first, int second);

    Task<int> ValueLaterOfThree(int first, int second, int third);

    Task<int> ValueLaterOfFour(int first, int second, int third, int fourth);

    ValueTask Soon();

    ValueTask<int> ValueSoon(int number);

    IAsyncEnumerable<int> Stream(int number);

    void RunIn(in int number);

    bool ValueOut(out int number);

    Task LaterIn(in int number);

    Task<int> ValueLaterIn(in int number);

    ValueTask<int> ValueSoonIn(in int number);

    Task<int> BypassedValueLater(int number);

    ValueTask<int> BypassedValueSoon(int number);

    int BypassedValue(int number);

    IAsyncEnumerable<int> BypassedStream(int number);

    bool BypassedOut(out int number);
}

/// <summary>
/// An inner client that awaits as Thrift's library and its generated clients do: without <c>ConfigureAwait(false)</c>.
/// </summary>
internal sealed class ContextFree : IContextFree, IAsyncDisposable
{
    public static Dictionary<string, Func<IContextFree, ValueTask<int>>> CallsByShape { get; } = new()
    {
        [nameof(IContextFree.Run)] = static client => { client.Run(); return new(7); },
        [nameof(IContextFree.Value)] = static client => new(client.Value(7)),
        [nameof(IContextFree.Later)] = static async client => { await client.Later().ConfigureAwait(false); return 7; },
        [nameof(IContextFree.LaterOfTwo)] = static async client => { await client.LaterOfTwo(7, 0).ConfigureAwait(false); return 7; },
        [nameof(IContextFree.LaterOfThree)] = static async client => { await client.LaterOfThree(7, 0, 0).ConfigureAwait(false); return 7; },
        [nameof(IContextFree.ValueLater)] = static client => new(client.ValueLater(7)),
        [nameof(IContextFree.ValueLaterOfTwo)] = static client => new(client.ValueLaterOfTwo(7, 0)),
        [nameof(IContextFree.ValueLaterOfThree)] = static client => new(client.ValueLaterOfThree(7, 0, 0)),
        [nameof(IContextFree.ValueLaterOfFour)] = static client => new(client.ValueLaterOfFour(7, 0, 0, 0)),
        [nameof(IContextFree.Soon)] = static async client => { await client.Soon().ConfigureAwait(false); return 7; },
        [nameof(IContextFree.ValueSoon)] = static client => client.ValueSoon(7),
        [nameof(IContextFree.Stream)] = static client => new(Read(client.Stream(7))),
        [nameof(IContextFree.RunIn)] = static client => { client.RunIn(7); return new(7); },
        [nameof(IContextFree.ValueOut)] = static client => { client.ValueOut(out var number); return new(number); },
        [nameof(IContextFree.LaterIn)] = static async client => { await client.LaterIn(7).ConfigureAwait(false); return 7; },
        [nameof(IContextFree.ValueLaterIn)] = static client => new(client.ValueLaterIn(7)),
        [nameof(IContextFree.ValueSoonIn)] = static client => client.ValueSoonIn(7),
        [nameof(IContextFree.BypassedValueLater)] = static client => new(client.BypassedValueLater(7)),
        [nameof(IContextFree.BypassedValueSoon)] = static client => client.BypassedValueSoon(7),
        [nameof(IContextFree.BypassedValue)] = static client => new(client.BypassedValue(7)),
        [nameof(IContextFree.BypassedStream)] = static client => new(Read(client.BypassedStream(7))),
        [nameof(IContextFree.BypassedOut)] = static client => { client.BypassedOut(out var number); return new(number); },
    };

    public Exception? Error { get; set; }

    public bool IsDisposed { get; private set; }

    public void Run() => WorkAsync(7).GetAwaiter().GetResult();

    public int Value(int number) => WorkAsync(number).GetAwaiter().GetResult();

    public Task Later() => WorkAsync(7);

    public Task LaterOfTwo(int first, int second) => WorkAsync(first);

    public Task LaterOfThree(int first, int second, int third) => WorkAsync(first);

    public Task<int> ValueLater(int number) => WorkAsync(number);

    public Task<int> ValueLaterOfTwo(int first, int second) => WorkAsync(first);

    public Task<int> ValueLaterOfThree(int first, int second, int third) => WorkAsync(first);

    public Task<int> ValueLaterOfFour(int first, int second, int third, int fourth) => WorkAsync(first);

    public async ValueTask Soon() => await WorkAsync(7);

    public async ValueTask<int> ValueSoon(int number) => await WorkAsync(number);

    public async IAsyncEnumerable<int> Stream(int number)
    {
        try
        {
            yield return 0;
            yield return await WorkAsync(number);
        }
        finally
        {
            await Task.Yield();
        }
    }

    public void RunIn(in int number) => AwaitAsync(number).GetAwaiter().GetResult();

    public bool ValueOut(out int number)
    {
        number = AwaitAsync(7).GetAwaiter().GetResult();
        return true;
    }

    public Task LaterIn(in int number) => AwaitAsync(number);

    public Task<int> ValueLaterIn(in int number) => AwaitAsync(number);

    public ValueTask<int> ValueSoonIn(in int number) => new(AwaitAsync(number));

    public Task<int> BypassedValueLater(int number) => WorkAsync(number);

    public ValueTask<int> BypassedValueSoon(int number) => new(WorkAsync(number));

    public int BypassedValue(int number) => Value(number);

    public IAsyncEnumerable<int> BypassedStream(int number) => Stream(number);

    public bool BypassedOut(out int number) => ValueOut(out number);

    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        IsDisposed = true;
    }

    private static int Read(IAsyncEnumerable<int> stream)
    {
        var last = 0;
        var items = stream.GetAsyncEnumerator();
        while (items.MoveNextAsync().AsTask().GetAwaiter().GetResult())
        {
            last = items.Current;
        }

        items.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return last;
    }

    private async Task<int> AwaitAsync(int number)
    {
        await Task.Yield();
        await Task.Delay(1);
        return Error is null ? number : throw Error;
    }

    /// <summary>Uses the current scheduler as older code does, and then awaits.</summary>
    private async Task<int> WorkAsync(int number)
    {
#pragma warning disable CA2008 // The current scheduler is the point.
        await Task.Factory.StartNew(static () => { });
#pragma warning restore CA2008
        return await AwaitAsync(number);
    }
}

/// <summary>
/// A call that blocks the only thread of its caller ends: the inner client and the fallback do not wait for that
/// thread.
/// </summary>
public sealed class BlockingCallTests : IAsyncDisposable
{
#pragma warning disable CA2213 // The client disposes the inner one, and nothing has to dispose the fallback.
    private readonly ContextFree _inner = new();
    private readonly ContextFree _fallback = new();
#pragma warning restore CA2213
    private readonly CircuitBreaker _circuitBreaker = new(ContextFreeCircuitBreakerClient.DefaultOptions);
    private readonly ContextFreeCircuitBreakerClient _client;

    public BlockingCallTests() => _client = new ContextFreeCircuitBreakerClient(_inner, _circuitBreaker, _fallback);

    public static TheoryData<CallerKind> EveryKind => CallerThread.Kinds;

    public static TheoryData<CallerKind, string> EveryShape { get; } = new MatrixTheoryData<CallerKind, string>(Enum.GetValues<CallerKind>(), ContextFree.CallsByShape.Keys);

    public static TheoryData<CallerKind, string> EveryGuardedShape { get; } = new MatrixTheoryData<CallerKind, string>(
        Enum.GetValues<CallerKind>(), ContextFree.CallsByShape.Keys.Where(static shape => !shape.StartsWith("Bypassed", StringComparison.Ordinal)));

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Theory]
    [MemberData(nameof(EveryShape))]
    public async Task InnerClient_Returns(CallerKind kind, string shape)
    {
        using var caller = new CallerThread(kind);

        Assert.Equal(7, await caller.RunAsync(() => Block(shape)));
    }

    [Theory]
    [MemberData(nameof(EveryShape))]
    public async Task InnerClient_Throws(CallerKind kind, string shape)
    {
        using var caller = new CallerThread(kind);
        _inner.Error = new TimeoutException();

        Assert.Same(_inner.Error, await Record.ExceptionAsync(() => caller.RunAsync(() => Block(shape))));
        Assert.Equal(shape.StartsWith("Bypassed", StringComparison.Ordinal) ? 0 : 1, _circuitBreaker.FailureCount);
    }

    [Theory]
    [MemberData(nameof(EveryGuardedShape))]
    public async Task Fallback_Returns(CallerKind kind, string shape)
    {
        using var caller = new CallerThread(kind);
        _inner.Error = new InvalidOperationException("The circuit is open.");
        _circuitBreaker.Open();

        Assert.Equal(7, await caller.RunAsync(() => Block(shape)));
    }

    [Theory]
    [MemberData(nameof(EveryShape))]
    public async Task Caller_KeepsItsContext(CallerKind kind, string shape)
    {
        using var caller = new CallerThread(kind);
        var (before, after) = await caller.RunAsync(() => (GetBinding(), Call()));

        Assert.Equal(before, after);

        (SynchronizationContext?, TaskScheduler) Call()
        {
            _ = Block(shape);
            _inner.Error = new TimeoutException();
            _ = Record.Exception(() => Block(shape));
            return GetBinding();
        }
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Disposal_Returns(CallerKind kind)
    {
        using var caller = new CallerThread(kind);
        var isDisposed = await caller.RunAsync(() =>
        {
            _client.Dispose();
            return _inner.IsDisposed;
        });

        Assert.True(isDisposed);
        await caller.RunAsync(() =>
        {
            _client.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return 0;
        });
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task DisposalOfAClientThatBlocks_Returns(CallerKind kind)
    {
        using var caller = new CallerThread(kind);
        var service = new ThriftService<BlockingDisposable>(nameof(BlockingDisposable), new CircuitBreakerOptions());
        var disposals = await caller.RunAsync(() =>
        {
            var inner = new BlockingDisposable();
            new CallInvoker<BlockingDisposable>(service, inner, new CircuitBreaker(), fallback: null).Dispose();
            new CallInvoker<BlockingDisposable>(service, inner, new CircuitBreaker(), fallback: null).DisposeAsync().AsTask().GetAwaiter().GetResult();
            return inner.Disposals;
        });

        Assert.Equal(2, disposals);
    }

    [Fact]
    public async Task AwaitedCall_PostsOnce()
    {
        using var caller = new CallerThread(CallerKind.SynchronizationContext);
        var posts = await await caller.RunAsync(async () =>
        {
            _ = await _client.ValueLater(7);
            return caller.Posts;
        });

        Assert.Equal(1, posts);
    }

    /// <summary>It has no asynchronous disposal, and waits for a task.</summary>
    private sealed class BlockingDisposable : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => CloseAsync().GetAwaiter().GetResult();

        private async Task CloseAsync()
        {
            await Task.Yield();
            Disposals++;
        }
    }

    private static (SynchronizationContext?, TaskScheduler) GetBinding() => (SynchronizationContext.Current, TaskScheduler.Current);

    private int Block(string shape) => ContextFree.CallsByShape[shape](_client).AsTask().GetAwaiter().GetResult();
}
