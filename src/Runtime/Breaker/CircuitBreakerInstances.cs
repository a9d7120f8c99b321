using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>
/// Provides all circuit breakers of the process that are still referenced, for tools that show them. Keeps none alive.
/// Thread-safe.
/// </summary>
public static class CircuitBreakerInstances
{
    private static readonly ConditionalWeakTable<CircuitBreaker, object?> Instances = [];

    /// <summary>Gets the circuit breakers that exist at this moment, in no order.</summary>
    public static IEnumerable<CircuitBreaker> All => Instances.Select(static entry => entry.Key);

    /// <summary>
    /// Raised for each new circuit breaker, on the thread that creates it, before its constructor returns; the sender
    /// is null. Handlers must be quick. What one throws goes to <see cref="CircuitBreaker.CallbackFailed"/> of that
    /// circuit breaker.
    /// </summary>
    public static event EventHandler<CircuitBreaker>? Created;

    internal static void Add(CircuitBreaker breaker)
    {
        Instances.Add(breaker, null);
        UserCallback.Raise(Created, sender: null, breaker, breaker.Report);
    }
}
