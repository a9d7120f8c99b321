namespace ThriftBreaker.Integration.Tests;

/// <summary>A service of every shape that a method may have: what the compiler wrote for it, run.</summary>
[CircuitBreaker(FailMax = 2, ResetTimeoutSeconds = 10)]
public interface IShapes
{
    void Run();

    int Value(int number);

    Task Later();

    Task<int> ValueLater(int number, CancellationToken cancellationToken = default);

    ValueTask Soon();

    ValueTask<int> ValueSoon(int number);
}

public sealed class ShapesTests : IDisposable
{
    private readonly Shapes _inner = new();
    private readonly ShapesCircuitBreakerClient _client;

    public ShapesTests() => _client = new ShapesCircuitBreakerClient(_inner);

    /// <summary>Each shape as a call whose result, if it has one, is 7.</summary>
    private static Dictionary<string, Func<IShapes, ValueTask<int>>> Calls { get; } = new()
    {
        [nameof(IShapes.Run)] = static shapes => { shapes.Run(); return new(7); },
        [nameof(IShapes.Value)] = static shapes => new(shapes.Value(7)),
        [nameof(IShapes.Later)] = static async shapes => { await shapes.Later(); return 7; },
        [nameof(IShapes.ValueLater)] = static async shapes => await shapes.ValueLater(7),
        [nameof(IShapes.Soon)] = static async shapes => { await shapes.Soon(); return 7; },
        [nameof(IShapes.ValueSoon)] = static shapes => shapes.ValueSoon(7),
    };

    public static TheoryData<string> Names { get; } = [.. Calls.Keys];

    public void Dispose() => _client.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ACallGoesThroughAndItsResultComesBack(string shape)
    {
        Assert.Equal(7, await Calls[shape](_client));
        Assert.Equal(1, _inner.Calls);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task FailuresOpenTheCircuitAndTheNextCallIsNotMade(string shape)
    {
        _inner.Error = new TimeoutException();
        for (var call = 1; call <= 2; call++)
        {
            Assert.Same(_inner.Error, await Record.ExceptionAsync(async () => await Calls[shape](_client)));
        }

        Assert.Equal(CircuitState.Open, _client.Breaker.State);
        await Assert.ThrowsAsync<CircuitOpenException>(async () => await Calls[shape](_client));
        Assert.Equal(2, _inner.Calls);
    }

    [Fact]
    public void ARejectedTaskIsFaultedAndNothingIsThrown()
    {
        _client.Breaker.Open();
        var rejected = _client.ValueLater(7, TestContext.Current.CancellationToken);
        Assert.IsType<CircuitOpenException>(rejected.Exception?.InnerException);
    }

    private sealed class Shapes : IShapes
    {
        public Exception? Error { get; set; }

        public int Calls { get; private set; }

        public void Run() => Call(0);

        public int Value(int number) => Call(number);

        public async Task Later()
        {
            await Task.Yield();
            Call(0);
        }

        public async Task<int> ValueLater(int number, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return Call(number);
        }

        public async ValueTask Soon()
        {
            await Task.Yield();
            Call(0);
        }

        public async ValueTask<int> ValueSoon(int number)
        {
            await Task.Yield();
            return Call(number);
        }

        private int Call(int number)
        {
            Calls++;
            return Error is null ? number : throw Error;
        }
    }
}
