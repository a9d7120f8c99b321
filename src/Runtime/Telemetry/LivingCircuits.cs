using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>Every circuit that somebody still holds, and none that nobody does: a gauge must not keep what it measures alive.</summary>
internal static class LivingCircuits
{
    private static readonly ConditionalWeakTable<CircuitBreaker, object?> Circuits = [];

    public static IEnumerable<CircuitBreaker> All => Circuits.Select(static entry => entry.Key);

    public static void Add(CircuitBreaker circuit)
    {
        Circuits.Add(circuit, null);
        circuit.StateChanged += CircuitMetrics.StateChanged;
    }
}
