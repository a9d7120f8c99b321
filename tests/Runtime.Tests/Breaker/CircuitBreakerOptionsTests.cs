namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>The options: defaults, limits and messages.</summary>
public sealed class CircuitBreakerOptionsTests
{
    public static TheoryData<TimeSpan> InvalidDurations => [TimeSpan.Zero, -TestCircuit.Tick, TimeSpan.MinValue, Timeout.InfiniteTimeSpan];

    public static TheoryData<TimeSpan> Durations => [TestCircuit.Tick, TimeSpan.FromDays(1), TimeSpan.MaxValue];

    [Fact]
    public void Defaults_AreThoseOfPybreaker()
    {
        var options = new CircuitBreakerOptions();

        Assert.Equal("circuit", options.Name);
        Assert.Equal(5, options.FailMax);
        Assert.Equal(TimeSpan.FromSeconds(60), options.ResetTimeout);
        Assert.Equal(1, options.SuccessThreshold);
        Assert.Null(options.ProbeTimeout);
        Assert.False(options.ThrowOnTrip);
        Assert.Same(TimeProvider.System, options.TimeProvider);
    }

    [Fact]
    public void Defaults_OfAttribute_AreTheSame()
    {
        var options = new CircuitBreakerOptions();
        var attribute = new CircuitBreakerAttribute();

        Assert.Equal(options.FailMax, attribute.FailMax);
        Assert.Equal(options.ResetTimeout.TotalSeconds, attribute.ResetTimeoutSeconds);
        Assert.Equal(options.SuccessThreshold, attribute.SuccessThreshold);
        Assert.Equal(options.ThrowOnTrip, attribute.ThrowOnTrip);
        Assert.Null(attribute.Name);
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1_000_001)]
    [InlineData(int.MaxValue)]
    public void FailMax_OutOfRange_Throws(int failMax)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("FailMax", () => new CircuitBreakerOptions { FailMax = failMax });

        Assert.Equal(failMax, error.ActualValue);
        Assert.StartsWith("FailMax must be between 1 and 1,000,000.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1_001)]
    [InlineData(int.MaxValue)]
    public void SuccessThreshold_OutOfRange_Throws(int successThreshold)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            "SuccessThreshold", () => new CircuitBreakerOptions { SuccessThreshold = successThreshold });

        Assert.Equal(successThreshold, error.ActualValue);
        Assert.StartsWith("SuccessThreshold must be between 1 and 1,000.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(InvalidDurations))]
    public void ResetTimeout_NotPositive_Throws(TimeSpan resetTimeout)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            "ResetTimeout", () => new CircuitBreakerOptions { ResetTimeout = resetTimeout });

        Assert.Equal(resetTimeout, error.ActualValue);
        Assert.StartsWith("ResetTimeout must be greater than zero.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(InvalidDurations))]
    public void ProbeTimeout_NotPositive_Throws(TimeSpan probeTimeout)
        => Assert.Throws<ArgumentOutOfRangeException>("ProbeTimeout", () => new CircuitBreakerOptions { ProbeTimeout = probeTimeout });

    [Fact]
    public void NameOrTimeProvider_Null_Throws()
    {
        Assert.Throws<ArgumentNullException>("Name", static () => new CircuitBreakerOptions { Name = null! });
        Assert.Throws<ArgumentNullException>("TimeProvider", static () => new CircuitBreakerOptions { TimeProvider = null! });
    }

    [Fact]
    public void Copy_IsValidated()
    {
        var options = new CircuitBreakerOptions { FailMax = 2 };

        Assert.Throws<ArgumentOutOfRangeException>("FailMax", () => options with { FailMax = 0 });
        Assert.Equal(2, (options with { SuccessThreshold = 3 }).FailMax);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public void FailMax_AtItsLimit_IsAccepted(int failMax) => Assert.Equal(failMax, new CircuitBreakerOptions { FailMax = failMax }.FailMax);

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public void SuccessThreshold_AtItsLimit_IsAccepted(int successThreshold)
        => Assert.Equal(successThreshold, new CircuitBreakerOptions { SuccessThreshold = successThreshold }.SuccessThreshold);

    [Theory]
    [MemberData(nameof(Durations))]
    public void ResetTimeout_Positive_IsAccepted(TimeSpan duration)
    {
        var options = new CircuitBreakerOptions { ResetTimeout = duration, MaxResetTimeout = duration };

        Assert.Equal(duration, options.ResetTimeout);
        Assert.Equal(duration, options.MaxResetTimeout);
    }

    [Fact]
    public void ProbeTimeout_HasAnUpperLimit()
    {
        var longest = TimeSpan.FromDays(24);
        Assert.Equal(longest, new CircuitBreakerOptions { ProbeTimeout = longest }.ProbeTimeout);

        var error = Assert.Throws<ArgumentOutOfRangeException>("ProbeTimeout", () => new CircuitBreakerOptions { ProbeTimeout = longest + TestCircuit.Tick });
        Assert.StartsWith("ProbeTimeout must be greater than zero and at most 24 days.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FailMax_Highest_Trips()
    {
        var circuit = TestCircuit.Closed(failMax: 1_000_000);

        circuit.Fail(times: 999_999);
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
        circuit.Fail();

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void SuccessThreshold_Highest_Closes()
    {
        var circuit = TestCircuit.Due(successThreshold: 1_000);

        for (var success = 1; success < 1_000; success++)
        {
            circuit.Succeed();
            Assert.Equal(success, circuit.CircuitBreaker.SuccessCount);
        }

        circuit.Succeed();
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void CircuitBreaker_HasItsOptions()
    {
        var options = new CircuitBreakerOptions { Name = "orders" };
        var breaker = new CircuitBreaker(options);

        Assert.Same(options, breaker.Options);
        Assert.Equal("orders", breaker.Name);
        Assert.Throws<ArgumentNullException>("options", static () => new CircuitBreaker(null!));
    }
}
