namespace ThriftBreaker;

/// <summary>
/// Tells in which bucket of a <see cref="TimeWindow"/> a moment lies. It is read for every call, so on the system's clock it
/// takes the coarse tick count: a quarter of the price of a timestamp, and a few milliseconds do not matter to a window.
/// </summary>
/// <param name="provider">The time.</param>
/// <param name="window">How long a time the window covers.</param>
/// <param name="number">
/// Tells the clocks of a circuit apart, whose windows have had different sizes: 1 to <see cref="Numbers"/>. A ticket that was given
/// while there was no clock has number 0.
/// </param>
internal sealed class SamplingClock(TimeProvider provider, TimeSpan window, uint number)
{
    public const uint TimeMask = (1U << TimeBits) - 1;
    public const uint Numbers = (1U << (32 - TimeBits)) - 1;
    private const int TimeBits = 26;

    private readonly bool _isSystem = provider == TimeProvider.System;

    /// <summary>2^64 / the milliseconds of a bucket, rounded up: a multiplication instead of a division, which costs as much as the clock.</summary>
    private readonly ulong _bucketsPerMillisecond = (ulong.MaxValue / (ulong)(window.TotalMilliseconds / TimeWindow.Buckets)) + 1;

    public uint Number => number;

    /// <summary>The bucket of this moment, with the clock's number above it.</summary>
    public uint Bucket => (number << TimeBits) | ((uint)Math.BigMul(Milliseconds, _bucketsPerMillisecond, out _) & TimeMask);

    public static uint NumberIn(uint bucket) => bucket >> TimeBits;

    private ulong Milliseconds => (ulong)(_isSystem
        ? Environment.TickCount64
        : (long)((Int128)provider.GetTimestamp() * 1000 / provider.TimestampFrequency));
}
