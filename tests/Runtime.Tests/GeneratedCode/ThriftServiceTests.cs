using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.GeneratedCode;

/// <summary>
/// The circuit breakers of a client: which there are, with which settings, for which methods, and for which channel.
/// </summary>
public sealed class ThriftServiceTests
{
    private static readonly CircuitBreakerOptions Options = new() { Name = "orders", FailMax = 7 };
    private static readonly ThriftMethod Ping = new("ping") { CircuitBreakerIndex = 0 };
    private static readonly ThriftMethod Find = new("find");
    private static readonly ThriftMethod Place = new("place") { MemberName = "PlaceAsync", CircuitBreakerIndex = 2 };
    private static readonly ThriftMethod Export = new("export") { CircuitBreakerIndex = 3, CallTimeout = TimeSpan.FromSeconds(60) };

    [Fact]
    public void OneCircuitBreakerIsTheGivenOne()
    {
        var breaker = new CircuitBreaker(Options);
        var calls = new CallInvoker<object>(new ThriftService<object>("Service", Options, Find, Ping), new object(), breaker, fallback: null);

        Assert.Same(breaker, calls.ServiceCircuitBreaker);
        Assert.Same(breaker, calls.GetCircuitBreaker("find"));
    }

    [Fact]
    public void MethodCircuitBreakersHaveTheSettingsOfTheGivenOneAndTheirOwn()
    {
        var breaker = new CircuitBreaker(Options with { FailMax = 4, MaxProbes = 3 });
        var calls = new CallInvoker<object>(Several(), new object(), breaker, fallback: null);

        Assert.Same(breaker, calls.GetCircuitBreaker("find"));
        Assert.Equal(("orders.place", 1, 3), Settings(calls.GetCircuitBreaker("PlaceAsync")));
        Assert.Equal(("orders.export", 4, 3), Settings(calls.GetCircuitBreaker("export")));
    }

    [Fact]
    public void FunctionIsCalledOnceForEachCircuitBreaker()
    {
        var asked = new List<CircuitBreakerOptions>();
        var calls = new CallInvoker<object>(
            Several(),
            new object(),
            options =>
            {
                asked.Add(options);
                return new CircuitBreaker(options);
            },
            fallback: null);

        Assert.Equal([("orders", 7), ("orders.place", 1), ("orders.export", 7)], asked.Select(static options => (options.Name, options.FailMax)));
        Assert.Equal("orders", calls.ServiceCircuitBreaker.Name);
        Assert.Equal("orders.place", calls.GetCircuitBreaker("PlaceAsync").Name);
    }

    [Fact]
    public void ServiceWithoutCircuitBreakerAsksForThoseOfItsMethodsOnly()
    {
        var asked = new List<string>();
        var service = new ThriftService<object>("Service", Options, Place, Export) { HasServiceCircuitBreaker = false, MethodCircuitBreakers = OfMethods() };

        _ = new CallInvoker<object>(
            service,
            new object(),
            options =>
            {
                asked.Add(options.Name);
                return new CircuitBreaker(options);
            },
            fallback: null);

        Assert.Equal(["orders.place", "orders.export"], asked);
    }

    [Fact]
    public void FunctionThatReturnsNullIsNamedWithTheCircuitBreaker()
    {
        var error = Assert.Throws<ArgumentException>("circuitBreakers", () => new CallInvoker<object>(Several(), new object(), static _ => null!, fallback: null));

        Assert.StartsWith("It returned no circuit breaker for 'orders'.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("place", "'orders' has no method 'place'.")]
    [InlineData("Find", "'orders' has no method 'Find'.")]
    [InlineData("ping", "'orders.ping' has no circuit breaker: its calls bypass it.")]
    public void GetCircuitBreakerOfAnotherMethodThrows(string method, string message)
    {
        var calls = new CallInvoker<object>(Several(), new object(), new CircuitBreaker(Options), fallback: null);

        Assert.StartsWith(message, Assert.Throws<ArgumentException>(nameof(method), () => calls.GetCircuitBreaker(method)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(nameof(method), () => calls.GetCircuitBreaker(null!));
    }

    [Fact]
    public void OverloadsShareTheCircuitBreakerOfTheirName()
    {
        var service = new ThriftService<object>("Service", Options, new ThriftMethod("f") { CircuitBreakerIndex = 0 }, new ThriftMethod("f"));
        var breaker = new CircuitBreaker(Options);

        Assert.Same(breaker, new CallInvoker<object>(service, new object(), breaker, fallback: null).GetCircuitBreaker("f"));
    }

    [Fact]
    public void ChannelGivesEachCircuitBreakerTheProbeTimeoutOfItsLongestCall()
    {
        var channel = new ThriftChannelOptions { AcquireTimeout = TimeSpan.FromSeconds(1), ConnectTimeout = TimeSpan.FromSeconds(1), CallTimeout = TimeSpan.FromSeconds(8) };
        var calls = new CallInvoker<object>(Several(), new ThriftChannel(new ThriftEndpoint("localhost", 1), channel), circuitBreaker: null, fallback: null);

        Assert.Equal(TimeSpan.FromSeconds(20), calls.ServiceCircuitBreaker.Options.ProbeTimeout);
        Assert.Equal(TimeSpan.FromSeconds(20), calls.GetCircuitBreaker("PlaceAsync").Options.ProbeTimeout);
        Assert.Equal(TimeSpan.FromSeconds(124), calls.GetCircuitBreaker("export").Options.ProbeTimeout);
        calls.Dispose();
    }

    [Theory]
    [InlineData(3, "ProbeTimeout (3 s) must be at least the channel's CallTimeout (3.5 s)")]
    [InlineData(59, "ProbeTimeout (59 s) must be at least the longest CallTimeoutSeconds of a method (60 s)")]
    public void ChannelRejectsAProbeTimeoutThatIsShorterThanACall(double probe, string message)
    {
        using var channel = new ThriftChannel(new ThriftEndpoint("localhost", 1), new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(3.5) });
        var options = Options with { ProbeTimeout = TimeSpan.FromSeconds(probe) };

        var error = Assert.Throws<ArgumentException>("options", () => new CallInvoker<object>(Several(), channel, new CircuitBreaker(options), fallback: null));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("options", () => new CallInvoker<object>(Several(), channel, given => new CircuitBreaker(given with { ProbeTimeout = options.ProbeTimeout }), fallback: null));
    }

    [Fact]
    public void FallbackMustImplementTheService()
    {
        var service = new ThriftService<IDisposable>("Service", Options);
        using var fallback = new MemoryStream();

        Assert.Null(service.ToFallback(null));
        Assert.Same(fallback, service.ToFallback(fallback));
        var error = Assert.Throws<ArgumentException>("fallback", () => service.ToFallback("text"));
        Assert.StartsWith("The fallback must implement System.IDisposable, and System.String does not.", error.Message, StringComparison.Ordinal);
    }

    private static (string Name, int FailMax, int MaxProbes) Settings(CircuitBreaker breaker) => (breaker.Name, breaker.Options.FailMax, breaker.Options.MaxProbes);

    private static ThriftService<object> Several()
        => new("Service", Options, Ping, Find, Place, Export) { CreateClient = static _ => new object(), MethodCircuitBreakers = OfMethods() };

    private static Func<CircuitBreakerOptions, CircuitBreakerOptions>[] OfMethods() =>
    [
        static options => options with { Name = options.Name + ".place", FailMax = 1 },
        static options => options with { Name = options.Name + ".export" },
    ];
}
