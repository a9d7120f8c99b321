using System.ComponentModel;

namespace ThriftBreaker.Calls;

/// <summary>What generated clients need besides their calls. Not for use by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GuardedClient
{
    private static readonly TimeSpan ShortestProbeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A circuit for calls over a channel: where the settings leave it open, a probe may take twice as long as a call, so that
    /// a slow answer is a verdict and not a lost one.
    /// </summary>
    public static CircuitBreaker BreakerFor(ThriftChannelOptions options, CircuitBreakerOptions settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        var twice = 2 * (options.ConnectTimeout + options.CallTimeout);
        return new CircuitBreaker(settings with
        {
            ProbeTimeout = settings.ProbeTimeout ?? (twice > ShortestProbeTimeout ? twice : ShortestProbeTimeout),
        });
    }

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
