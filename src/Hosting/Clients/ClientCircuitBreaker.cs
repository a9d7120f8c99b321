namespace ThriftBreaker.Hosting.Clients;

/// <summary>A circuit of a client, and what is needed to think its settings over.</summary>
/// <param name="CircuitBreaker">The circuit.</param>
/// <param name="Mark">What its mark says.</param>
/// <param name="Method">The method that it guards alone; null for the service's.</param>
/// <param name="Options">The settings in force, of mark, configuration and code.</param>
internal sealed record ClientCircuitBreaker(CircuitBreaker CircuitBreaker, CircuitBreakerOptions Mark, string? Method, CircuitBreakerOptions Options);
