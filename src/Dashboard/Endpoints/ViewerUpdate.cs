using ThriftBreaker.Dashboard.Monitoring;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>Represents one message to the page: what changed since the message before.</summary>
/// <param name="Now">The server's Unix time in milliseconds.</param>
/// <param name="IsFull">
/// Whether the message holds everything, and the page discards what it knew: the first message after each connect.
/// </param>
/// <param name="CircuitBreakers">The circuit breakers that are new or changed.</param>
/// <param name="Removed">The ids of the circuit breakers that no longer exist.</param>
/// <param name="Transitions">The transitions since the last message, oldest first.</param>
internal sealed record ViewerUpdate(
    long Now,
    bool IsFull,
    IReadOnlyList<CircuitBreakerView> CircuitBreakers,
    IReadOnlyList<string> Removed,
    IReadOnlyList<Transition> Transitions);
