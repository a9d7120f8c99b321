namespace ThriftBreaker;

/// <summary>
/// How long a circuit stays open: <c>min(MaxResetTimeout, ResetTimeout × BackoffMultiplier^attempt) ± Jitter</c>.
/// </summary>
internal static class OpenDuration
{
    /// <summary>The generators that run on this thread, the innermost first.</summary>
    [ThreadStatic]
    private static RunningGenerator? _running;

    /// <summary>
    /// Whether two options give the same duration, so that a new one would only draw another random number.
    /// </summary>
    public static bool HasSameSettings(CircuitBreakerOptions one, CircuitBreakerOptions other)
        => (one.ResetTimeout, one.MaxResetTimeout, one.BackoffMultiplier, one.Jitter, one.ResetTimeoutGenerator) ==
           (other.ResetTimeout, other.MaxResetTimeout, other.BackoffMultiplier, other.Jitter, other.ResetTimeoutGenerator);

    public static TimeSpan Get(CircuitBreakerOptions options, int attempt, Exception? failure, Action<Exception> report)
    {
        if (options.ResetTimeoutGenerator is { } generate && !IsRunning(generate))
        {
            var generated = Generate(generate, attempt, failure, report);
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

    private static TimeSpan Generate(Func<int, Exception?, TimeSpan> generate, int attempt, Exception? failure, Action<Exception> report)
    {
        var outer = _running;
        _running = new RunningGenerator(generate, outer);
        var generated = UserCallback.Invoke(
            (generate, attempt, failure), static state => state.generate(state.attempt, state.failure), fallback: TimeSpan.Zero, report);
        _running = outer;
        return generated;
    }

    /// <summary>
    /// Whether the generator runs: if it opens a circuit that asks it again, it would never end.
    /// </summary>
    private static bool IsRunning(Func<int, Exception?, TimeSpan> generate)
    {
        var running = _running;
        while (running is not null && running.Generate != generate)
        {
            running = running.Outer;
        }

        return running is not null;
    }

    private sealed record RunningGenerator(Func<int, Exception?, TimeSpan> Generate, RunningGenerator? Outer);
}
