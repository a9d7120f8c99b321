namespace ThriftBreaker;

/// <summary>
/// Limits the share of calls of an endpoint for <see cref="ThriftChannelOptions.SlowStartWindow"/> after it has come
/// into use: its caches are cold, and its circuit can have closed too early. Thread-safe.
/// </summary>
/// <remarks>
/// The share grows linearly from a tenth, which are the defaults of Envoy's slow start. It applies to the draws and is
/// not a weight on in-flight calls: with few callers no call is in flight at most endpoints, and a weight would exclude
/// the endpoint until the window has nearly elapsed.
/// </remarks>
internal sealed class SlowStart(ThriftChannelOptions options)
{
    private const double MinShare = 0.1;
    private const long NotStarted = 0;

    private readonly TimeProvider _timeProvider = options.TimeProvider;
    private readonly TimeSpan _window = options.SlowStartWindow;
    private long _startedAt = NotStarted;

    public void Begin()
    {
        if (_window > TimeSpan.Zero)
        {
            var now = _timeProvider.GetTimestamp();
            Volatile.Write(ref _startedAt, now == NotStarted ? now - 1 : now);
        }
    }

    /// <summary>Draws whether a selection skips the endpoint. Always false after the window.</summary>
    public bool ShouldSkip(Random random)
    {
        var startedAt = Volatile.Read(ref _startedAt);
        if (startedAt == NotStarted)
        {
            return false;
        }

        var share = _timeProvider.GetElapsedTime(startedAt) / _window;
        if (share >= 1)
        {
            // Compared, so that a window that has begun concurrently continues.
            Interlocked.CompareExchange(ref _startedAt, NotStarted, startedAt);
            return false;
        }

#pragma warning disable CA5394 // The random numbers protect no secret.
        return random.NextDouble() >= Math.Max(share, MinShare);
#pragma warning restore CA5394
    }
}
