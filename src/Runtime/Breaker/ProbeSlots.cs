using System.Diagnostics.CodeAnalysis;

namespace ThriftBreaker;

/// <summary>The rights to probe in one half-open period, each held by one call at a time, and only until its lease runs out.</summary>
internal sealed class ProbeSlots(int slots)
{
    private readonly ProbeLease?[] _holders = new ProbeLease?[slots];

    public bool TryTake(Deadline end, [NotNullWhen(true)] out ProbeLease? lease)
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

    public bool HasFree => Array.IndexOf(_holders, null) >= 0;

    /// <summary>Whether a probe has had its time.</summary>
    public bool HasRunOut(long now)
    {
        foreach (ref readonly var holder in _holders.AsSpan())
        {
            if (Volatile.Read(in holder) is { } lease && lease.HasRunOut(now))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A lease with another end in the place of one that no call has got yet.</summary>
    public ProbeLease Renew(ProbeLease lease, Deadline end)
    {
        var renewed = new ProbeLease(lease.Slot, end);
        Volatile.Write(ref _holders[lease.Slot], renewed);
        return renewed;
    }

    /// <summary>Lets another call probe in the place of this one, when its verdict is in effect.</summary>
    public void Free(ProbeLease lease) => Volatile.Write(ref _holders[lease.Slot], null);
}

/// <summary>One probe's time; compared by identity, so that no verdict is taken for that of another probe.</summary>
internal sealed class ProbeLease(int slot, in Deadline end)
{
    private const int Running = 0;
    private const int Settled = 1;
    private const int Stopped = 2;

    private readonly Deadline _end = end;
    private int _stage;

    public int Slot { get; } = slot;

    /// <summary>
    /// Claims the one verdict; false for a second one. The lease keeps its slot: no further probe starts while the verdict is
    /// being put into effect.
    /// </summary>
    /// <param name="asksUser">
    /// Whether code of the user's runs before the verdict is in effect. Then the lease goes on running, and code that hangs does not
    /// hold the circuit for ever. Otherwise it stops: a probe that has succeeded does not time out because its thread had to wait.
    /// </param>
    public bool TrySettle(bool asksUser) => Interlocked.CompareExchange(ref _stage, asksUser ? Settled : Stopped, Running) == Running;

    public bool HasRunOut(long now) => Volatile.Read(ref _stage) != Stopped && !_end.IsAhead(now);
}
