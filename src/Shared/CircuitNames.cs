namespace ThriftBreaker;

/// <summary>
/// States, modes, outcomes and reasons as text. The telemetry of the runtime uses the names; the dashboard and the
/// health check show the display names. Each of these projects compiles this file. The names are as stable as the
/// public API.
/// </summary>
internal static class CircuitNames
{
    public static string GetName(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Success => "success",
        CallOutcome.Failure => "failure",
        CallOutcome.Cancelled => "cancelled",
        _ => "ignored",
    };

    public static string GetName(CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.Open => "open",
        _ => "half_open",
    };

    public static string GetName(CircuitMode mode) => mode switch
    {
        CircuitMode.Auto => "auto",
        CircuitMode.Isolated => "isolated",
        CircuitMode.Disabled => "disabled",
        _ => "report_only",
    };

    public static string GetName(CircuitStateChangeReason reason) => reason switch
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

    public static string GetDisplayName(CircuitState state) => state == CircuitState.HalfOpen ? "half-open" : GetName(state);

    public static string GetDisplayName(CircuitMode mode) => mode == CircuitMode.ReportOnly ? "report-only" : GetName(mode);

    public static string GetDisplayName(CircuitStateChangeReason reason) => reason switch
    {
        CircuitStateChangeReason.Manual => "manual",
        CircuitStateChangeReason.FailMaxReached => "too many consecutive failures",
        CircuitStateChangeReason.ResetTimeoutPassed => "the reset timeout has passed",
        CircuitStateChangeReason.ProbesSucceeded => "probes succeeded",
        CircuitStateChangeReason.ProbeFailed => "a probe failed",
        CircuitStateChangeReason.ProbeTimedOut => "a probe timed out",
        CircuitStateChangeReason.FailureRatioReached => "the failure ratio is too high",
        _ => "the slow-call ratio is too high",
    };
}
