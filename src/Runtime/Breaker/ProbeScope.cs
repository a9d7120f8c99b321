namespace ThriftBreaker;

/// <summary>
/// The probes that the present code runs in, the innermost first. A call inside of a probe of the same circuit breaker
/// is part of that probe, for example by a client around another one. If it were rejected, every probe would end
/// without an outcome, and the circuit would never close.
/// </summary>
/// <remarks>
/// It follows the asynchronous flow of the call, and ends for the caller when the call has returned its task. A scope
/// that outlives its probe has no effect: the probe holds its slot no longer.
/// </remarks>
internal sealed class ProbeScope
{
    private static readonly AsyncLocal<ProbeScope?> Current = new();

    private readonly ProbeLease _lease;
    private readonly ProbeScope? _outer;

    private ProbeScope(ProbeLease lease, ProbeScope? outer) => (_lease, _outer) = (lease, outer);

    /// <summary>Begins the scope of a probe, unless it has begun.</summary>
    public static void Begin(ProbeLease lease)
    {
        if (Current.Value?._lease != lease)
        {
            Current.Value = new ProbeScope(lease, Current.Value);
        }
    }

    /// <summary>Ends the scope of a probe, if it is the innermost one here.</summary>
    public static void End(ProbeLease lease)
    {
        if (Current.Value is { } scope && scope._lease == lease)
        {
            Current.Value = scope._outer;
        }
    }

    /// <summary>Gets the probe in one of these slots that the present code runs in; null if there is none.</summary>
    public static ProbeLease? Find(ProbeSlots slots)
    {
        var scope = Current.Value;
        while (scope is not null && !slots.IsHeldBy(scope._lease))
        {
            scope = scope._outer;
        }

        return scope?._lease;
    }
}
