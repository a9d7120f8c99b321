using Microsoft.Extensions.Diagnostics.HealthChecks;
using ThriftBreaker;
using ThriftBreaker.Hosting;
using ThriftBreaker.Hosting.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health of the circuits.</summary>
public static class ThriftBreakersHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of every circuit of the host: of the clients that <c>AddThriftClient</c> added, of each <see cref="CircuitBreaker"/> and of each
    /// <see cref="CircuitBreakerRegistry"/> in the container. It is <paramref name="failureStatus"/> while one is open or isolated, or all endpoints of a client are. Half-open is healthy:
    /// calls are let through again. The data say how each circuit is, and those of single endpoints.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name; default "thrift_breakers".</param>
    /// <param name="failureStatus">What it says while a circuit does not let calls pass; default Degraded: the app itself is in order.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    /// <param name="timeout">How long it may take; it waits for nothing.</param>
    /// <returns>The health checks.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="name"/> is null.</exception>
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
