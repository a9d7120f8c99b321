using Circuit.Calculators;
using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Integration.Tests.Clients;

/// <summary>The exceptions of generated clients for invalid arguments.</summary>
public sealed class BadInputTests
{
    private static readonly ThriftEndpoint Endpoint = new("127.0.0.1", 9090);
    private static readonly ThriftChannelOptions Options = new();

    [Fact]
    public void NullArgument_Throws()
    {
        Assert.Throws<ArgumentNullException>("inner", () => new Calculator.CircuitBreakerClient(null!));
        Assert.Throws<ArgumentNullException>("inner", () => new Calculator.CircuitBreakerClient(null!, new CircuitBreaker()));
        Assert.Throws<ArgumentNullException>("breaker", () => new Calculator.CircuitBreakerClient(new Servers.CalculatorHandler(), null!));
        Assert.Throws<ArgumentNullException>("host", () => Calculator.CircuitBreakerClient.Connect(null!, 9090));
        Assert.Throws<ArgumentNullException>("endpoint", () => Calculator.CircuitBreakerClient.Connect((ThriftEndpoint)null!));
        Assert.Throws<ArgumentNullException>("options", () => Calculator.CircuitBreakerClient.Connect(Endpoint, null!));
        Assert.Throws<ArgumentNullException>("options", () => Calculator.CircuitBreakerClient.Connect(Endpoint, null!, new CircuitBreaker()));
        Assert.Throws<ArgumentNullException>("breaker", () => Calculator.CircuitBreakerClient.Connect(Endpoint, Options, null!));
        Assert.Throws<ArgumentNullException>("channel", () => new Calculator.ChannelClient(null!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(70_000)]
    public void Port_OutOfRange_Throws(int port)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(nameof(port), () => Calculator.CircuitBreakerClient.Connect("127.0.0.1", port));

        Assert.Equal(port, error.ActualValue);
        Assert.StartsWith("A TCP port must be between 1 and 65535.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Host_Blank_Throws(string host)
    {
        var error = Assert.Throws<ArgumentException>(nameof(host), () => Calculator.CircuitBreakerClient.Connect(host, 9090));

        Assert.Contains("empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProbeTimeout_CoversTheTimeoutsOfTheChannel()
    {
        var slow = new ThriftChannelOptions { AcquireTimeout = TimeSpan.FromSeconds(2), ConnectTimeout = TimeSpan.FromSeconds(5), CallTimeout = TimeSpan.FromSeconds(60) };
        var quick = new ThriftChannelOptions { AcquireTimeout = TimeSpan.FromSeconds(1), ConnectTimeout = TimeSpan.FromSeconds(1), CallTimeout = TimeSpan.FromSeconds(1) };
        var own = Calculator.CircuitBreakerClient.DefaultOptions with { ProbeTimeout = TimeSpan.FromSeconds(61) };

        Assert.Equal(TimeSpan.FromSeconds(134), GeneratedClientHelpers.CreateCircuitBreaker(slow, Calculator.CircuitBreakerClient.DefaultOptions).Options.ProbeTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), GeneratedClientHelpers.CreateCircuitBreaker(quick, Calculator.CircuitBreakerClient.DefaultOptions).Options.ProbeTimeout);
        Assert.Equal(TimeSpan.FromSeconds(61), GeneratedClientHelpers.CreateCircuitBreaker(slow, own).Options.ProbeTimeout);
    }
}
