using System.Diagnostics.CodeAnalysis;

namespace ThriftBreaker;

/// <summary>
/// The slots for probes in one half-open state. Each is held by one call at a time, until it is released or its lease
/// expires.
/// </summary>
internal sealed class ProbeSlots(int slots)
{
    private readonly ProbeLease?[] _holders = new ProbeLease?[slots];

    public bool HasFree => Array.IndexOf(_holders, null) >= 0;

    public bool TryAcquire(Deadline end, [NotNullWhen(true)] out ProbeLease? lease)
    {
        for (var slot = 0; slot < _holders.Length; slot++)
        {
            if (Volatile.Read(ref _holders[slot]) is null)
            {
                lease = new ProbeLease(slot, end);
                if (Interlocked.CompareExchange(ref _holders[slot], lease, null) is null)
                {
                    return true;
                }
            }
        }

        lease = null;
        return false;
    }

    /// <summary>Whether a lease holds one of these slots.</summary>
    public bool IsHeldBy(ProbeLease lease) => lease.Slot < _holders.Length && Volatile.Read(ref _holders[lease.Slot]) == lease;

    /// <summary>Whether the lease of a probe has expired.</summary>
    public bool HasExpired(long now)
    {
        foreach (ref readonly var holder in _holders.AsSpan())
        {
            if (Volatile.Read(in holder) is { } lease && lease.HasExpired(now))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Replaces a lease that no call has yet by one with another end.</summary>
    public ProbeLease Renew(ProbeLease lease, Deadline end)
    {
        var renewed = new ProbeLease(lease.Slot, end);
        Volatile.Write(ref _holders[lease.Slot], renewed);
        return renewed;
    }

    /// <summary>Releases the slot to another call, after the outcome of this one is in effect.</summary>
    public void Release(ProbeLease lease) => Volatile.Write(ref _holders[lease.Slot], null);
}

/// <summary>The time of one probe; compared by identity, so that its outcome cannot count for another probe.</summary>
internal sealed class ProbeLease(int slot, in Deadline end)
{
    private const int Running = 0;
    private const int Settled = 1;
    private const int Stopped = 2;

    private readonly Deadline _end = end;
    private int _stage;

    public int Slot { get; } = slot;

    /// <summary>
    /// Claims the one outcome; false for a second one. The lease keeps its slot: no further probe starts until the
    /// outcome is in effect.
    /// </summary>
    /// <param name="runsUserCode">
    /// Whether user code runs before the outcome is in effect. Then the time continues, so that code that hangs does
    /// not block the circuit. Otherwise it stops: a probe that has succeeded does not time out because its thread had
    /// to wait.
    /// </param>
    public bool TrySettle(bool runsUserCode) => Interlocked.CompareExchange(ref _stage, runsUserCode ? Settled : Stopped, Running) == Running;

    public bool HasExpired(long now) => Volatile.Read(ref _stage) != Stopped && !_end.IsAhead(now);
}
