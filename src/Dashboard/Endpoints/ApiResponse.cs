using ThriftBreaker.Dashboard.Monitoring;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>Represents the response of <c>GET …/api</c>.</summary>
/// <param name="Now">The server's Unix time in milliseconds.</param>
/// <param name="Operations">Whether operations are enabled.</param>
/// <param name="CircuitBreakers">All circuit breakers, ordered by name.</param>
/// <param name="Transitions">The transitions of the last hour, oldest first.</param>
internal sealed record ApiResponse(
    long Now, bool Operations, IReadOnlyList<CircuitBreakerView> CircuitBreakers, IReadOnlyList<Transition> Transitions);
