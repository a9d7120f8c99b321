using System.Net.Sockets;
using Thrift.Protocol;

namespace ThriftBreaker.Hosting;

/// <summary>
/// Represents the settings of a client's connections, with a setter for each setting of
/// <see cref="ThriftChannelOptions"/> but <see cref="ThriftChannelOptions.EndpointCircuitBreaker"/>, which is
/// <see cref="ThriftClientOptions.EndpointCircuitBreaker"/>. A value out of range throws where it is assigned. Not
/// thread-safe.
/// </summary>
public sealed class ThriftClientChannelOptions
{
    internal ThriftClientChannelOptions(ThriftChannelOptions value) => Value = value;

    /// <inheritdoc cref="ThriftChannelOptions.ConnectTimeout"/>
    public TimeSpan ConnectTimeout
    {
        get => Value.ConnectTimeout;
        set => Value = Value with { ConnectTimeout = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.AcquireTimeout"/>
    public TimeSpan AcquireTimeout
    {
        get => Value.AcquireTimeout;
        set => Value = Value with { AcquireTimeout = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.CallTimeout"/>
    public TimeSpan CallTimeout
    {
        get => Value.CallTimeout;
        set => Value = Value with { CallTimeout = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.MaxConnections"/>
    public int MaxConnections
    {
        get => Value.MaxConnections;
        set => Value = Value with { MaxConnections = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.MinIdleConnections"/>
    public int MinIdleConnections
    {
        get => Value.MinIdleConnections;
        set => Value = Value with { MinIdleConnections = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.IdleTimeout"/>
    public TimeSpan? IdleTimeout
    {
        get => Value.IdleTimeout;
        set => Value = Value with { IdleTimeout = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.MaxConnectionAge"/>
    public TimeSpan? MaxConnectionAge
    {
        get => Value.MaxConnectionAge;
        set => Value = Value with { MaxConnectionAge = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.ConnectionPerCall"/>
    public bool ConnectionPerCall
    {
        get => Value.ConnectionPerCall;
        set => Value = Value with { ConnectionPerCall = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.TcpQuickAck"/>
    public bool TcpQuickAck
    {
        get => Value.TcpQuickAck;
        set => Value = Value with { TcpQuickAck = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.MaxConcurrentCalls"/>
    public int? MaxConcurrentCalls
    {
        get => Value.MaxConcurrentCalls;
        set => Value = Value with { MaxConcurrentCalls = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.MaxQueuedCalls"/>
    public int MaxQueuedCalls
    {
        get => Value.MaxQueuedCalls;
        set => Value = Value with { MaxQueuedCalls = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.DrainTimeout"/>
    public TimeSpan DrainTimeout
    {
        get => Value.DrainTimeout;
        set => Value = Value with { DrainTimeout = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.MaxMessageSize"/>
    public int MaxMessageSize
    {
        get => Value.MaxMessageSize;
        set => Value = Value with { MaxMessageSize = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.MaxFrameSize"/>
    public int MaxFrameSize
    {
        get => Value.MaxFrameSize;
        set => Value = Value with { MaxFrameSize = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.AllOpenBehavior"/>
    public AllOpenBehavior AllOpenBehavior
    {
        get => Value.AllOpenBehavior;
        set => Value = Value with { AllOpenBehavior = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.MaxEjectionRatio"/>
    public double MaxEjectionRatio
    {
        get => Value.MaxEjectionRatio;
        set => Value = Value with { MaxEjectionRatio = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.SlowStartWindow"/>
    public TimeSpan SlowStartWindow
    {
        get => Value.SlowStartWindow;
        set => Value = Value with { SlowStartWindow = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.OnConnected"/>
    public Func<TProtocol, CancellationToken, ValueTask>? OnConnected
    {
        get => Value.OnConnected;
        set => Value = Value with { OnConnected = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.TcpKeepAliveTime"/>
    public TimeSpan TcpKeepAliveTime
    {
        get => Value.TcpKeepAliveTime;
        set => Value = Value with { TcpKeepAliveTime = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.TcpKeepAliveInterval"/>
    public TimeSpan TcpKeepAliveInterval
    {
        get => Value.TcpKeepAliveInterval;
        set => Value = Value with { TcpKeepAliveInterval = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.TcpKeepAliveRetryCount"/>
    public int TcpKeepAliveRetryCount
    {
        get => Value.TcpKeepAliveRetryCount;
        set => Value = Value with { TcpKeepAliveRetryCount = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.ConfigureSocket"/>
    public Action<Socket>? ConfigureSocket
    {
        get => Value.ConfigureSocket;
        set => Value = Value with { ConfigureSocket = value };
    }

    /// <inheritdoc cref="ThriftChannelOptions.TimeProvider"/>
    public TimeProvider TimeProvider
    {
        get => Value.TimeProvider;
        set => Value = Value with { TimeProvider = value };
    }

    /// <summary>Gets the settings as a channel takes them.</summary>
    internal ThriftChannelOptions Value { get; private set; }
}
