namespace ThriftBreaker;

/// <summary>
/// The names that dashboards and alerts depend on, as stable as the public API. docs/telemetry.md lists them. Names
/// that OpenTelemetry's conventions for RPC (1.45) define are used.
/// </summary>
internal static class TelemetryNames
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Source = "ThriftBreaker";

    public const string SchemaUrl = "https://opentelemetry.io/schemas/1.45.0";

    public const string CircuitBreaker = "thriftbreaker.circuit_breaker.name";
    public const string Mode = "thriftbreaker.circuit_breaker.mode";
    public const string State = "thriftbreaker.circuit_breaker.state";
    public const string Outcome = "thriftbreaker.call.outcome";
    public const string RetryAfter = "thriftbreaker.retry_after_seconds";
    public const string From = "thriftbreaker.transition.from";
    public const string To = "thriftbreaker.transition.to";
    public const string Reason = "thriftbreaker.transition.reason";
    public const string RpcSystem = "rpc.system.name";
    public const string RpcMethod = "rpc.method";
    public const string ErrorType = "error.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";

    /// <summary>The event that a rejection adds to the caller's activity.</summary>
    public const string RejectedEvent = "thriftbreaker.rejected";

    /// <summary>The value of <see cref="RpcSystem"/>.</summary>
    public const string Thrift = "thrift";

    public static string? Version { get; } = typeof(TelemetryNames).Assembly.GetName().Version?.ToString(fieldCount: 3);

    /// <summary>Gets the full name of the exception's type. .NET caches it, so it is allocated once.</summary>
    public static string GetErrorType(Exception error) => error.GetType().FullName ?? error.GetType().Name;
}
