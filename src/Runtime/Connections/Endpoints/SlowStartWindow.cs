namespace ThriftBreaker;

/// <summary>
/// Gives an endpoint that has just come back a small share of the calls at first: its caches are cold, and its circuit may have closed too
/// early. Thread-safe.
/// </summary>
/// <remarks>
/// The share grows with time, as in Envoy's slow start with its defaults (from a tenth, linearly). It is a share of draws and not a weight on calls under way: with
/// few callers nobody has any under way, and a weight would keep the endpoint out until it is as good as warm.
/// </remarks>
internal sealed class SlowStartWindow(ThriftChannelOptions options)
{
    private const double LeastShare = 0.1;
    private const long Warm = 0;

    private readonly TimeProvider _timeProvider = options.TimeProvider;
    private readonly TimeSpan _span = options.SlowStartWindow;
    private long _since = Warm;

    public void Begin()
    {
        if (_span > TimeSpan.Zero)
        {
            var now = _timeProvider.GetTimestamp();
            Volatile.Write(ref _since, now == Warm ? now - 1 : now);
        }
    }

    /// <summary>Throws the random for one draw; never true once the time is over.</summary>
    public bool StandsAside(Random random)
    {
        var since = Volatile.Read(ref _since);
        if (since == Warm)
        {
            return false;
        }

        var share = _timeProvider.GetElapsedTime(since) / _span;
        if (share >= 1)
        {
            // Not where it has begun again meanwhile.
            Interlocked.CompareExchange(ref _since, Warm, since);
            return false;
        }

#pragma warning disable CA5394 // No secret hangs on it.
        return random.NextDouble() >= Math.Max(share, LeastShare);
#pragma warning restore CA5394
    }
}
