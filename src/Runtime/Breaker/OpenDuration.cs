namespace ThriftBreaker;

/// <summary>
/// How long a circuit stays open: <c>min(MaxResetTimeout, ResetTimeout × BackoffMultiplier^attempt) ± Jitter</c>.
/// </summary>
internal static class OpenDuration
{
    /// <summary>
    /// Whether two options give the same duration, so that a new one would only draw another random number.
    /// </summary>
    public static bool HasSameSettings(CircuitBreakerOptions one, CircuitBreakerOptions other)
        => (one.ResetTimeout, one.MaxResetTimeout, one.BackoffMultiplier, one.Jitter, one.ResetTimeoutGenerator) ==
           (other.ResetTimeout, other.MaxResetTimeout, other.BackoffMultiplier, other.Jitter, other.ResetTimeoutGenerator);

    public static TimeSpan Get(CircuitBreakerOptions options, int attempt, Exception? failure, Action<Exception> report)
    {
        if (options.ResetTimeoutGenerator is { } generate)
        {
            var generated = UserCallback.Invoke(
                (generate, attempt, failure), static state => state.generate(state.attempt, state.failure), fallback: TimeSpan.Zero, report);
            if (generated > TimeSpan.Zero)
            {
                return generated;
            }
        }

        if (options is { BackoffMultiplier: 1, Jitter: 0 })
        {
            return options.ResetTimeout;
        }

        var ticks = Math.Min(
            options.ResetTimeout.Ticks * Math.Pow(options.BackoffMultiplier, attempt),
            (options.MaxResetTimeout ?? TimeSpan.MaxValue).Ticks);
        var varied = ticks * (1 + (options.Jitter * ((2 * options.Random()) - 1)));
        return varied < TimeSpan.MaxValue.Ticks ? TimeSpan.FromTicks(Math.Max(1, (long)varied)) : TimeSpan.MaxValue;
    }
}
