namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>The circuit breaker of a client over a channel allows its probes enough time for their calls.</summary>
public sealed class ChannelCircuitBreakersTests
{
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

        var breaker = ChannelCircuitBreakers.Create(channel, new CircuitBreakerOptions { Name = "orders", FailMax = 7 });

        Assert.Equal(TimeSpan.FromSeconds(expected), breaker.Options.ProbeTimeout);
        Assert.Equal(("orders", 7), (breaker.Name, breaker.Options.FailMax));
    }

    [Fact]
    public void ProbeTimeout_Set_IsKept()
    {
        var channel = new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(3) };
        var settings = new CircuitBreakerOptions { ProbeTimeout = TimeSpan.FromSeconds(3) };

        Assert.Equal(settings.ProbeTimeout, ChannelCircuitBreakers.Create(channel, settings).Options.ProbeTimeout);
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
        Assert.Same(circuit.CircuitBreaker, ChannelCircuitBreakers.Configure(channel, circuit.CircuitBreaker));
        Assert.Same(circuit.CircuitBreaker, ChannelCircuitBreakers.Configure(new ThriftChannelOptions { AcquireTimeout = TimeSpan.Zero, ConnectTimeout = TimeSpan.FromSeconds(1), CallTimeout = TimeSpan.FromTicks(1) }, circuit.CircuitBreaker));

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
    public void AProbeTimeoutThatIsShorterThanACallIsRefusedOfTheUsersOwnCircuitToo()
        => Assert.Throws<ArgumentException>("options", static () => ChannelCircuitBreakers.Configure(
            new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(3.5) }, new CircuitBreaker(new() { ProbeTimeout = TimeSpan.FromSeconds(3) })));

    [Fact]
    public void Update_ProbeTimeoutShorterThanCallOfAClient_Throws()
    {
        var breaker = new CircuitBreaker(new() { Name = "orders" });
        ChannelCircuitBreakers.Configure(new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(3.5) }, breaker);
        ChannelCircuitBreakers.Configure(new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(1) }, breaker);

        var error = Assert.Throws<ArgumentException>("options", () => breaker.Update(breaker.Options with { ProbeTimeout = TimeSpan.FromSeconds(3) }));
        Assert.StartsWith("ProbeTimeout (3 s) must be at least the longest call timeout of the clients of the circuit breaker 'orders' (3.5 s)", error.Message, StringComparison.Ordinal);
        Assert.Null(breaker.Options.ProbeTimeout);

        breaker.Update(breaker.Options with { ProbeTimeout = TimeSpan.FromSeconds(3.5) });
        Assert.Equal(TimeSpan.FromSeconds(3.5), breaker.Options.ProbeTimeout);
    }

    [Fact]
    public void ProbeTimeout_ShorterThanLongestMethod_Throws()
    {
        var error = Assert.Throws<ArgumentException>("options", static () => ChannelCircuitBreakers.Configure(
            new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(1) }, new CircuitBreaker(new() { ProbeTimeout = TimeSpan.FromSeconds(3) }), TimeSpan.FromSeconds(60)));
        Assert.StartsWith("ProbeTimeout (3 s) must be at least the longest CallTimeoutSeconds of a method (60 s)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProbeTimeout_ShorterThanCall_Throws()
    {
        var channel = new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(3.5) };
        var settings = new CircuitBreakerOptions { ProbeTimeout = TimeSpan.FromSeconds(3) };

        var error = Assert.Throws<ArgumentException>("options", () => ChannelCircuitBreakers.Create(channel, settings));
        Assert.StartsWith("ProbeTimeout (3 s) must be at least the channel's CallTimeout (3.5 s)", error.Message, StringComparison.Ordinal);
    }
}
