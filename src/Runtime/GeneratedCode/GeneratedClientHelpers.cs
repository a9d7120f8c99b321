using System.ComponentModel;
using System.Globalization;

namespace ThriftBreaker.GeneratedCode;

/// <summary>What generated clients need besides their calls. Not for use by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GeneratedClientHelpers
{
    /// <summary>
    /// A circuit for calls over a channel: where the settings leave it open, a probe may take twice as long as a call, so that
    /// a slow answer is a verdict and not a lost one.
    /// </summary>
    /// <param name="options">The settings of the channel.</param>
    /// <param name="settings">The settings of the circuit.</param>
    /// <param name="longestCall">The longest call timeout that a method has of its own.</param>
    /// <exception cref="ArgumentException">A probe may take less time than its call.</exception>
    public static CircuitBreaker CreateCircuitBreaker(ThriftChannelOptions options, CircuitBreakerOptions settings, TimeSpan longestCall = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var needed = ProbeTimeoutFor(options, longestCall);
        return ConfigureForChannel(
            options,
            new CircuitBreaker(settings with
            {
                ProbeTimeout = settings.ProbeTimeout ?? (needed > CircuitBreakerOptions.DefaultProbeTimeout ? needed : CircuitBreakerOptions.DefaultProbeTimeout),
            }),
            needed,
            options.CallTimeout);
    }

    /// <summary>A circuit of the user's own, made fit for calls over a channel in the same way.</summary>
    /// <param name="options">The settings of the channel.</param>
    /// <param name="breaker">The circuit.</param>
    /// <param name="longestCall">The longest call timeout that a method has of its own.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A probe may take less time than its call.</exception>
    public static CircuitBreaker ConfigureForChannel(ThriftChannelOptions options, CircuitBreaker breaker, TimeSpan longestCall = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(breaker);
        return ConfigureForChannel(options, breaker, ProbeTimeoutFor(options, longestCall), Longest(options, longestCall));
    }

    /// <summary>Circuits that a function of the user's own gives, made fit in the same way.</summary>
    /// <param name="options">The settings of the channel.</param>
    /// <param name="breakers">Gives a circuit for these settings.</param>
    /// <param name="longestCall">The longest call timeout that a method has of its own.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A probe may take less time than its call.</exception>
    public static Func<CircuitBreakerOptions, CircuitBreaker> ConfigureForChannel(
        ThriftChannelOptions options, Func<CircuitBreakerOptions, CircuitBreaker> breakers, TimeSpan longestCall = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(breakers);
        return settings => ConfigureForChannel(options, CreateFrom(breakers, settings), ProbeTimeoutFor(options, longestCall), options.CallTimeout);
    }

    /// <param name="options">The settings of the channel.</param>
    /// <param name="breaker">The circuit.</param>
    /// <param name="probe">How long a probe may take where the circuit does not say.</param>
    /// <param name="call">
    /// How long a call of the circuit's methods may take. Which of several circuits guards the longest method is not known here; that a
    /// mark allows a method less than its call takes is an error of the build.
    /// </param>
    private static CircuitBreaker ConfigureForChannel(ThriftChannelOptions options, CircuitBreaker breaker, TimeSpan probe, TimeSpan call)
    {
        ThrowIfProbesAreShorter(options, breaker.Options, call);
        breaker.AllowProbesOf(probe, call);
        return breaker;
    }

    /// <exception cref="ArgumentException">A probe may take less time than this call.</exception>
    internal static void ThrowIfProbesAreShorter(ThriftChannelOptions options, CircuitBreakerOptions circuit, TimeSpan call)
    {
        if (circuit.ProbeTimeout is { } timeout && timeout < call)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"ProbeTimeout ({timeout.TotalSeconds:0.###} s) must be at least the {(call == options.CallTimeout ? "channel's CallTimeout" : "longest CallTimeoutSeconds of a method")} ({call.TotalSeconds:0.###} s), or a probe is given up before its call is."),
                nameof(options));
        }
    }

    /// <summary>Where the settings of the circuit leave it open, its probes may take as long from now on as calls that take this long want.</summary>
    internal static void AllowProbes(ThriftChannelOptions options, CircuitBreaker breaker, TimeSpan call)
        => breaker.AllowProbesOf(ProbeTimeoutFor(options, call), Longest(options, call));

    private static TimeSpan ProbeTimeoutFor(ThriftChannelOptions options, TimeSpan longestCall)
    {
        var twice = 2 * (options.AcquireTimeout + options.ConnectTimeout + Longest(options, longestCall));
        return twice < CircuitBreakerOptions.LongestProbeTimeout ? twice : CircuitBreakerOptions.LongestProbeTimeout;
    }

    private static TimeSpan Longest(ThriftChannelOptions options, TimeSpan longestCall)
        => options.CallTimeout > longestCall ? options.CallTimeout : longestCall;

    /// <summary>The circuit that the maker of a client with several circuits gives for these settings.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="breakers"/> is null.</exception>
    /// <exception cref="ArgumentException">It gave none.</exception>
    public static CircuitBreaker CreateFrom(Func<CircuitBreakerOptions, CircuitBreaker> breakers, CircuitBreakerOptions settings)
    {
        ArgumentNullException.ThrowIfNull(breakers);
        return breakers(settings) ?? throw new ArgumentException($"It gave no circuit for '{settings.Name}'.", nameof(breakers));
    }

    /// <summary>What a container has to answer rejected calls, as the implementation of the service that it must be.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static TService? FallbackFrom<TService>(object? fallback)
        where TService : class
        => fallback is null or TService
            ? (TService?)fallback
            : throw new ArgumentException($"The fallback must implement {typeof(TService)}, and {fallback.GetType()} does not.", nameof(fallback));

    /// <summary>What the user gets who asks for the circuit of a method that the service does not have.</summary>
    public static ArgumentException NoSuchMethod(string? method, string service)
        => method is null
            ? new ArgumentNullException(nameof(method))
            : new ArgumentException($"'{service}' has no method '{method}'.", nameof(method));

    /// <summary>What the user gets who asks for the circuit of a method that is not guarded.</summary>
    public static ArgumentException Bypassed(string method, string service)
        => new($"'{service}.{method}' has no circuit: it is not guarded.", nameof(method));

    /// <summary>Disposes the inner client in the way that it offers.</summary>
    public static void Dispose(object inner)
    {
        if (inner is IDisposable disposable)
        {
            disposable.Dispose();
        }
        else if (inner is IAsyncDisposable asyncDisposable)
        {
            asyncDisposable.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public static ValueTask DisposeAsync(object inner)
    {
        if (inner is IAsyncDisposable asyncDisposable)
        {
            return asyncDisposable.DisposeAsync();
        }

        (inner as IDisposable)?.Dispose();
        return default;
    }
}
