namespace ThriftBreaker;

/// <summary>
/// Holds the average time between a request to an endpoint and its reply. A longer time raises the average at once, and
/// shorter ones lower it gradually (peak EWMA, as in Finagle). Thread-safe.
/// </summary>
/// <remarks>
/// In-flight calls do not show a few callers which endpoint is slow: no call is in flight when they select. The average
/// counts against an endpoint only while it is more than twice another's. Compared exactly, endpoints that differ by a
/// few percent would get nearly all calls or none.
/// </remarks>
internal sealed class PeakLatency(TimeProvider timeProvider)
{
    private const double Unknown = 0;
    private const double MaxRatioOfEquals = 2;

    /// <summary>The time in which the weight of an average falls to 37 % (Finagle's default).</summary>
    private static readonly TimeSpan DecayTime = TimeSpan.FromSeconds(10);

    // Written without a lock: a lost or torn update is one sample among many.
    private double _seconds = Unknown;
    private long _recordedAt;

    /// <summary>Starts to measure a call.</summary>
    /// <returns>A timestamp for <see cref="Record"/>.</returns>
    public long Start() => timeProvider.GetTimestamp();

    /// <summary>Records the time of a call.</summary>
    /// <param name="startedAt">The timestamp of its start.</param>
    /// <param name="replied">
    /// Whether the server has replied. Without a reply, the time can only raise the average: an endpoint that fails
    /// quickly must not attract calls.
    /// </param>
    public void Record(long startedAt, bool replied)
    {
        var now = timeProvider.GetTimestamp();
        var seconds = Math.Max(0, timeProvider.GetElapsedTime(startedAt, now).TotalSeconds);
        var weight = GetWeight(now);
        var decayed = Volatile.Read(ref _seconds) * weight;
        if (seconds <= decayed && !replied)
        {
            return;
        }

        Volatile.Write(ref _seconds, seconds > decayed ? seconds : decayed + (seconds * (1 - weight)));
        Volatile.Write(ref _recordedAt, now);
    }

    /// <summary>Forgets the average: the endpoint has recovered.</summary>
    public void Reset() => Volatile.Write(ref _seconds, Unknown);

    /// <summary>
    /// Returns how many times slower this endpoint is than another; 1 if the difference is small, or too old to count.
    /// </summary>
    public double GetSlowness(PeakLatency other)
    {
        var (seconds, others) = (Volatile.Read(ref _seconds), Volatile.Read(ref other._seconds));
        if (others == Unknown || seconds <= others * MaxRatioOfEquals)
        {
            return 1;
        }

        // Only this average decays: an old one must not make an endpoint seem fast.
        var slowness = seconds * GetWeight(timeProvider.GetTimestamp()) / others;
        return slowness > MaxRatioOfEquals ? slowness : 1;
    }

    /// <summary>Gets the weight of the average now: 1 when it was recorded, and 0 long afterwards.</summary>
    private double GetWeight(long now)
    {
        var age = timeProvider.GetElapsedTime(Volatile.Read(ref _recordedAt), now);
        return age > TimeSpan.Zero ? Math.Exp(-(age / DecayTime)) : 1;
    }
}
