namespace ThriftBreaker.Integration.Tests.Clients;

/// <summary>The generated code of each method shape.</summary>
public sealed class ShapesTests : IDisposable
{
    private readonly Shapes _inner = new();
    private readonly ShapesCircuitBreakerClient _client;

    public ShapesTests() => _client = new ShapesCircuitBreakerClient(_inner);

    public static TheoryData<string> Names { get; } = [.. Shapes.CallsByShape.Keys];

    public void Dispose() => _client.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Call_ReturnsResult(string shape)
    {
        Assert.Equal(7, await Shapes.CallsByShape[shape](_client));
        Assert.Equal(1, _inner.Calls);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Failures_OpenCircuitAndRejectNextCall(string shape)
    {
        _inner.Error = new TimeoutException();
        for (var call = 1; call <= 2; call++)
        {
            Assert.Same(_inner.Error, await Record.ExceptionAsync(async () => await Shapes.CallsByShape[shape](_client)));
        }

        Assert.Equal(CircuitState.Open, _client.CircuitBreaker.State);
        await Assert.ThrowsAsync<CircuitOpenException>(async () => await Shapes.CallsByShape[shape](_client));
        Assert.Equal(2, _inner.Calls);
    }

    [Fact]
    public void RejectedCall_ReturnsFaultedTask()
    {
        _client.CircuitBreaker.Open();
        var rejected = _client.ValueLater(7, TestContext.Current.CancellationToken);
        Assert.IsType<CircuitOpenException>(rejected.Exception?.InnerException);
    }
}
