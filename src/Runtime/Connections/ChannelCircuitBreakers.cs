using System.Globalization;

namespace ThriftBreaker;

/// <summary>
/// Creates and configures circuit breakers for calls over a channel, so that a probe has enough time for its call.
/// </summary>
internal static class ChannelCircuitBreakers
{
    /// <summary>
    /// Creates a circuit breaker. If the settings have no probe timeout, a probe may take twice as long as a call, so
    /// that a slow reply still counts.
    /// </summary>
    /// <param name="channel">The options of the channel.</param>
    /// <param name="options">The settings of the circuit breaker.</param>
    /// <param name="longestCall">The longest call timeout of its methods; zero if none has one.</param>
    /// <exception cref="ArgumentException">The probe timeout is shorter than a call.</exception>
    public static CircuitBreaker Create(ThriftChannelOptions channel, CircuitBreakerOptions options, TimeSpan longestCall = default)
    {
        var needed = GetProbeTimeout(channel, longestCall);
        return Configure(
            channel,
            new CircuitBreaker(options with
            {
                ProbeTimeout = options.ProbeTimeout ?? (needed > CircuitBreakerOptions.DefaultProbeTimeout ? needed : CircuitBreakerOptions.DefaultProbeTimeout),
            }),
            longestCall);
    }

    /// <summary>Configures a circuit breaker that the user created, in the same way.</summary>
    /// <inheritdoc cref="Create"/>
    public static CircuitBreaker Configure(ThriftChannelOptions channel, CircuitBreaker circuitBreaker, TimeSpan longestCall = default)
    {
        ThrowIfProbesAreShorter(channel, circuitBreaker.Options, GetLongest(channel, longestCall));
        AllowProbes(channel, circuitBreaker, longestCall);
        return circuitBreaker;
    }

    /// <exception cref="ArgumentException">The probe timeout is shorter than a call.</exception>
    public static void ThrowIfProbesAreShorter(ThriftChannelOptions options, CircuitBreakerOptions circuitBreaker, TimeSpan call)
    {
        if (circuitBreaker.ProbeTimeout is { } timeout && timeout < call)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"ProbeTimeout ({timeout.TotalSeconds:0.###} s) must be at least the {(call == options.CallTimeout ? "channel's CallTimeout" : "longest CallTimeoutSeconds of a method")} ({call.TotalSeconds:0.###} s), or a probe is given up before its call is."),
                nameof(options));
        }
    }

    /// <summary>
    /// From now on, allows the probes of a circuit breaker without a probe timeout the time that calls of this length
    /// need.
    /// </summary>
    public static void AllowProbes(ThriftChannelOptions channel, CircuitBreaker circuitBreaker, TimeSpan call)
        => circuitBreaker.AllowProbesOf(GetProbeTimeout(channel, call), GetLongest(channel, call));

    private static TimeSpan GetProbeTimeout(ThriftChannelOptions channel, TimeSpan longestCall)
    {
        var twice = 2 * (channel.AcquireTimeout + channel.ConnectTimeout + GetLongest(channel, longestCall));
        return twice < CircuitBreakerOptions.LongestProbeTimeout ? twice : CircuitBreakerOptions.LongestProbeTimeout;
    }

    private static TimeSpan GetLongest(ThriftChannelOptions channel, TimeSpan longestCall)
        => channel.CallTimeout > longestCall ? channel.CallTimeout : longestCall;
}
