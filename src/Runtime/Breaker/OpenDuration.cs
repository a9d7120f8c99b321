namespace ThriftBreaker;

/// <summary>How long a circuit stays open: <c>min(MaxResetTimeout, ResetTimeout × BackoffMultiplier^attempt) ± Jitter</c>.</summary>
internal static class OpenDuration
{
    /// <summary>Whether all that it is made of is the same, so that asking anew would only throw the random again.</summary>
    public static bool IsSame(CircuitBreakerOptions one, CircuitBreakerOptions other)
        => (one.ResetTimeout, one.MaxResetTimeout, one.BackoffMultiplier, one.Jitter, one.ResetTimeoutGenerator) ==
           (other.ResetTimeout, other.MaxResetTimeout, other.BackoffMultiplier, other.Jitter, other.ResetTimeoutGenerator);

    public static TimeSpan Of(CircuitBreakerOptions options, int attempt, Exception? failure, Action<Exception> onThrow)
    {
        if (options.ResetTimeoutGenerator is { } ask)
        {
            try
            {
                if (ask(attempt, failure) is var answer && answer > TimeSpan.Zero)
                {
                    return answer;
                }
            }
#pragma warning disable CA1031 // A provider is a guest: whatever it throws must not change the call that opened the circuit.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                onThrow(thrown);
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
