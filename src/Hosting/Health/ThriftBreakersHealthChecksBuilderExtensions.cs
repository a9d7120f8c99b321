using Microsoft.Extensions.Diagnostics.HealthChecks;
using ThriftBreaker;
using ThriftBreaker.Hosting;
using ThriftBreaker.Hosting.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health of the circuit breakers.</summary>
public static class ThriftBreakersHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of every circuit breaker of the host: of the clients that <c>AddThriftClient</c> added, of each
    /// <see cref="CircuitBreaker"/> and of each <see cref="CircuitBreakerRegistry"/> in the container. Its status is
    /// <paramref name="failureStatus"/> while a circuit breaker is open or isolated, or while all endpoints of a client
    /// are. Half-open is healthy: calls are admitted again. The data describe each circuit breaker, also those of
    /// single endpoints.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check; default "thrift_breakers".</param>
    /// <param name="failureStatus">
    /// The status while a circuit breaker rejects calls; default Degraded: the application itself works.
    /// </param>
    /// <param name="tags">Tags to filter checks by.</param>
    /// <param name="timeout">The time that the check may take; it calls no server.</param>
    /// <returns>The health checks.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="builder"/> or <paramref name="name"/> is null.
    /// </exception>
    public static IHealthChecksBuilder AddThriftBreakers(
        this IHealthChecksBuilder builder,
        string name = "thrift_breakers",
        HealthStatus failureStatus = HealthStatus.Degraded,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        return builder.Add(new HealthCheckRegistration(
            name,
            static services => new ThriftBreakersHealthCheck(
                services.GetService<IThriftClientRegistry>(), services.GetServices<CircuitBreaker>(), services.GetServices<CircuitBreakerRegistry>()),
            failureStatus,
            tags,
            timeout));
    }
}
