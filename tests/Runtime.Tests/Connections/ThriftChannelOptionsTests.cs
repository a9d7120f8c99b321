using System.Net.Sockets;

namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>The settings of a channel: their defaults, their ranges and their exceptions.</summary>
public sealed class ThriftChannelOptionsTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    public static TheoryData<TimeSpan> InvalidTimeouts =>
        [TimeSpan.Zero, -TestCircuit.Tick, Timeout.InfiniteTimeSpan, TimeSpan.MinValue, Longest + TestCircuit.Tick, TimeSpan.MaxValue];

    public static TheoryData<TimeSpan> ValidTimeouts => [TestCircuit.Tick, TimeSpan.FromSeconds(1), Longest];

    [Fact]
    public void Defaults_AreAsDocumented()
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
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), 3), (options.TcpKeepAliveTime, options.TcpKeepAliveInterval, options.TcpKeepAliveRetryCount));
        Assert.Null(options.ConfigureSocket);
        Assert.False(options.ConnectionPerCall);
        Assert.True(options.TcpQuickAck);
        Assert.Same(TimeProvider.System, options.TimeProvider);
    }

    [Theory]
    [MemberData(nameof(InvalidTimeouts))]
    public void PositiveTimeout_OutOfRange_Throws(TimeSpan timeout)
    {
        var connect = Assert.Throws<ArgumentOutOfRangeException>("ConnectTimeout", () => new ThriftChannelOptions { ConnectTimeout = timeout });
        var call = Assert.Throws<ArgumentOutOfRangeException>("CallTimeout", () => new ThriftChannelOptions { CallTimeout = timeout });
        Assert.Throws<ArgumentOutOfRangeException>("IdleTimeout", () => new ThriftChannelOptions { IdleTimeout = timeout });
        Assert.Throws<ArgumentOutOfRangeException>("MaxConnectionAge", () => new ThriftChannelOptions { MaxConnectionAge = timeout });

        Assert.Equal(timeout, connect.ActualValue);
        Assert.StartsWith("CallTimeout must be greater than zero and at most 24 days.", call.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ValidTimeouts))]
    public void PositiveTimeout_InRange_IsAcceptedByTimers(TimeSpan timeout)
    {
        var options = new ThriftChannelOptions { ConnectTimeout = timeout, CallTimeout = timeout };

        Assert.Equal((timeout, timeout), (options.ConnectTimeout, options.CallTimeout));
        using var timer = new CancellationTokenSource(options.CallTimeout, options.TimeProvider);
    }

    [Theory]
    [MemberData(nameof(InvalidTimeouts))]
    public void ZeroOrPositiveTimeout_OutOfRange_Throws(TimeSpan wait)
    {
        if (wait == TimeSpan.Zero)
        {
            var none = new ThriftChannelOptions { AcquireTimeout = wait, DrainTimeout = wait };
            Assert.Equal((wait, wait), (none.AcquireTimeout, none.DrainTimeout));
            return;
        }

        var acquire = Assert.Throws<ArgumentOutOfRangeException>("AcquireTimeout", () => new ThriftChannelOptions { AcquireTimeout = wait });
        Assert.Throws<ArgumentOutOfRangeException>("DrainTimeout", () => new ThriftChannelOptions { DrainTimeout = wait });

        Assert.StartsWith("AcquireTimeout must be between zero and 24 days.", acquire.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1_000_001)]
    public void Count_OutOfRange_Throws(int number)
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
    public void Size_OutOfRange_Throws(int size)
    {
        var message = Assert.Throws<ArgumentOutOfRangeException>("MaxMessageSize", () => new ThriftChannelOptions { MaxMessageSize = size });
        Assert.Throws<ArgumentOutOfRangeException>("MaxFrameSize", () => new ThriftChannelOptions { MaxFrameSize = size });
        Assert.StartsWith("MaxMessageSize must be between 1,024 and 2,147,483,647.", message.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_024)]
    [InlineData(int.MaxValue)]
    public void Size_AtLimit_IsAccepted(int size)
    {
        var options = new ThriftChannelOptions { MaxMessageSize = size, MaxFrameSize = size };

        Assert.Equal((size, size), (options.MaxMessageSize, options.MaxFrameSize));
    }

    [Fact]
    public void OnConnected_OverHttp_Throws()
    {
        using var client = new HttpClient();
        var error = Assert.Throws<ArgumentException>("options", () => new ThriftChannel(
            ThriftEndpoint.Http(new Uri("http://localhost/"), client), new ThriftChannelOptions { OnConnected = static (_, _) => ValueTask.CompletedTask }));
        Assert.StartsWith("OnConnected requires a connection of the channel", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ConfigureSocket_WithoutSocket_Throws()
    {
        using var client = new HttpClient();
        var options = new ThriftChannelOptions { ConfigureSocket = static socket => socket.ReceiveBufferSize = 1 };
        foreach (var endpoint in new[] { ThriftEndpoint.Http(new Uri("http://localhost/"), client), ThriftEndpoint.Pipe("orders") })
        {
            var error = Assert.Throws<ArgumentException>("options", () => new ThriftChannel(endpoint, options));
            Assert.StartsWith("ConfigureSocket requires a socket of the channel", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void KeepAlive_OutOfRange_Throws()
    {
        foreach (var time in new[] { TimeSpan.FromTicks(1), TimeSpan.FromSeconds(-1), Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(32_767) + TestCircuit.Tick, TimeSpan.MaxValue })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>("TcpKeepAliveTime", () => new ThriftChannelOptions { TcpKeepAliveTime = time });
            Assert.StartsWith("TcpKeepAliveTime must be zero or between 1 and 32,767 seconds.", error.Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>("TcpKeepAliveInterval", () => new ThriftChannelOptions { TcpKeepAliveInterval = time });
        }

        Assert.Throws<ArgumentOutOfRangeException>("TcpKeepAliveInterval", static () => new ThriftChannelOptions { TcpKeepAliveInterval = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>("TcpKeepAliveRetryCount", static () => new ThriftChannelOptions { TcpKeepAliveRetryCount = 0 });
        Assert.Throws<ArgumentOutOfRangeException>("TcpKeepAliveRetryCount", static () => new ThriftChannelOptions { TcpKeepAliveRetryCount = 128 });
    }

    /// <summary>At the limits, the system accepts the values, and their sum does not overflow.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(32_767, 127)]
    public void KeepAlive_AtLimits_IsAcceptedBySockets(int seconds, int count)
    {
        var time = TimeSpan.FromSeconds(seconds);
        var options = new ThriftChannelOptions { TcpKeepAliveTime = time, TcpKeepAliveInterval = time, TcpKeepAliveRetryCount = count };

        using var socket = SocketFactory.Create(AddressFamily.InterNetwork, options, new ConnectAttempt(new ThriftEndpoint("localhost", 1), options));

        Assert.Equal(seconds, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
        Assert.Equal(seconds, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval));
        Assert.Equal(count, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
    }

    [Fact]
    public void NullableSettings_AcceptNull()
    {
        var options = new ThriftChannelOptions { IdleTimeout = null, MaxConnectionAge = null, MaxConcurrentCalls = null };

        Assert.Equal((null, null, null), (options.IdleTimeout, options.MaxConnectionAge, options.MaxConcurrentCalls));
    }

    [Fact]
    public void ContradictorySettings_Throw()
    {
        AssertRejected(new ThriftChannelOptions { MinIdleConnections = 101 }, "MinIdleConnections must be at most MaxConnections.");
        AssertRejected(new ThriftChannelOptions { MinIdleConnections = 1, ConnectionPerCall = true }, "MinIdleConnections keeps connections, ConnectionPerCall keeps none.");
        AssertRejected(new ThriftChannelOptions { MaxQueuedCalls = 1 }, "MaxQueuedCalls requires MaxConcurrentCalls.");

        static void AssertRejected(ThriftChannelOptions options, string message)
        {
            var endpoint = new ThriftEndpoint("localhost", 1);
            Assert.All<Func<ThriftChannel>>(
                [() => new(endpoint, options), () => new([endpoint], options), () => new(new DnsEndpointSource(endpoint), options)],
                channel => Assert.StartsWith(message, Assert.Throws<ArgumentException>(nameof(options), channel).Message, StringComparison.Ordinal));
        }
    }

    /// <summary>The constructor throws, before the source has provided an endpoint.</summary>
    [Fact]
    public void ContradictoryEndpointCircuitBreaker_WithSource_Throws()
    {
        var source = new DnsEndpointSource(new ThriftEndpoint("localhost", 1));
        ThriftChannel CreateChannel(CircuitBreakerOptions circuit) => new(source, new ThriftChannelOptions { EndpointCircuitBreaker = circuit });

        Assert.Contains("SlowCallDuration", Assert.Throws<ArgumentException>(() => CreateChannel(new() { SlowCallRatio = 0.5 })).Message, StringComparison.Ordinal);
        Assert.Contains("CallTimeout", Assert.Throws<ArgumentException>(() => CreateChannel(new() { ProbeTimeout = TimeSpan.FromMilliseconds(1) })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RelatedSettings_AtTheirLimits_AreAccepted()
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
    public void MaxEjectionRatio_OutOfRange_Throws(double ratio)
        => Assert.Throws<ArgumentOutOfRangeException>("MaxEjectionRatio", () => new ThriftChannelOptions { MaxEjectionRatio = ratio });

    [Fact]
    public void EndpointSettings_OutOfRange_Throw()
    {
        Assert.Throws<ArgumentNullException>("EndpointCircuitBreaker", static () => new ThriftChannelOptions { EndpointCircuitBreaker = null! });
        Assert.Throws<ArgumentOutOfRangeException>("AllOpenBehavior", static () => new ThriftChannelOptions { AllOpenBehavior = (AllOpenBehavior)2 });
        Assert.Throws<ArgumentOutOfRangeException>("SlowStartWindow", static () => new ThriftChannelOptions { SlowStartWindow = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentOutOfRangeException>("SlowStartWindow", static () => new ThriftChannelOptions { SlowStartWindow = TimeSpan.FromDays(25) });
        Assert.Equal(TimeSpan.Zero, new ThriftChannelOptions { SlowStartWindow = TimeSpan.Zero }.SlowStartWindow);
    }

    [Fact]
    public void TimeProvider_Null_Throws()
        => Assert.Throws<ArgumentNullException>("TimeProvider", static () => new ThriftChannelOptions { TimeProvider = null! });
}
