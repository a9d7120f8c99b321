namespace ThriftBreaker.Hosting.Settings;

/// <summary>Which keys set what. A test compares them with the options records, which have settings that only code can give besides.</summary>
internal static class SettingTables
{
    public static SettingTable<CircuitBreakerOptions> Circuit { get; } = new(new()
    {
        [nameof(CircuitBreakerOptions.FailMax)] = static (options, text) => options with { FailMax = SettingText.Number(text) },
        [nameof(CircuitBreakerOptions.ResetTimeout)] = static (options, text) => options with { ResetTimeout = SettingText.Time(text) },
        [nameof(CircuitBreakerOptions.SuccessThreshold)] = static (options, text) => options with { SuccessThreshold = SettingText.Number(text) },
        [nameof(CircuitBreakerOptions.MaxProbes)] = static (options, text) => options with { MaxProbes = SettingText.Number(text) },
        [nameof(CircuitBreakerOptions.ProbeTimeout)] = static (options, text) => options with { ProbeTimeout = SettingText.Time(text) },
        [nameof(CircuitBreakerOptions.ThrowOnTrip)] = static (options, text) => options with { ThrowOnTrip = SettingText.Flag(text) },
        [nameof(CircuitBreakerOptions.Mode)] = static (options, text) => options with { Mode = SettingText.Choice<CircuitMode>(text) },
        [nameof(CircuitBreakerOptions.FailureRatio)] = static (options, text) => options with { FailureRatio = SettingText.Real(text) },
        [nameof(CircuitBreakerOptions.SlowCallDuration)] = static (options, text) => options with { SlowCallDuration = SettingText.Time(text) },
        [nameof(CircuitBreakerOptions.SlowCallRatio)] = static (options, text) => options with { SlowCallRatio = SettingText.Real(text) },
        [nameof(CircuitBreakerOptions.SamplingDuration)] = static (options, text) => options with { SamplingDuration = SettingText.Time(text) },
        [nameof(CircuitBreakerOptions.MinimumThroughput)] = static (options, text) => options with { MinimumThroughput = SettingText.Number(text) },
        [nameof(CircuitBreakerOptions.SamplingCalls)] = static (options, text) => options with { SamplingCalls = SettingText.Number(text) },
        [nameof(CircuitBreakerOptions.BackoffMultiplier)] = static (options, text) => options with { BackoffMultiplier = SettingText.Real(text) },
        [nameof(CircuitBreakerOptions.MaxResetTimeout)] = static (options, text) => options with { MaxResetTimeout = SettingText.Time(text) },
        [nameof(CircuitBreakerOptions.Jitter)] = static (options, text) => options with { Jitter = SettingText.Real(text) },
        [nameof(CircuitBreakerOptions.CancelledCountsAsFailureAfter)] = static (options, text) => options with { CancelledCountsAsFailureAfter = SettingText.Time(text) },
    });

    public static SettingTable<ThriftChannelOptions> Channel { get; } = new(new()
    {
        [nameof(ThriftChannelOptions.ConnectTimeout)] = static (options, text) => options with { ConnectTimeout = SettingText.Time(text) },
        [nameof(ThriftChannelOptions.AcquireTimeout)] = static (options, text) => options with { AcquireTimeout = SettingText.Time(text) },
        [nameof(ThriftChannelOptions.CallTimeout)] = static (options, text) => options with { CallTimeout = SettingText.Time(text) },
        [nameof(ThriftChannelOptions.MaxConnections)] = static (options, text) => options with { MaxConnections = SettingText.Number(text) },
        [nameof(ThriftChannelOptions.MinIdleConnections)] = static (options, text) => options with { MinIdleConnections = SettingText.Number(text) },
        [nameof(ThriftChannelOptions.IdleTimeout)] = static (options, text) => options with { IdleTimeout = SettingText.Time(text) },
        [nameof(ThriftChannelOptions.MaxConnectionAge)] = static (options, text) => options with { MaxConnectionAge = SettingText.Time(text) },
        [nameof(ThriftChannelOptions.ConnectionPerCall)] = static (options, text) => options with { ConnectionPerCall = SettingText.Flag(text) },
        [nameof(ThriftChannelOptions.MaxConcurrentCalls)] = static (options, text) => options with { MaxConcurrentCalls = SettingText.Number(text) },
        [nameof(ThriftChannelOptions.MaxQueuedCalls)] = static (options, text) => options with { MaxQueuedCalls = SettingText.Number(text) },
        [nameof(ThriftChannelOptions.DrainTimeout)] = static (options, text) => options with { DrainTimeout = SettingText.Time(text) },
        [nameof(ThriftChannelOptions.MaxMessageSize)] = static (options, text) => options with { MaxMessageSize = SettingText.Number(text) },
        [nameof(ThriftChannelOptions.MaxFrameSize)] = static (options, text) => options with { MaxFrameSize = SettingText.Number(text) },
        [nameof(ThriftChannelOptions.AllOpenBehavior)] = static (options, text) => options with { AllOpenBehavior = SettingText.Choice<AllOpenBehavior>(text) },
        [nameof(ThriftChannelOptions.MaxEjectionRatio)] = static (options, text) => options with { MaxEjectionRatio = SettingText.Real(text) },
        [nameof(ThriftChannelOptions.SlowStartWindow)] = static (options, text) => options with { SlowStartWindow = SettingText.Time(text) },
    });

    /// <summary>How every endpoint of a client is spoken to.</summary>
    public static SettingTable<EndpointDefaults> EndpointDefaults { get; } = new(new()
    {
        [nameof(ThriftEndpoint.Transport)] = static (speech, text) => speech with { Transport = SettingText.Choice<ThriftTransport>(text) },
        [nameof(ThriftEndpoint.Protocol)] = static (speech, text) => speech with { Protocol = SettingText.Choice<ThriftProtocol>(text) },
        [nameof(ThriftEndpoint.Service)] = static (speech, text) => speech with { Service = text },
        [nameof(ThriftEndpoint.Tls)] = static (speech, text) => speech with { Tls = SettingText.Flag(text) },
    });
}
