namespace ThriftBreaker.Dashboard.Circuits;

/// <summary>States, modes and reasons as the page and its API write them.</summary>
internal static class DisplayNames
{
    public static string Of(CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.Open => "open",
        _ => "half-open",
    };

    public static string Of(CircuitMode mode) => mode switch
    {
        CircuitMode.Auto => "auto",
        CircuitMode.Isolated => "isolated",
        CircuitMode.Disabled => "disabled",
        _ => "shadow",
    };

    public static string Of(CircuitStateChangeReason reason) => reason switch
    {
        CircuitStateChangeReason.Manual => "by hand",
        CircuitStateChangeReason.FailMaxReached => "too many failures in a row",
        CircuitStateChangeReason.ResetTimeoutPassed => "the reset timeout has passed",
        CircuitStateChangeReason.ProbesSucceeded => "probes succeeded",
        CircuitStateChangeReason.ProbeFailed => "a probe failed",
        CircuitStateChangeReason.ProbeTimedOut => "a probe timed out",
        CircuitStateChangeReason.FailureRatioReached => "too large a share of failures",
        _ => "too large a share of slow calls",
    };
}
