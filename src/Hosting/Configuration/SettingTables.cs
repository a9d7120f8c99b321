namespace ThriftBreaker.Hosting.Configuration;

/// <summary>
/// Maps configuration keys to settings. A test compares the tables with the options classes, some settings of which can
/// only be set in code.
/// </summary>
internal static class SettingTables
{
    public static SettingTable<ThriftClientCircuitBreakerOptions> CircuitBreaker { get; } = new(new()
    {
        [nameof(CircuitBreakerOptions.FailMax)] = static (options, text) => options.FailMax = SettingText.ParseInteger(text),
        [nameof(CircuitBreakerOptions.ResetTimeout)] = static (options, text) => options.ResetTimeout = SettingText.ParseTime(text),
        [nameof(CircuitBreakerOptions.SuccessThreshold)] = static (options, text) => options.SuccessThreshold = SettingText.ParseInteger(text),
        [nameof(CircuitBreakerOptions.MaxProbes)] = static (options, text) => options.MaxProbes = SettingText.ParseInteger(text),
        [nameof(CircuitBreakerOptions.ProbeTimeout)] = static (options, text) => options.ProbeTimeout = SettingText.ParseTime(text),
        [nameof(CircuitBreakerOptions.ThrowOnTrip)] = static (options, text) => options.ThrowOnTrip = SettingText.ParseBoolean(text),
        [nameof(CircuitBreakerOptions.Mode)] = static (options, text) => options.Mode = SettingText.ParseEnum<CircuitMode>(text),
        [nameof(CircuitBreakerOptions.FailureRatio)] = static (options, text) => options.FailureRatio = SettingText.ParseReal(text),
        [nameof(CircuitBreakerOptions.SlowCallDuration)] = static (options, text) => options.SlowCallDuration = SettingText.ParseTime(text),
        [nameof(CircuitBreakerOptions.SlowCallRatio)] = static (options, text) => options.SlowCallRatio = SettingText.ParseReal(text),
        [nameof(CircuitBreakerOptions.SamplingDuration)] = static (options, text) => options.SamplingDuration = SettingText.ParseTime(text),
        [nameof(CircuitBreakerOptions.MinimumThroughput)] = static (options, text) => options.MinimumThroughput = SettingText.ParseInteger(text),
        [nameof(CircuitBreakerOptions.SamplingCalls)] = static (options, text) => options.SamplingCalls = SettingText.ParseInteger(text),
        [nameof(CircuitBreakerOptions.BackoffMultiplier)] = static (options, text) => options.BackoffMultiplier = SettingText.ParseReal(text),
        [nameof(CircuitBreakerOptions.MaxResetTimeout)] = static (options, text) => options.MaxResetTimeout = SettingText.ParseTime(text),
        [nameof(CircuitBreakerOptions.Jitter)] = static (options, text) => options.Jitter = SettingText.ParseReal(text),
        [nameof(CircuitBreakerOptions.CancelledCountsAsFailureAfter)] = static (options, text) => options.CancelledCountsAsFailureAfter = SettingText.ParseTime(text),
    });

    public static SettingTable<ThriftClientChannelOptions> Channel { get; } = new(new()
    {
        [nameof(ThriftChannelOptions.ConnectTimeout)] = static (options, text) => options.ConnectTimeout = SettingText.ParseTime(text),
        [nameof(ThriftChannelOptions.AcquireTimeout)] = static (options, text) => options.AcquireTimeout = SettingText.ParseTime(text),
        [nameof(ThriftChannelOptions.CallTimeout)] = static (options, text) => options.CallTimeout = SettingText.ParseTime(text),
        [nameof(ThriftChannelOptions.MaxConnections)] = static (options, text) => options.MaxConnections = SettingText.ParseInteger(text),
        [nameof(ThriftChannelOptions.MinIdleConnections)] = static (options, text) => options.MinIdleConnections = SettingText.ParseInteger(text),
        [nameof(ThriftChannelOptions.IdleTimeout)] = static (options, text) => options.IdleTimeout = SettingText.ParseTime(text),
        [nameof(ThriftChannelOptions.MaxConnectionAge)] = static (options, text) => options.MaxConnectionAge = SettingText.ParseTime(text),
        [nameof(ThriftChannelOptions.ConnectionPerCall)] = static (options, text) => options.ConnectionPerCall = SettingText.ParseBoolean(text),
        [nameof(ThriftChannelOptions.TcpQuickAck)] = static (options, text) => options.TcpQuickAck = SettingText.ParseBoolean(text),
        [nameof(ThriftChannelOptions.MaxConcurrentCalls)] = static (options, text) => options.MaxConcurrentCalls = SettingText.ParseInteger(text),
        [nameof(ThriftChannelOptions.MaxQueuedCalls)] = static (options, text) => options.MaxQueuedCalls = SettingText.ParseInteger(text),
        [nameof(ThriftChannelOptions.DrainTimeout)] = static (options, text) => options.DrainTimeout = SettingText.ParseTime(text),
        [nameof(ThriftChannelOptions.TcpKeepAliveTime)] = static (options, text) => options.TcpKeepAliveTime = SettingText.ParseTime(text),
        [nameof(ThriftChannelOptions.TcpKeepAliveInterval)] = static (options, text) => options.TcpKeepAliveInterval = SettingText.ParseTime(text),
        [nameof(ThriftChannelOptions.TcpKeepAliveRetryCount)] = static (options, text) => options.TcpKeepAliveRetryCount = SettingText.ParseInteger(text),
        [nameof(ThriftChannelOptions.MaxMessageSize)] = static (options, text) => options.MaxMessageSize = SettingText.ParseInteger(text),
        [nameof(ThriftChannelOptions.MaxFrameSize)] = static (options, text) => options.MaxFrameSize = SettingText.ParseInteger(text),
        [nameof(ThriftChannelOptions.AllOpenBehavior)] = static (options, text) => options.AllOpenBehavior = SettingText.ParseEnum<AllOpenBehavior>(text),
        [nameof(ThriftChannelOptions.MaxEjectionRatio)] = static (options, text) => options.MaxEjectionRatio = SettingText.ParseReal(text),
        [nameof(ThriftChannelOptions.SlowStartWindow)] = static (options, text) => options.SlowStartWindow = SettingText.ParseTime(text),
    });

    /// <summary>The transport and protocol of every endpoint of a client.</summary>
    public static SettingTable<ThriftClientOptions> EndpointDefaults { get; } = new(new()
    {
        [nameof(ThriftClientOptions.Transport)] = static (options, text) => options.Transport = SettingText.ParseEnum<ThriftTransport>(text),
        [nameof(ThriftClientOptions.Protocol)] = static (options, text) => options.Protocol = SettingText.ParseEnum<ThriftProtocol>(text),
        [nameof(ThriftClientOptions.Service)] = static (options, text) => options.Service = text,
        [nameof(ThriftClientOptions.Tls)] = static (options, text) => options.Tls = SettingText.ParseBoolean(text) ? new ThriftTlsOptions() : null,
    });
}
