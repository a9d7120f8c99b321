namespace ThriftBreaker;

/// <summary>
/// The rules that open a circuit by a ratio. They are evaluated after bad calls only: a good one never opens a circuit.
/// </summary>
internal static class RatioRules
{
    /// <summary>Gets the ratio that is reached, as the reason to open; null for none.</summary>
    public static CircuitStateChangeReason? FindReached(WindowCounts counts, CircuitBreakerOptions options)
    {
        if (counts.Calls == 0 || counts.Calls < options.MinimumThroughput)
        {
            return null;
        }

        // A quotient, not a product: 7 of 100 is 0.07 to the last bit, and 0.07 × 100 is more than 7.
        return (double)counts.Failures / counts.Calls >= options.FailureRatio ? CircuitStateChangeReason.FailureRatioReached
            : (double)counts.Slow / counts.Calls >= options.SlowCallRatio ? CircuitStateChangeReason.SlowCallRatioReached
            : null;
    }
}
