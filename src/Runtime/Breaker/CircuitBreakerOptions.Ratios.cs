namespace ThriftBreaker;

// The rules that judge by a ratio. Each is off until its ratio is set; any rule that is met opens the circuit.
public sealed partial record CircuitBreakerOptions
{
    /// <summary>
    /// The share of failed calls in the window that opens the circuit: greater than 0 and at most 1; default null, which
    /// turns the rule off. Judged after each failed or slow call, never after a good one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double? FailureRatio
    {
        get;
        init => field = Share(value);
    }

    /// <summary>
    /// From which duration on a call counts as slow: greater than zero; default null, which means never. A slow probe does not
    /// count towards <see cref="SuccessThreshold"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan? SlowCallDuration
    {
        get;
        init => field = value is { } threshold ? Positive(threshold) : null;
    }

    /// <summary>
    /// The share of slow calls in the window that opens the circuit, whether they failed or not: greater than 0 and at most 1;
    /// default null, which turns the rule off. Wants a <see cref="SlowCallDuration"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double? SlowCallRatio
    {
        get;
        init => field = Share(value);
    }

    /// <summary>How long a time the window covers: 0.5 seconds to 1 day; default 30 seconds. Not used with <see cref="SamplingCalls"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan SamplingDuration
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(0.5) && value <= TimeSpan.FromDays(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(SamplingDuration), value, "SamplingDuration must be between 0.5 seconds and 1 day.");
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many calls there must be in the window of time before a ratio is judged: 1 to 1,000,000. Must be set where a ratio is
    /// judged over time: one failure of one call is a ratio of 1, and no reason to open.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int? MinimumThroughput
    {
        get;
        init => field = value is { } calls ? Between(1, calls, 1_000_000) : null;
    }

    /// <summary>
    /// Judges the ratios over this many latest calls instead of over time: 1 to 64; default null. Calls before the first
    /// count as good ones.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int? SamplingCalls
    {
        get;
        init => field = value is { } calls ? Between(1, calls, LastCallsWindow.MostCalls) : null;
    }
}
