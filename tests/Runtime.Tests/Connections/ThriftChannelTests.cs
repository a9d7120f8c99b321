namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>
/// A channel before its first connection and after its disposal. Calls require a server: see Integration.Tests.
/// </summary>
public sealed class ThriftChannelTests
{
    private static readonly ThriftEndpoint Nowhere = new("localhost", 1);

    [Fact]
    public void Constructor_NullArgument_Throws()
    {
        Assert.Throws<ArgumentNullException>("endpoint", static () => new ThriftChannel((ThriftEndpoint)null!));
        Assert.Throws<ArgumentNullException>("endpoint", static () => new ThriftChannel((ThriftEndpoint)null!, new ThriftChannelOptions()));
        Assert.Throws<ArgumentNullException>("options", static () => new ThriftChannel(Nowhere, null!));
    }

    [Fact]
    public void EndpointAndOptions_AreThoseOfTheConstructor()
    {
        var options = new ThriftChannelOptions { ConnectionPerCall = true };
        using var channel = new ThriftChannel(Nowhere, options);

        Assert.Same(Nowhere, channel.Endpoint);
        Assert.Same(options, channel.Options);
    }

    [Fact]
    public void Constructor_NullOrEmptyEndpoints_Throws()
    {
        Assert.Throws<ArgumentNullException>("endpoints", static () => new ThriftChannel((ThriftEndpoint[])null!));
        Assert.Throws<ArgumentNullException>("source", static () => new ThriftChannel((IEndpointSource)null!));
        Assert.Throws<ArgumentNullException>("options", static () => new ThriftChannel([Nowhere], null!));
        Assert.StartsWith(
            "The list of endpoints is empty: name at least one server.",
            Assert.Throws<ArgumentException>("endpoints", static () => new ThriftChannel([])).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "The list of endpoints contains null.",
            Assert.Throws<ArgumentException>("endpoints", static () => new ThriftChannel([Nowhere, null!])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_ContradictoryEndpointCircuitBreaker_Throws()
    {
        Assert.StartsWith(
            "SlowCallRatio requires SlowCallDuration, the duration from which a call is slow.",
            AssertRejected(new ThriftChannelOptions { EndpointCircuitBreaker = new CircuitBreakerOptions { SlowCallRatio = 0.5 } }).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "ProbeTimeout (1 s) must be at least the channel's CallTimeout (10 s)",
            AssertRejected(new ThriftChannelOptions { EndpointCircuitBreaker = new CircuitBreakerOptions { ProbeTimeout = TimeSpan.FromSeconds(1) } }).Message,
            StringComparison.Ordinal);

        static ArgumentException AssertRejected(ThriftChannelOptions options) => Assert.Throws<ArgumentException>(() => new ThriftChannel([Nowhere], options));
    }

    [Fact]
    public void Endpoints_OfSeveral_HaveCircuitBreakers()
    {
        using var channel = new ThriftChannel([Nowhere, new("localhost", 2)], new ThriftChannelOptions { EndpointCircuitBreaker = new CircuitBreakerOptions { Name = "orders", FailMax = 7 } });

        Assert.Null(channel.Endpoint);
        Assert.Equal([1, 2], channel.Endpoints.Select(static endpoint => endpoint.Endpoint.Port));
        Assert.Equal(["orders localhost:1 (buffered, binary)", "orders localhost:2 (buffered, binary)"], channel.Endpoints.Select(static endpoint => endpoint.CircuitBreaker.Name));
        Assert.All(channel.Endpoints, static endpoint => Assert.Equal((7, CircuitState.Closed, 0), (endpoint.CircuitBreaker.Options.FailMax, endpoint.CircuitBreaker.State, endpoint.ActiveCalls)));
    }

    [Fact]
    public void Endpoints_OfOne_IsEmpty()
    {
        using var channel = new ThriftChannel(Nowhere);

        Assert.Empty(channel.Endpoints);
        Assert.Null(channel.SourceException);
    }

    [Fact]
    public async Task Acquire_AfterDispose_Throws()
    {
        var channel = new ThriftChannel(Nowhere);
        await channel.DisposeAsync();
        await channel.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await channel.SingleEndpoint!.AcquireAsync(CancellationToken.None));
    }
}
