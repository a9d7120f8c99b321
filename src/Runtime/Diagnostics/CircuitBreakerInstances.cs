using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>
/// Every circuit of the process that somebody still holds, and none that nobody does: for what shows all of them. Keeps none alive.
/// Thread-safe.
/// </summary>
public static class CircuitBreakerInstances
{
    private static readonly ConditionalWeakTable<CircuitBreaker, object?> Circuits = [];

    /// <summary>Those that there are at this moment, in no order.</summary>
    public static IEnumerable<CircuitBreaker> All => Circuits.Select(static entry => entry.Key);

    /// <summary>
    /// Raised for each circuit that is made, before its maker has it; the sender is null. It must be quick; what one handler throws keeps the
    /// circuit from nobody, and goes to the circuit's <see cref="CircuitBreaker.CallbackFailed"/>.
    /// </summary>
    public static event EventHandler<CircuitBreaker>? Created;

    internal static void Add(CircuitBreaker circuit)
    {
        Circuits.Add(circuit, null);
        circuit.StateChanged += CircuitMetrics.StateChanged;
        foreach (var handler in (Created?.GetInvocationList() ?? []).Cast<EventHandler<CircuitBreaker>>())
        {
            try
            {
                handler(null, circuit);
            }
#pragma warning disable CA1031 // A listener is a guest: the circuit is made whatever it throws.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                circuit.Report(thrown);
            }
        }
    }
}
