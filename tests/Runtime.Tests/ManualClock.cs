namespace ThriftBreaker.Runtime.Tests;

/// <summary>A clock with any frequency that counts its reads. Its wall clock must not be read.</summary>
internal sealed class ManualClock(long frequency = TimeSpan.TicksPerSecond) : TimeProvider
{
    public long Timestamp { get; set; }

    public int Reads { get; private set; }

    /// <summary>The number of the read that throws; null for none.</summary>
    public int? BreaksAtRead { get; set; }

    /// <summary>Runs before every read.</summary>
    public Action? OnRead { get; set; }

    public override long TimestampFrequency => frequency;

    public override long GetTimestamp()
    {
        Reads++;
        OnRead?.Invoke();
        return Reads == BreaksAtRead ? throw new InvalidOperationException("The clock is broken.") : Timestamp;
    }

    public override DateTimeOffset GetUtcNow() => throw new NotSupportedException("The wall clock jumps: nothing may depend on it.");
}
