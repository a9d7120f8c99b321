namespace ThriftBreaker;

/// <summary>
/// Gets the bucket of a <see cref="TimeWindow"/> for the present moment. It is read for every call, so with the
/// system's clock it uses the coarse tick count: that costs a quarter of a timestamp, and a window does not need
/// milliseconds.
/// </summary>
/// <remarks>
/// Buckets are counted from shortly before the creation of the clock, so their numbers neither wrap nor pass zero,
/// whatever the timestamps are. The number of the clock stands in the bits above: it distinguishes the clocks of a
/// circuit breaker, whose windows have had different sizes. A ticket from a time without a clock has number 0.
/// </remarks>
internal sealed class SamplingClock
{
    /// <summary>The largest number of a clock; the smallest is 1.</summary>
    public const uint Numbers = (1U << (64 - TimeBits)) - 1;

    /// <summary>With the shortest buckets, of 31 milliseconds, enough for a thousand years.</summary>
    private const int TimeBits = 40;
    private const ulong TimeMask = (1UL << TimeBits) - 1;

    /// <summary>
    /// The buckets before the creation, for a clock that goes back. Before them, time stands still in the first one.
    /// </summary>
    private const int BucketsBefore = 1 << 12;

    private readonly TimeProvider _provider;
    private readonly bool _isSystem;
    private readonly ulong _number;

    /// <summary>The start of the first bucket: in milliseconds for the system's clock, otherwise a timestamp.</summary>
    private readonly Int128 _start;
    private readonly long _startMilliseconds;

    /// <summary>
    /// 2^64 / the milliseconds of a bucket, rounded up: a multiplication instead of a division, which costs as much as
    /// the clock.
    /// </summary>
    private readonly ulong _bucketsPerMillisecond;

    /// <param name="provider">The clock.</param>
    /// <param name="window">The duration that the window covers.</param>
    /// <param name="number">1 to <see cref="Numbers"/>.</param>
    public SamplingClock(TimeProvider provider, TimeSpan window, uint number)
    {
        var milliseconds = (long)(window.TotalMilliseconds / TimeWindow.Buckets);
        _provider = provider;
        _isSystem = provider == TimeProvider.System;
        _number = (ulong)number << TimeBits;
        _bucketsPerMillisecond = (ulong.MaxValue / (ulong)milliseconds) + 1;
        if (_isSystem)
        {
            _startMilliseconds = Environment.TickCount64 - (milliseconds * BucketsBefore);
        }
        else
        {
            _start = provider.GetTimestamp() - ((Int128)milliseconds * BucketsBefore * provider.TimestampFrequency / 1000);
        }
    }

    public uint Number => GetNumber(_number);

    /// <summary>Gets the bucket of this moment, with the clock's number in the bits above.</summary>
    public ulong Bucket
        => _number | Math.Min(Math.BigMul(_isSystem ? (ulong)(Environment.TickCount64 - _startMilliseconds) : GetMilliseconds(), _bucketsPerMillisecond, out _), TimeMask);

    public static uint GetNumber(ulong bucket) => (uint)(bucket >> TimeBits);

    /// <summary>Gets the bucket without the number of its clock.</summary>
    public static ulong GetTime(ulong bucket) => bucket & TimeMask;

    private ulong GetMilliseconds()
        => (ulong)Int128.Clamp((_provider.GetTimestamp() - _start) * 1000 / _provider.TimestampFrequency, 0, long.MaxValue);
}
