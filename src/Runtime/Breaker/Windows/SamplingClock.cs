namespace ThriftBreaker;

/// <summary>
/// Gets the bucket of a <see cref="TimeWindow"/> for the present moment. It is read for every call, so with the
/// system's clock it uses the coarse tick count: that costs a quarter of a timestamp, and a window does not need
/// milliseconds.
/// </summary>
/// <param name="provider">The clock.</param>
/// <param name="window">The duration that the window covers.</param>
/// <param name="number">
/// Distinguishes the clocks of a circuit breaker, whose windows have had different sizes: 1 to <see cref="Numbers"/>. A
/// ticket from a time without a clock has number 0.
/// </param>
internal sealed class SamplingClock(TimeProvider provider, TimeSpan window, uint number)
{
    public const uint TimeMask = (1U << TimeBits) - 1;
    public const uint Numbers = (1U << (32 - TimeBits)) - 1;
    private const int TimeBits = 26;

    private readonly bool _isSystem = provider == TimeProvider.System;

    /// <summary>
    /// 2^64 / the milliseconds of a bucket, rounded up: a multiplication instead of a division, which costs as much as
    /// the clock.
    /// </summary>
    private readonly ulong _bucketsPerMillisecond = (ulong.MaxValue / (ulong)(window.TotalMilliseconds / TimeWindow.Buckets)) + 1;

    public uint Number => number;

    /// <summary>Gets the bucket of this moment, with the clock's number in the bits above.</summary>
    public uint Bucket => (number << TimeBits) | ((uint)Math.BigMul(Milliseconds, _bucketsPerMillisecond, out _) & TimeMask);

    public static uint NumberIn(uint bucket) => bucket >> TimeBits;

    private ulong Milliseconds => (ulong)(_isSystem
        ? Environment.TickCount64
        : (long)((Int128)provider.GetTimestamp() * 1000 / provider.TimestampFrequency));
}
