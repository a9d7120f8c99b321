using Circuit.Calculators;

namespace ThriftBreaker.Integration.Tests.Clients;

/// <summary>A service with every setting of the attribute.</summary>
[CircuitBreaker(
    Name = "every", FailMax = 7, ResetTimeoutSeconds = 20, SuccessThreshold = 3, MaxProbes = 2, ProbeTimeoutSeconds = 4, ThrowOnTrip = true,
    FailureRatio = 0.5, SlowCallDurationSeconds = 1.5, SlowCallRatio = 0.25, SamplingDurationSeconds = 45, MinimumThroughput = 9,
    BackoffMultiplier = 2, MaxResetTimeoutSeconds = 120, Jitter = 0.1, Mode = CircuitMode.ReportOnly, CancelledCountsAsFailureAfterSeconds = 6,
    Exclude = new[] { typeof(KeyNotFoundException) }, Ignore = new[] { typeof(ArgumentException), typeof(FormatException) }, FailOn = new[] { typeof(Overflow) })]
public interface IEverySetting
{
    void Run();
}

/// <summary>A service with a count-based sampling window.</summary>
[CircuitBreaker(FailureRatio = 1, SamplingCalls = 12)]
public interface ILatestCalls
{
    void Run();
}

/// <summary>A contract with a declared exception that counts as a failure.</summary>
[CircuitBreaker(FailMax = 1, FailOn = new[] { typeof(Overflow) })]
public interface IStrictCalculator : Calculator.IAsync;

/// <summary>A contract with a circuit breaker for each method, over a channel.</summary>
[CircuitBreaker(Scope = CircuitBreakerScope.Method)]
[CircuitBreakerMethod(nameof(Calculator.IAsync.slow), ProbeTimeoutSeconds = 5)]
public interface ISeparateCalculator : Calculator.IAsync;

/// <summary>The circuit breaker applies the settings of the attribute.</summary>
public sealed class AttributeSettingsTests
{
    [Fact]
    public void DefaultOptions_ContainEverySettingOfTheAttribute()
    {
        var options = EverySettingCircuitBreakerClient.DefaultOptions;

        Assert.Equal([typeof(KeyNotFoundException)], options.Exclude);
        Assert.Equal([typeof(ArgumentException), typeof(FormatException)], options.Ignore);
        Assert.Equal([typeof(Overflow)], options.FailOn);
        Assert.Equal(
            new CircuitBreakerOptions
            {
                Name = "every",
                FailMax = 7,
                ResetTimeout = TimeSpan.FromSeconds(20),
                SuccessThreshold = 3,
                MaxProbes = 2,
                ProbeTimeout = TimeSpan.FromSeconds(4),
                ThrowOnTrip = true,
                FailureRatio = 0.5,
                SlowCallDuration = TimeSpan.FromSeconds(1.5),
                SlowCallRatio = 0.25,
                SamplingDuration = TimeSpan.FromSeconds(45),
                MinimumThroughput = 9,
                BackoffMultiplier = 2,
                MaxResetTimeout = TimeSpan.FromSeconds(120),
                Jitter = 0.1,
                Mode = CircuitMode.ReportOnly,
                CancelledCountsAsFailureAfter = TimeSpan.FromSeconds(6),
            },
            options with { Exclude = [], Ignore = [], FailOn = [] });
    }

    [Fact]
    public void DefaultOptions_OtherSettings_HaveTheirDefaults()
        => Assert.Equal(
            new CircuitBreakerOptions { Name = "LatestCalls", FailureRatio = 1, SamplingCalls = 12 },
            LatestCallsCircuitBreakerClient.DefaultOptions);

    [Fact]
    public async Task FailOn_DeclaredException_IsAFailure()
    {
        var server = new Servers.CalculatorHandler();
        await using var client = new StrictCalculatorCircuitBreakerClient(server);

        await Assert.ThrowsAsync<DivisionByZero>(() => client.calculate(Calls.DivideByZero, TestContext.Current.CancellationToken));
        Assert.Equal(CircuitState.Closed, client.CircuitBreaker.State);

        await Assert.ThrowsAsync<Overflow>(
            () => client.calculate(new Work(int.MaxValue, 2) { Operation = Operation.MULTIPLY }, TestContext.Current.CancellationToken));
        Assert.Equal(CircuitState.Open, client.CircuitBreaker.State);
    }

    [Fact]
    public void OutcomeClassifier_GetsResultOfSynchronousMethod()
    {
        var options = ShapesCircuitBreakerClient.DefaultOptions with
        {
            FailMax = 1,
            OutcomeClassifier = static end => end is { Method: nameof(IShapes.Value), Result: 503 } ? CallOutcome.Failure : null,
        };
        using var client = new ShapesCircuitBreakerClient(new Shapes(), new CircuitBreaker(options));

        Assert.Equal(200, client.Value(200));
        Assert.Equal(CircuitState.Closed, client.CircuitBreaker.State);

        Assert.Equal(503, client.Value(503));
        Assert.Equal(CircuitState.Open, client.CircuitBreaker.State);
    }

    [Fact]
    public async Task ProbeTimeout_Default_IsTwiceTheCallOverTheChannel()
    {
        var channel = new ThriftChannelOptions { AcquireTimeout = TimeSpan.Zero, ConnectTimeout = TimeSpan.FromSeconds(7), CallTimeout = TimeSpan.FromSeconds(3) };
        await using var client = SeparateCalculatorCircuitBreakerClient.Connect(UnusedEndpoint, channel);

        Assert.Equal(TimeSpan.FromSeconds(20), client.GetCircuitBreaker(nameof(Calculator.IAsync.echo)).Options.ProbeTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), client.GetCircuitBreaker(nameof(Calculator.IAsync.slow)).Options.ProbeTimeout);
    }

    [Fact]
    public void ProbeTimeout_ShorterThanCall_Throws()
        => Assert.Throws<ArgumentException>(
            "options",
            static () => SeparateCalculatorCircuitBreakerClient.Connect(UnusedEndpoint, new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(6) }));

    [Fact]
    public void ProbeTimeout_ShorterThanCall_OfGivenCircuitBreaker_Throws()
    {
        var sixSeconds = new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(6) };

        Assert.Throws<ArgumentException>(
            "options", () => SeparateCalculatorCircuitBreakerClient.Connect(UnusedEndpoint, sixSeconds, static settings => new CircuitBreaker(settings)));
        Assert.Throws<ArgumentException>(
            "options", () => Calculator.CircuitBreakerClient.Connect(UnusedEndpoint, sixSeconds, new CircuitBreaker(new() { ProbeTimeout = TimeSpan.FromSeconds(5) })));
    }

    [Fact]
    public async Task Connect_WithFactoryAndFallback_UsesBoth()
    {
        await using var client = SeparateCalculatorCircuitBreakerClient.Connect(
            UnusedEndpoint, new ThriftChannelOptions { CallTimeout = TimeSpan.FromSeconds(5) }, static settings => new CircuitBreaker(settings), new Servers.CalculatorHandler());
        client.GetCircuitBreaker(nameof(Calculator.IAsync.echo)).SetMode(CircuitMode.Isolated);

        Assert.Equal("hello", await client.echo("hello", TestContext.Current.CancellationToken));
    }

    /// <summary>An endpoint that is never connected.</summary>
    private static ThriftEndpoint UnusedEndpoint => new("localhost", 1);
}
