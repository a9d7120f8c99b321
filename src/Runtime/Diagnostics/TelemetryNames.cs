namespace ThriftBreaker;

/// <summary>
/// The names that dashboards and alerts hang on: as stable as the public API. docs/telemetry.md lists them. Where OpenTelemetry's
/// conventions for RPC (1.45) have a name, it is theirs.
/// </summary>
internal static class TelemetryNames
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Source = "ThriftBreaker";

    public const string SchemaUrl = "https://opentelemetry.io/schemas/1.45.0";

    public const string Circuit = "thriftbreaker.circuit_breaker.name";
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

    /// <summary>The event that a rejection leaves on the caller's activity.</summary>
    public const string RejectedEvent = "thriftbreaker.rejected";

    /// <summary>The value of <see cref="RpcSystem"/>.</summary>
    public const string Thrift = "thrift";

    public static string? Version { get; } = typeof(TelemetryNames).Assembly.GetName().Version?.ToString(fieldCount: 3);

    public static string Of(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Success => "success",
        CallOutcome.Failure => "failure",
        CallOutcome.Cancelled => "cancelled",
        _ => "ignored",
    };

    public static string Of(CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.Open => "open",
        _ => "half_open",
    };

    public static string Of(CircuitMode mode) => mode switch
    {
        CircuitMode.Auto => "auto",
        CircuitMode.Isolated => "isolated",
        CircuitMode.Disabled => "disabled",
        _ => "report_only",
    };

    public static string Of(CircuitStateChangeReason reason) => reason switch
    {
        CircuitStateChangeReason.FailMaxReached => "fail_max_reached",
        CircuitStateChangeReason.ResetTimeoutPassed => "reset_timeout_passed",
        CircuitStateChangeReason.ProbesSucceeded => "probes_succeeded",
        CircuitStateChangeReason.ProbeFailed => "probe_failed",
        CircuitStateChangeReason.ProbeTimedOut => "probe_timed_out",
        CircuitStateChangeReason.FailureRatioReached => "failure_ratio_reached",
        CircuitStateChangeReason.SlowCallRatioReached => "slow_call_ratio_reached",
        _ => "manual",
    };

    /// <summary>The type's full name, which the runtime keeps: nothing is allocated for it again.</summary>
    public static string Of(Exception error) => error.GetType().FullName ?? error.GetType().Name;
}
