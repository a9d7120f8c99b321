using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Execution;

/// <summary>Disposal of the inner client, and the probe timeouts of circuit breakers for a channel.</summary>
public sealed class GeneratedClientHelpersTests
{
    [Fact]
    public void Dispose_IsPassedOn()
    {
        var disposable = new Disposable();
        var both = new Both();

        GeneratedClientHelpers.Dispose(disposable);
        GeneratedClientHelpers.Dispose(both);
        GeneratedClientHelpers.Dispose(new object());

        Assert.Equal(1, disposable.Disposed);
        Assert.Equal((1, 0), (both.Disposed, both.DisposedAsynchronously));
    }

    [Fact]
    public void Dispose_AsyncDisposableOnly_Waits()
    {
        var inner = new AsyncDisposable();

        GeneratedClientHelpers.Dispose(inner);

        Assert.Equal(1, inner.Disposed);
    }

    [Fact]
    public async Task DisposeAsync_IsPassedOn()
    {
        var asyncDisposable = new AsyncDisposable();
        var both = new Both();

        await GeneratedClientHelpers.DisposeAsync(asyncDisposable);
        await GeneratedClientHelpers.DisposeAsync(both);
        await GeneratedClientHelpers.DisposeAsync(new object());

        Assert.Equal(1, asyncDisposable.Disposed);
        Assert.Equal((0, 1), (both.Disposed, both.DisposedAsynchronously));
    }

    [Fact]
    public async Task DisposeAsync_DisposableOnly_Disposes()
    {
        var inner = new Disposable();

        await GeneratedClientHelpers.DisposeAsync(inner);

        Assert.Equal(1, inner.Disposed);
    }

    [Theory]
    [InlineData(0, 1, 1, 10)]
    [InlineData(1, 1, 3, 10)]
    [InlineData(1, 2, 2.5, 11)]
    [InlineData(5, 5, 60, 140)]
    public void ProbeTimeout_NotSet_IsTwiceConnectionAndCall(double lease, double connect, double call, double expected)
    {
        var channel = new ThriftChannelOptions
        {
            AcquireTimeout = TimeSpan.FromSeconds(lease),
            ConnectTimeout = TimeSpan.FromSeconds(connect),
            CallTimeout = TimeSpan.FromSeconds(call),
        };

        var breaker = GeneratedClientHelpers.CreateCircuitBreaker(channel, new CircuitBreakerOptions { Name = "orders", FailMax = 7 });

        Assert.Equal(TimeSpan.FromSeconds(expected), breaker.Options.ProbeTimeout);
        Assert.Equal(("orders", 7), (breaker.Name, breaker.Options.FailMax));
    }

    [Fact]
    public void ProbeTimeout_Set_IsKept()
    {
        var channel = new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(3) };
        var settings = new CircuitBreakerOptions { ProbeTimeout = TimeSpan.FromSeconds(3) };

        Assert.Equal(settings.ProbeTimeout, GeneratedClientHelpers.CreateCircuitBreaker(channel, settings).Options.ProbeTimeout);
    }

    [Theory]
    [InlineData(1, 1, 1, 10)]
    [InlineData(5, 5, 60, 140)]
    public void ProbeTimeout_UsersCircuitBreaker_IsExtended(double lease, double connect, double call, double expected)
    {
        var channel = new ThriftChannelOptions
        {
            AcquireTimeout = TimeSpan.FromSeconds(lease),
            ConnectTimeout = TimeSpan.FromSeconds(connect),
            CallTimeout = TimeSpan.FromSeconds(call),
        };
        var circuit = TestCircuit.Create(new() { ProbeTimeout = null });
        Assert.Same(circuit.CircuitBreaker, GeneratedClientHelpers.ConfigureForChannel(channel, circuit.CircuitBreaker));
        Assert.Same(circuit.CircuitBreaker, GeneratedClientHelpers.ConfigureForChannel(new ThriftChannelOptions { AcquireTimeout = TimeSpan.Zero, ConnectTimeout = TimeSpan.FromSeconds(1), CallTimeout = TimeSpan.FromTicks(1) }, circuit.CircuitBreaker));

        circuit.CircuitBreaker.HalfOpen();
        _ = circuit.Enter();
        circuit.Clock.Advance(TimeSpan.FromSeconds(expected) - TestCircuit.Tick);
        circuit.Reject();
        Assert.Equal(CircuitState.HalfOpen, circuit.CircuitBreaker.State);
        circuit.Clock.Advance(TestCircuit.Tick);
        circuit.Reject();
        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void ProbeTimeout_UsersFactory_IsExtended()
    {
        var channel = new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(3.5) };
        var make = GeneratedClientHelpers.ConfigureForChannel(channel, static settings => new CircuitBreaker(settings));

        Assert.Equal("orders", make(new() { Name = "orders" }).Name);
        Assert.Throws<ArgumentException>("options", () => make(new() { ProbeTimeout = TimeSpan.FromSeconds(3) }));
        Assert.Throws<ArgumentException>("breakers", () => GeneratedClientHelpers.ConfigureForChannel(channel, static _ => null!)(new()));
    }

    [Fact]
    public void NullArguments_Throw()
    {
        Assert.Throws<ArgumentNullException>("options", static () => GeneratedClientHelpers.ConfigureForChannel(null!, new CircuitBreaker()));
        Assert.Throws<ArgumentNullException>("breaker", static () => GeneratedClientHelpers.ConfigureForChannel(new(), (CircuitBreaker)null!));
        Assert.Throws<ArgumentNullException>("breakers", static () => GeneratedClientHelpers.ConfigureForChannel(new(), (Func<CircuitBreakerOptions, CircuitBreaker>)null!));
    }

    [Fact]
    public void ProbeTimeout_ShorterThanCall_UsersCircuitBreaker_Throws()
        => Assert.Throws<ArgumentException>("options", static () => GeneratedClientHelpers.ConfigureForChannel(
            new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(3.5) }, new CircuitBreaker(new() { ProbeTimeout = TimeSpan.FromSeconds(3) })));

    [Fact]
    public void Update_ProbeTimeoutShorterThanCallOfAClient_Throws()
    {
        var breaker = new CircuitBreaker(new() { Name = "orders" });
        GeneratedClientHelpers.ConfigureForChannel(new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(3.5) }, breaker);
        GeneratedClientHelpers.ConfigureForChannel(new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(1) }, breaker);

        var error = Assert.Throws<ArgumentException>("options", () => breaker.Update(breaker.Options with { ProbeTimeout = TimeSpan.FromSeconds(3) }));
        Assert.StartsWith("ProbeTimeout (3 s) must be at least the longest call timeout of the clients of the circuit breaker 'orders' (3.5 s)", error.Message, StringComparison.Ordinal);
        Assert.Null(breaker.Options.ProbeTimeout);

        breaker.Update(breaker.Options with { ProbeTimeout = TimeSpan.FromSeconds(3.5) });
        Assert.Equal(TimeSpan.FromSeconds(3.5), breaker.Options.ProbeTimeout);
    }

    [Fact]
    public void ProbeTimeout_ShorterThanLongestMethod_Throws()
    {
        var error = Assert.Throws<ArgumentException>("options", static () => GeneratedClientHelpers.ConfigureForChannel(
            new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(1) }, new CircuitBreaker(new() { ProbeTimeout = TimeSpan.FromSeconds(3) }), TimeSpan.FromSeconds(60)));
        Assert.StartsWith("ProbeTimeout (3 s) must be at least the longest CallTimeoutSeconds of a method (60 s)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProbeTimeout_ShorterThanCall_Throws()
    {
        var channel = new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(3.5) };
        var settings = new CircuitBreakerOptions { ProbeTimeout = TimeSpan.FromSeconds(3) };

        var error = Assert.Throws<ArgumentException>("options", () => GeneratedClientHelpers.CreateCircuitBreaker(channel, settings));
        Assert.StartsWith("ProbeTimeout (3 s) must be at least the channel's CallTimeout (3.5 s)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NullChannelOptions_Throws()
        => Assert.Throws<ArgumentNullException>("options", static () => GeneratedClientHelpers.CreateCircuitBreaker(null!, new CircuitBreakerOptions()));

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
