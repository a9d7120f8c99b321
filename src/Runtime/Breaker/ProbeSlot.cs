using System.Diagnostics.CodeAnalysis;

namespace ThriftBreaker;

/// <summary>The right to probe in one half-open period, held by one call at a time, and only until its lease runs out.</summary>
internal sealed class ProbeSlot
{
    /// <summary>Stands in the slot while a verdict is being put into effect, so that no further probe starts meanwhile.</summary>
    private static readonly ProbeLease Settling = new(long.MaxValue);

    private ProbeLease? _holder;

    public bool TryTake(long endsAt, [NotNullWhen(true)] out ProbeLease? lease)
    {
        lease = null;
        if (Volatile.Read(ref _holder) is not null)
        {
            return false;
        }

        lease = new ProbeLease(endsAt);
        return Interlocked.CompareExchange(ref _holder, lease, null) is null;
    }

    public bool HasRunOut(long now) => Volatile.Read(ref _holder) is { } lease && lease.HasRunOut(now);

    /// <summary>Claims the one verdict of a lease; false for a second one.</summary>
    public bool TrySettle(ProbeLease lease) => Interlocked.CompareExchange(ref _holder, Settling, lease) == lease;

    /// <summary>Lets the next call probe, after <see cref="TrySettle"/>.</summary>
    public void Free() => Volatile.Write(ref _holder, null);
}

/// <summary>One probe's time; compared by identity, so that no verdict is taken for that of another probe.</summary>
internal sealed class ProbeLease(long endsAt)
{
    public bool HasRunOut(long now) => now >= endsAt;
}
