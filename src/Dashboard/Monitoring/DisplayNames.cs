namespace ThriftBreaker.Dashboard.Monitoring;

/// <summary>Provides the texts of states, modes and reasons on the page and in its API.</summary>
internal static class DisplayNames
{
    public static string GetName(CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.Open => "open",
        _ => "half-open",
    };

    public static string GetName(CircuitMode mode) => mode switch
    {
        CircuitMode.Auto => "auto",
        CircuitMode.Isolated => "isolated",
        CircuitMode.Disabled => "disabled",
        _ => "report-only",
    };

    public static string GetName(CircuitStateChangeReason reason) => reason switch
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
