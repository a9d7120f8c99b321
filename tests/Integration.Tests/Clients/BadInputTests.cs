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
        Assert.Throws<ArgumentNullException>("circuitBreaker", () => new Calculator.CircuitBreakerClient(new Servers.CalculatorHandler(), null!));
        Assert.Throws<ArgumentNullException>("host", () => Calculator.CircuitBreakerClient.Connect(null!, 9090));
        Assert.Throws<ArgumentNullException>("endpoint", () => Calculator.CircuitBreakerClient.Connect((ThriftEndpoint)null!));
        Assert.Throws<ArgumentNullException>("channel", () => Calculator.CircuitBreakerClient.Connect((ThriftChannel)null!));
        Assert.Throws<ArgumentNullException>("channel", () => Calculator.CircuitBreakerClient.Connect((ThriftChannel)null!, new CircuitBreaker()));
        Assert.Throws<ArgumentNullException>("circuitBreakers", () => Connect<Calculator.CircuitBreakerClient>(new ThriftChannel(Endpoint, Options), null!));
        Assert.Throws<ArgumentNullException>("client", () => WithPipeline<Calculator.CircuitBreakerClient>(null!, new Pipeline()));
        Assert.Throws<ArgumentNullException>("pipeline", () => WithPipeline(Calculator.CircuitBreakerClient.Connect(Endpoint), null!));
    }

    [Fact]
    public async Task MissingOptionsAndCircuitBreakersAreTheDefaults()
    {
        await using var client = Calculator.CircuitBreakerClient.Connect(Endpoint, options: null, circuitBreaker: null, fallback: null);

        Assert.Equal(Calculator.CircuitBreakerClient.DefaultOptions.Name, client.CircuitBreaker.Name);
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

        Assert.Equal(TimeSpan.FromSeconds(134), ChannelCircuitBreakers.Create(slow, Calculator.CircuitBreakerClient.DefaultOptions).Options.ProbeTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), ChannelCircuitBreakers.Create(quick, Calculator.CircuitBreakerClient.DefaultOptions).Options.ProbeTimeout);
        Assert.Equal(TimeSpan.FromSeconds(61), ChannelCircuitBreakers.Create(slow, own).Options.ProbeTimeout);
    }

    private static T Connect<T>(ThriftChannel channel, Func<CircuitBreakerOptions, CircuitBreaker> circuitBreakers)
        where T : class, IThriftClient<T>
        => T.Connect(channel, circuitBreakers);

    private static T WithPipeline<T>(T client, ICallPipeline pipeline)
        where T : class, IThriftClient<T>
        => T.WithPipeline(client, pipeline);

    private sealed class Pipeline : ICallPipeline
    {
        public Task<TResult> ExecuteAsync<TState, TResult>(
            ThriftMethod method, TState state, Func<TState, CancellationToken, Task<TResult>> attempt, CancellationToken cancellationToken)
            => attempt(state, cancellationToken);
    }
}
