using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Thrift;
using Thrift.Protocol;

namespace ThriftBreaker;

/// <summary>
/// Represents the settings of a <see cref="ThriftChannel"/>. Immutable. A value out of range throws when it is set;
/// settings that contradict each other throw when a channel is created with them.
/// </summary>
public sealed record ThriftChannelOptions
{
    /// <summary>An upper bound for counts: each connection and each queued call costs memory.</summary>
    private const int MaxCount = 1_000_000;

    private const int MinMessageSize = 1_024;

    /// <summary>The limits of Linux for keepalive, which are the lowest.</summary>
    private const int MaxKeepAliveSeconds = 32_767;
    private const int MaxKeepAliveRetryCount = 127;

    // Timeouts and the clock

    /// <summary>
    /// Gets the maximum duration of opening a connection, which includes resolving the host name, the attempts to
    /// connect to its addresses, the TLS handshake and <see cref="OnConnected"/>: greater than zero and at most 24
    /// days; default 5 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = Positive(value);
    } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets the maximum time that a call waits to acquire a connection, which includes its wait for
    /// <see cref="MaxConcurrentCalls"/>: from zero, for no wait, to 24 days; default 5 seconds. A call that waits
    /// longer fails with <see cref="AcquireTimeoutException"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan AcquireTimeout
    {
        get;
        init => field = ZeroOrPositive(value);
    } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets the maximum duration of a call on an open connection, from the first byte sent to the last byte of the
    /// reply: greater than zero and at most 24 days; default 10 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan CallTimeout
    {
        get;
        init => field = Positive(value);
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets the maximum time that <see cref="ThriftChannel.DisposeAsync"/> waits for in-flight calls before it closes
    /// their connections: from zero, for no wait, to 24 days; default 10 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan DrainTimeout
    {
        get;
        init => field = ZeroOrPositive(value);
    } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the clock of the timeouts; default <see cref="TimeProvider.System"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    } = TimeProvider.System;

    // Connection pool

    /// <summary>
    /// Gets the maximum number of connections to one endpoint, which includes those being opened: 1 to 1,000,000;
    /// default 100. When all are in use, further calls wait in order of arrival, each up to
    /// <see cref="AcquireTimeout"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxConnections
    {
        get;
        init => field = InRange(1, value, MaxCount);
    } = 100;

    /// <summary>
    /// Gets the number of idle connections that <see cref="IdleTimeout"/> leaves open: 0 to
    /// <see cref="MaxConnections"/>; default 0. The pool opens no connection before a call requires it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MinIdleConnections
    {
        get;
        init => field = InRange(0, value, MaxCount);
    }

    /// <summary>
    /// Gets the time after which an idle connection is closed: greater than zero and at most 24 days; default 1 minute.
    /// With null, it stays open until the server closes it. Set a shorter time than the idle timeout of the server and
    /// of firewalls in between.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? IdleTimeout
    {
        get;
        init => field = value is { } timeout ? Positive(timeout) : null;
    } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets the maximum age of a connection, counted from its opening: greater than zero and at most 24 days, or null,
    /// the default, for no limit. An in-flight call is not interrupted. The host name is resolved for each new
    /// connection, so this setting limits how long a channel uses an address that the name no longer has.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? MaxConnectionAge
    {
        get;
        init => field = value is { } age ? Positive(age) : null;
    }

    /// <summary>
    /// Gets a value that indicates whether each call opens a new connection and closes it afterwards; default false:
    /// connections are pooled.
    /// </summary>
    public bool ConnectionPerCall { get; init; }

    /// <summary>
    /// Gets the callback that runs once on each new connection, before the first call and within
    /// <see cref="ConnectTimeout"/>, for example to log in; default null. Not supported over HTTP.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The callback runs on a thread of the thread pool. It receives a protocol for a Thrift client and a token that is
    /// cancelled with the timeout or the call. Do not keep the protocol. Disposing the client does not close the
    /// connection.
    /// </para>
    /// <para>
    /// If the callback throws, the connection is closed and the call fails with a TTransportException that has the
    /// exception inside.
    /// </para>
    /// <para>
    /// If the endpoint has a <see cref="ThriftEndpoint.Service"/>, messages of the callback are addressed to that
    /// service; <c>new TMultiplexedProtocol(protocol, "auth")</c> addresses another one.
    /// </para>
    /// </remarks>
    public Func<TProtocol, CancellationToken, ValueTask>? OnConnected { get; init; }

    // Sockets

    /// <summary>
    /// Gets the time after which TCP checks an idle connection for its peer (keepalive): zero, for no checks, or 1 to
    /// 32,767 seconds, rounded up to whole seconds; default 30 seconds.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The check detects servers that have vanished without closing the connection, and keeps the connection known to
    /// firewalls in between. A connection without an answer is closed after this time and
    /// <see cref="TcpKeepAliveRetryCount"/> times <see cref="TcpKeepAliveInterval"/>: by default, 45 seconds.
    /// </para>
    /// <para>
    /// On Linux, data that the server does not acknowledge within the same time, or within
    /// <see cref="ConnectTimeout"/> if that is longer, close the connection too (TCP_USER_TIMEOUT). Does not apply to
    /// Unix domain sockets, pipes and HTTP.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan TcpKeepAliveTime
    {
        get;
        init => field = value == TimeSpan.Zero ? value : Seconds(value, "zero or ");
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets the time between two keepalive checks without an answer: 1 to 32,767 seconds, rounded up to whole seconds;
    /// default 5 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan TcpKeepAliveInterval
    {
        get;
        init => field = Seconds(value);
    } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets the number of keepalive checks without an answer after which a connection is closed: 1 to 127; default 3.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int TcpKeepAliveRetryCount
    {
        get;
        init => field = InRange(1, value, MaxKeepAliveRetryCount);
    } = 3;

    /// <summary>
    /// Gets a value that indicates whether received parts of a reply are acknowledged at once while the rest is missing
    /// (TCP_QUICKACK); default true. Applies to TCP on Linux. A server with Nagle's algorithm would otherwise wait
    /// about 40 ms before it sends the rest.
    /// </summary>
    public bool TcpQuickAck { get; init; } = true;

    /// <summary>
    /// Gets the callback that sets options of each TCP or Unix domain socket before it connects, for example the sizes
    /// of its buffers or its local address; default null. Not supported over HTTP and named pipes.
    /// </summary>
    /// <remarks>
    /// The callback runs after the options of the channel have been set, and can change them. If a host has several
    /// addresses, it runs for each attempt to connect to one. It must not connect or dispose the socket. If it throws,
    /// the call fails with a TTransportException that names the endpoint and has the exception inside.
    /// </remarks>
    public Action<Socket>? ConfigureSocket { get; init; }

    /// <summary>Gets the function that resolves a host name; tests replace it.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> ResolveHost { get; init; } = Dns.GetHostAddressesAsync;

    // Limits of calls and messages

    /// <summary>
    /// Gets the maximum number of in-flight calls to one endpoint: 1 to 1,000,000, or null, the default, for no limit
    /// but <see cref="MaxConnections"/>. Up to <see cref="MaxQueuedCalls"/> further calls wait, each up to
    /// <see cref="AcquireTimeout"/>. The rest are rejected with <see cref="BulkheadFullException"/>, which does not
    /// count as a failure of the server.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int? MaxConcurrentCalls
    {
        get;
        init => field = value is { } calls ? InRange(1, calls, MaxCount) : null;
    }

    /// <summary>
    /// Gets the maximum number of calls that wait because of <see cref="MaxConcurrentCalls"/>: 0 to 1,000,000; default
    /// 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxQueuedCalls
    {
        get;
        init => field = InRange(0, value, MaxCount);
    }

    /// <summary>
    /// Gets the maximum size of a reply in bytes: 1,024 to 2,147,483,647; default 104,857,600 (100 MiB), which is
    /// Thrift's default. A call with a larger reply fails with a TTransportException of type MessageSizeLimit, and its
    /// connection is closed.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxMessageSize
    {
        get;
        init => field = InRange(MinMessageSize, value, int.MaxValue);
    } = TConfiguration.DEFAULT_MAX_MESSAGE_SIZE;

    /// <summary>
    /// Gets the maximum size in bytes of a frame of a reply, for <see cref="ThriftTransport.Framed"/>: 1,024 to
    /// 2,147,483,647; default 16,384,000, which is Thrift's default. A call with a larger frame in its reply fails with
    /// a TTransportException, and its connection is closed.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxFrameSize
    {
        get;
        init => field = InRange(MinMessageSize, value, int.MaxValue);
    } = TConfiguration.DEFAULT_MAX_FRAME_SIZE;

    // Channels with several endpoints

    /// <summary>
    /// Gets the settings of the circuit breaker that each endpoint has, in a channel with several endpoints.
    /// </summary>
    /// <remarks>
    /// <para>
    /// By default, the circuit opens after 5 consecutive failures, for 5 seconds. This time doubles with each failed
    /// probe, up to 1 minute, with a jitter of ± 10 %. Finagle's defaults are similar.
    /// </para>
    /// <para>
    /// The name of each circuit breaker is <see cref="CircuitBreakerOptions.Name"/> followed by the endpoint. The clock
    /// is that of the channel. <see cref="CircuitBreakerOptions.ThrowOnTrip"/> has no effect: the exception of the call
    /// itself reaches its caller.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public CircuitBreakerOptions EndpointCircuitBreaker
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(EndpointCircuitBreaker));
    } = DefaultEndpointCircuitBreaker;

    /// <summary>
    /// Gets the behavior of a call when the circuits of all endpoints are open; default
    /// <see cref="AllOpenBehavior.Reject"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public AllOpenBehavior AllOpenBehavior
    {
        get;
        init => field = value is AllOpenBehavior.Reject or AllOpenBehavior.TryNextAvailable
            ? value
            : throw new ArgumentOutOfRangeException(nameof(AllOpenBehavior), value, "AllOpenBehavior must be Reject or TryNextAvailable.");
    }

    /// <summary>
    /// Gets the maximum ratio of endpoints that get no calls because their circuits are open: greater than 0 and at
    /// most 1; default 1, for all of them. The number is rounded down and is at least one endpoint.
    /// </summary>
    /// <remarks>
    /// Endpoints with the most failures since their last success are ejected first, then those whose circuits opened
    /// first. The others get calls although their circuits are open, and these calls are not counted, until the reset
    /// timeout of the circuit has elapsed. So a rule that is too strict, or a fault of the client, does not send all
    /// calls to the few endpoints that are left. Envoy has the same setting (max_ejection_percent).
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double MaxEjectionRatio
    {
        get;
        init => field = value is > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaxEjectionRatio), value, "MaxEjectionRatio must be greater than 0 and at most 1.");
    } = 1;

    /// <summary>
    /// Gets the time in which the share of calls of an endpoint grows from a tenth to its full share, after its circuit
    /// has closed or an update of the endpoint list has added it: from zero, for the full share at once, to 24 days;
    /// default 10 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan SlowStartWindow
    {
        get;
        init => field = ZeroOrPositive(value);
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Validates that the settings, which include <see cref="EndpointCircuitBreaker"/>, do not contradict each other. A
    /// channel with several endpoints runs the same validation when it is created.
    /// </summary>
    /// <exception cref="ArgumentException">Two settings contradict each other.</exception>
    public void Validate() => LoadBalancer.ThrowIfContradictory(this);

    /// <summary>Gets 24 days: the range of the platform's timers, 2^31 - 1 milliseconds, in whole days.</summary>
    internal static TimeSpan LongestTimeout { get; } = TimeSpan.FromDays(24);

    /// <summary>Creates a Thrift configuration with the size limits. Each connection requires its own.</summary>
    internal TConfiguration CreateThriftConfiguration() => new() { MaxMessageSize = MaxMessageSize, MaxFrameSize = MaxFrameSize };

    private static CircuitBreakerOptions DefaultEndpointCircuitBreaker { get; } = new()
    {
        Name = "endpoint",
        FailMax = 5,
        ResetTimeout = TimeSpan.FromSeconds(5),
        BackoffMultiplier = 2,
        MaxResetTimeout = TimeSpan.FromMinutes(1),
        Jitter = 0.1,
    };

    /// <exception cref="ArgumentException">
    /// Two settings contradict each other, or one contradicts the endpoint.
    /// </exception>
    internal static void ThrowIfContradictory(ThriftEndpoint endpoint, ThriftChannelOptions options)
    {
        ThrowIfContradictory(options);
        Require(options, options.OnConnected is null || endpoint.Kind != EndpointKind.Http, "OnConnected requires a connection of the channel, and is not supported over HTTP: let the HttpClient log in.");
        Require(options, options.ConfigureSocket is null || endpoint.Kind is not (EndpointKind.Http or EndpointKind.Pipe), "ConfigureSocket requires a socket of the channel: over HTTP, use the ConnectCallback of the HttpClient's handler; a named pipe has no socket.");
    }

    /// <exception cref="ArgumentException">Two settings contradict each other.</exception>
    internal static void ThrowIfContradictory(ThriftChannelOptions options)
    {
        Require(options, options.MinIdleConnections <= options.MaxConnections, "MinIdleConnections must be at most MaxConnections.");
        Require(options, options.MinIdleConnections == 0 || !options.ConnectionPerCall, "MinIdleConnections keeps connections, ConnectionPerCall keeps none.");
        Require(options, options.MaxQueuedCalls == 0 || options.MaxConcurrentCalls is not null, "MaxQueuedCalls requires MaxConcurrentCalls.");
    }

    private static void Require(ThriftChannelOptions options, bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message, nameof(options));
        }
    }

    private static TimeSpan Positive(TimeSpan value, [CallerMemberName] string setting = "")
        => value > TimeSpan.Zero && value <= LongestTimeout
            ? value
            : throw new ArgumentOutOfRangeException(setting, value, $"{setting} must be greater than zero and at most 24 days.");

    private static TimeSpan ZeroOrPositive(TimeSpan value, [CallerMemberName] string setting = "")
        => value >= TimeSpan.Zero && value <= LongestTimeout
            ? value
            : throw new ArgumentOutOfRangeException(setting, value, $"{setting} must be between zero and 24 days.");

    private static TimeSpan Seconds(TimeSpan value, string alternative = "", [CallerMemberName] string setting = "")
        => value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromSeconds(MaxKeepAliveSeconds)
            ? value
            : throw new ArgumentOutOfRangeException(
                setting, value, string.Create(CultureInfo.InvariantCulture, $"{setting} must be {alternative}between 1 and {MaxKeepAliveSeconds:N0} seconds."));

    private static int InRange(int min, int value, int max, [CallerMemberName] string setting = "")
        => value >= min && value <= max
            ? value
            : throw new ArgumentOutOfRangeException(setting, value, string.Create(CultureInfo.InvariantCulture, $"{setting} must be between {min:N0} and {max:N0}."));
}
