namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>The settings of a channel: their defaults, their limits, and what a wrong one says.</summary>
public sealed class ThriftChannelOptionsTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    public static TheoryData<TimeSpan> NoDeadlines =>
        [TimeSpan.Zero, -TestCircuit.Tick, Timeout.InfiniteTimeSpan, TimeSpan.MinValue, Longest + TestCircuit.Tick, TimeSpan.MaxValue];

    public static TheoryData<TimeSpan> Deadlines => [TestCircuit.Tick, TimeSpan.FromSeconds(1), Longest];

    [Fact]
    public void TheDefaults()
    {
        var options = new ThriftChannelOptions();

        Assert.Equal(TimeSpan.FromSeconds(5), options.ConnectTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), options.CallTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), options.AcquireTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), options.DrainTimeout);
        Assert.Equal(TimeSpan.FromMinutes(1), options.IdleTimeout);
        Assert.Null(options.MaxConnectionAge);
        Assert.Equal((100, 0), (options.MaxConnections, options.MinIdleConnections));
        Assert.Null(options.MaxConcurrentCalls);
        Assert.Equal(0, options.MaxQueuedCalls);
        Assert.Equal((104_857_600, 16_384_000), (options.MaxMessageSize, options.MaxFrameSize));
        Assert.Null(options.OnConnected);
        Assert.False(options.ConnectionPerCall);
        Assert.Same(TimeProvider.System, options.TimeProvider);
    }

    [Theory]
    [MemberData(nameof(NoDeadlines))]
    public void ADeadlineOutOfRangeIsNamed(TimeSpan deadline)
    {
        var connect = Assert.Throws<ArgumentOutOfRangeException>("ConnectTimeout", () => new ThriftChannelOptions { ConnectTimeout = deadline });
        var call = Assert.Throws<ArgumentOutOfRangeException>("CallTimeout", () => new ThriftChannelOptions { CallTimeout = deadline });
        Assert.Throws<ArgumentOutOfRangeException>("IdleTimeout", () => new ThriftChannelOptions { IdleTimeout = deadline });
        Assert.Throws<ArgumentOutOfRangeException>("MaxConnectionAge", () => new ThriftChannelOptions { MaxConnectionAge = deadline });

        Assert.Equal(deadline, connect.ActualValue);
        Assert.StartsWith("CallTimeout must be greater than zero and at most 24 days.", call.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Deadlines))]
    public void ADeadlineInRangeIsTakenAndATimerRunsToIt(TimeSpan deadline)
    {
        var options = new ThriftChannelOptions { ConnectTimeout = deadline, CallTimeout = deadline };

        Assert.Equal((deadline, deadline), (options.ConnectTimeout, options.CallTimeout));
        using var timer = new CancellationTokenSource(options.CallTimeout, options.TimeProvider);
    }

    [Theory]
    [MemberData(nameof(NoDeadlines))]
    public void AWaitOutOfRangeIsNamed(TimeSpan wait)
    {
        if (wait == TimeSpan.Zero)
        {
            var none = new ThriftChannelOptions { AcquireTimeout = wait, DrainTimeout = wait };
            Assert.Equal((wait, wait), (none.AcquireTimeout, none.DrainTimeout));
            return;
        }

        var lease = Assert.Throws<ArgumentOutOfRangeException>("AcquireTimeout", () => new ThriftChannelOptions { AcquireTimeout = wait });
        Assert.Throws<ArgumentOutOfRangeException>("DrainTimeout", () => new ThriftChannelOptions { DrainTimeout = wait });

        Assert.StartsWith("AcquireTimeout must be between zero and 24 days.", lease.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1_000_001)]
    public void ANumberOutOfRangeIsNamed(int number)
    {
        var connections = Assert.Throws<ArgumentOutOfRangeException>("MaxConnections", () => new ThriftChannelOptions { MaxConnections = number });
        Assert.Throws<ArgumentOutOfRangeException>("MaxConcurrentCalls", () => new ThriftChannelOptions { MaxConcurrentCalls = number });
        Assert.StartsWith("MaxConnections must be between 1 and 1,000,000.", connections.Message, StringComparison.Ordinal);
        if (number != 0)
        {
            Assert.Throws<ArgumentOutOfRangeException>("MinIdleConnections", () => new ThriftChannelOptions { MinIdleConnections = number });
            Assert.Throws<ArgumentOutOfRangeException>("MaxQueuedCalls", () => new ThriftChannelOptions { MaxQueuedCalls = number });
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1_023)]
    public void ASizeOutOfRangeIsNamed(int size)
    {
        var message = Assert.Throws<ArgumentOutOfRangeException>("MaxMessageSize", () => new ThriftChannelOptions { MaxMessageSize = size });
        Assert.Throws<ArgumentOutOfRangeException>("MaxFrameSize", () => new ThriftChannelOptions { MaxFrameSize = size });
        Assert.StartsWith("MaxMessageSize must be between 1,024 and 2,147,483,647.", message.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_024)]
    [InlineData(int.MaxValue)]
    public void ASizeAtItsLimitIsTaken(int size)
    {
        var options = new ThriftChannelOptions { MaxMessageSize = size, MaxFrameSize = size };

        Assert.Equal((size, size), (options.MaxMessageSize, options.MaxFrameSize));
    }

    [Fact]
    public void HttpHasNoConnectionToOpenASessionOn()
    {
        using var client = new HttpClient();
        var error = Assert.Throws<ArgumentException>("options", () => new ThriftChannel(
            ThriftEndpoint.Http(new Uri("http://localhost/"), client), new ThriftChannelOptions { OnConnected = static (_, _) => ValueTask.CompletedTask }));
        Assert.StartsWith("OnConnected wants a connection of the channel's own", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsOffIsNull()
    {
        var options = new ThriftChannelOptions { IdleTimeout = null, MaxConnectionAge = null, MaxConcurrentCalls = null };

        Assert.Equal((null, null, null), (options.IdleTimeout, options.MaxConnectionAge, options.MaxConcurrentCalls));
    }

    [Fact]
    public void SettingsThatContradictEachOtherAreNamed()
    {
        AreRefused(new ThriftChannelOptions { MinIdleConnections = 101 }, "MinIdleConnections must be at most MaxConnections.");
        AreRefused(new ThriftChannelOptions { MinIdleConnections = 1, ConnectionPerCall = true }, "MinIdleConnections keeps connections, ConnectionPerCall keeps none.");
        AreRefused(new ThriftChannelOptions { MaxQueuedCalls = 1 }, "MaxQueuedCalls wants a MaxConcurrentCalls.");

        static void AreRefused(ThriftChannelOptions options, string message)
        {
            var endpoint = new ThriftEndpoint("localhost", 1);
            Assert.All<Func<ThriftChannel>>(
                [() => new(endpoint, options), () => new([endpoint], options), () => new(new DnsEndpointSource(endpoint), options)],
                channel => Assert.StartsWith(message, Assert.Throws<ArgumentException>(nameof(options), channel).Message, StringComparison.Ordinal));
        }
    }

    /// <summary>When the channel is made, and not when its source has named the first one.</summary>
    [Fact]
    public void SettingsOfTheCircuitsOfEndpointsAreLookedAtToo()
    {
        var source = new DnsEndpointSource(new ThriftEndpoint("localhost", 1));
        ThriftChannel Of(CircuitBreakerOptions circuit) => new(source, new ThriftChannelOptions { EndpointCircuitBreaker = circuit });

        Assert.Contains("SlowCallDuration", Assert.Throws<ArgumentException>(() => Of(new() { SlowCallRatio = 0.5 })).Message, StringComparison.Ordinal);
        Assert.Contains("CallTimeout", Assert.Throws<ArgumentException>(() => Of(new() { ProbeTimeout = TimeSpan.FromMilliseconds(1) })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SettingsAtTheLimitsOfEachOtherAreTaken()
    {
        using var channel = new ThriftChannel(
            new ThriftEndpoint("localhost", 1),
            new ThriftChannelOptions { MinIdleConnections = 2, MaxConnections = 2, MaxConcurrentCalls = 1, MaxQueuedCalls = 1 });

        Assert.Equal(2, channel.Options.MinIdleConnections);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void AShareOutOfRangeIsNamed(double share)
        => Assert.Throws<ArgumentOutOfRangeException>("MaxEjectionRatio", () => new ThriftChannelOptions { MaxEjectionRatio = share });

    [Fact]
    public void SettingsOfSeveralEndpointsOutOfRangeAreNamed()
    {
        Assert.Throws<ArgumentNullException>("EndpointCircuitBreaker", static () => new ThriftChannelOptions { EndpointCircuitBreaker = null! });
        Assert.Throws<ArgumentOutOfRangeException>("AllOpenBehavior", static () => new ThriftChannelOptions { AllOpenBehavior = (AllOpenBehavior)2 });
        Assert.Throws<ArgumentOutOfRangeException>("SlowStartWindow", static () => new ThriftChannelOptions { SlowStartWindow = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentOutOfRangeException>("SlowStartWindow", static () => new ThriftChannelOptions { SlowStartWindow = TimeSpan.FromDays(25) });
        Assert.Equal(TimeSpan.Zero, new ThriftChannelOptions { SlowStartWindow = TimeSpan.Zero }.SlowStartWindow);
    }

    [Fact]
    public void AMissingClockIsNamed()
        => Assert.Throws<ArgumentNullException>("TimeProvider", static () => new ThriftChannelOptions { TimeProvider = null! });
}
