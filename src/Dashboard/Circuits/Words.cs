namespace ThriftBreaker.Dashboard.Circuits;

/// <summary>States, modes and reasons as the page and its API write them.</summary>
internal static class Words
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

    public static string Of(CircuitChangeReason reason) => reason switch
    {
        CircuitChangeReason.ByHand => "by hand",
        CircuitChangeReason.FailMaxReached => "too many failures in a row",
        CircuitChangeReason.ResetTimeoutPassed => "the reset timeout has passed",
        CircuitChangeReason.ProbesSucceeded => "probes succeeded",
        CircuitChangeReason.ProbeFailed => "a probe failed",
        CircuitChangeReason.ProbeTimedOut => "a probe timed out",
        CircuitChangeReason.FailureRatioReached => "too large a share of failures",
        _ => "too large a share of slow calls",
    };
}
