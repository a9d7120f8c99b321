namespace ThriftBreaker.Hosting.Clients;

/// <summary>Represents a circuit breaker of a client, with what new settings are computed from.</summary>
/// <param name="CircuitBreaker">The circuit breaker.</param>
/// <param name="AttributeOptions">The settings of its attribute.</param>
/// <param name="Method">The method that it protects; null for the service's circuit breaker.</param>
/// <param name="Options">The settings in force, from attribute, configuration and code.</param>
internal sealed record ClientCircuitBreaker(
    CircuitBreaker CircuitBreaker, CircuitBreakerOptions AttributeOptions, string? Method, CircuitBreakerOptions Options);
