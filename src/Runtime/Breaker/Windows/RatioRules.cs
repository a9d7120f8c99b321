namespace ThriftBreaker;

/// <summary>The rules that judge by a ratio. They are asked after a bad call only: a good one never opens a circuit.</summary>
internal static class RatioRules
{
    /// <summary>The rule that is met, as the reason to open; null for none.</summary>
    public static CircuitStateChangeReason? Judge(WindowCounts tally, CircuitBreakerOptions options)
    {
        if (tally.Calls == 0 || tally.Calls < options.MinimumThroughput)
        {
            return null;
        }

        // A quotient, not a product: 7 of 100 is 0.07 to the last bit, and 0.07 × 100 is more than 7.
        return (double)tally.Failures / tally.Calls >= options.FailureRatio ? CircuitStateChangeReason.FailureRatioReached
            : (double)tally.Slow / tally.Calls >= options.SlowCallRatio ? CircuitStateChangeReason.SlowCallRatioReached
            : null;
    }
}
