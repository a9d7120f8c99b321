namespace ThriftBreaker.Integration.Tests.Clients;

/// <summary>Methods with a token, one for each kind of return type.</summary>
[CircuitBreaker]
public interface ICancellable
{
    void Run(CancellationToken cancellationToken);

    int Value(CancellationToken cancellationToken);

    Task Later(CancellationToken cancellationToken);

    ValueTask<int> Soon(CancellationToken cancellationToken);
}

/// <summary>A fallback handles rejected calls, and no others.</summary>
public sealed class FallbackTests : IDisposable
{
    private readonly Shapes _inner = new();
    private readonly Shapes _fallback = new();
    private readonly ShapesCircuitBreakerClient _client;

    public FallbackTests()
        => _client = new ShapesCircuitBreakerClient(_inner, new CircuitBreaker(ShapesCircuitBreakerClient.DefaultOptions), _fallback);

    public static TheoryData<string> Names { get; } = [.. Shapes.CallsByShape.Keys];

    public static TheoryData<string> NamesWithToken { get; } = [.. Cancellable.CallsByShape.Keys];

    public void Dispose() => _client.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RejectedCall_IsHandledByFallback(string shape)
    {
        _client.CircuitBreaker.Open();

        Assert.Equal(7, await Shapes.CallsByShape[shape](_client));
        Assert.Equal((0, 1), (_inner.Calls, _fallback.Calls));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task AdmittedCall_DoesNotUseFallback(string shape)
    {
        Assert.Equal(7, await Shapes.CallsByShape[shape](_client));
        Assert.Equal((1, 0), (_inner.Calls, _fallback.Calls));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task FailedCall_ThrowsItsExceptionAlsoWhenCircuitOpens(string shape)
    {
        _inner.Error = new TimeoutException();
        for (var call = 1; call <= 2; call++)
        {
            Assert.Same(_inner.Error, await Record.ExceptionAsync(async () => await Shapes.CallsByShape[shape](_client)));
        }

        Assert.Equal((CircuitState.Open, 0), (_client.CircuitBreaker.State, _fallback.Calls));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task FallbackException_ReachesCallerAndIsNotRecorded(string shape)
    {
        _fallback.Error = new TimeoutException();
        _client.CircuitBreaker.Open();

        Assert.Same(_fallback.Error, await Record.ExceptionAsync(async () => await Shapes.CallsByShape[shape](_client)));
        Assert.Equal((0, null), (_client.CircuitBreaker.FailureCount, _client.CircuitBreaker.LastException));
    }

    [Fact]
    public void FallbackTask_IsNotWrapped()
    {
        var result = Task.FromResult(7);
        _fallback.Reply = result;
        _client.CircuitBreaker.Open();

        Assert.Same(result, _client.ValueLater(7, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task IsolatedCircuit_UsesFallback()
    {
        _client.CircuitBreaker.SetMode(CircuitMode.Isolated);

        Assert.Equal(7, await _client.ValueLater(7, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(NamesWithToken))]
    public async Task CancelledToken_PreventsFallback(string shape)
    {
        var breaker = new CircuitBreaker(CancellableCircuitBreakerClient.DefaultOptions);
        var fallback = new Cancellable();
        await using var client = new CancellableCircuitBreakerClient(new Cancellable(), breaker, fallback);
        breaker.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cancellable.CallsByShape[shape](client, new CancellationToken(canceled: true)));
        Assert.Equal(0, fallback.Calls);
    }

    [Theory]
    [MemberData(nameof(NamesWithToken))]
    public async Task Fallback_GetsTheToken(string shape)
    {
        using var caller = new CancellationTokenSource();
        var breaker = new CircuitBreaker(CancellableCircuitBreakerClient.DefaultOptions);
        var fallback = new Cancellable();
        await using var client = new CancellableCircuitBreakerClient(new Cancellable(), breaker, fallback);
        breaker.Open();

        await Cancellable.CallsByShape[shape](client, caller.Token);

        Assert.Equal((1, caller.Token), (fallback.Calls, fallback.Token));
    }

    [Fact]
    public void Dispose_DoesNotDisposeFallback()
    {
        var (inner, fallback) = (new Cancellable(), new Cancellable());

        new CancellableCircuitBreakerClient(inner, new CircuitBreaker(), fallback).Dispose();

        Assert.Equal((1, 0), (inner.Disposals, fallback.Disposals));
    }

    [Fact]
    public async Task DisposeAsync_DoesNotDisposeFallback()
    {
        var (inner, fallback) = (new Cancellable(), new Cancellable());

        await new CancellableCircuitBreakerClient(inner, new CircuitBreaker(), fallback).DisposeAsync();

        Assert.Equal((1, 0), (inner.Disposals, fallback.Disposals));
    }

    private sealed class Cancellable : ICancellable, IDisposable
    {
        public static Dictionary<string, Func<ICancellable, CancellationToken, Task>> CallsByShape { get; } = new()
        {
            [nameof(Run)] = static async (service, token) => service.Run(token),
            [nameof(Value)] = static async (service, token) => _ = service.Value(token),
            [nameof(Later)] = static (service, token) => service.Later(token),
            [nameof(Soon)] = static async (service, token) => await service.Soon(token),
        };

        public int Calls { get; private set; }

        public int Disposals { get; private set; }

        public CancellationToken Token { get; private set; }

        public void Run(CancellationToken cancellationToken) => Value(cancellationToken);

        public int Value(CancellationToken cancellationToken)
        {
            Token = cancellationToken;
            return ++Calls;
        }

        public Task Later(CancellationToken cancellationToken) => Task.FromResult(Value(cancellationToken));

        public ValueTask<int> Soon(CancellationToken cancellationToken) => new(Value(cancellationToken));

        public void Dispose() => Disposals++;
    }
}
