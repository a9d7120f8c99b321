using Microsoft.Extensions.Logging;

namespace ThriftBreaker;

/// <summary>Provides logging for circuit breakers.</summary>
public static class CircuitBreakerLoggingExtensions
{
    /// <summary>
    /// Logs the events of a circuit breaker in the category <c>ThriftBreaker.CircuitBreaker</c>: the circuit opened
    /// (warning, with the failure that opened it), is half-open or closed (information), rejected a call (debug), or a
    /// user callback threw (error). docs/telemetry.md lists the event ids, which are stable.
    /// </summary>
    /// <remarks>
    /// Calls that pass cost nothing; a rejected one allocates one small object, also if debug messages are disabled.
    /// Each call of this method adds another log; the circuit breaker references it until it is disposed.
    /// </remarks>
    /// <param name="circuitBreaker">The circuit breaker.</param>
    /// <param name="loggerFactory">
    /// Creates the logger; in an ASP.NET Core app <c>app.Services.GetRequiredService&lt;ILoggerFactory&gt;()</c>.
    /// </param>
    /// <returns>An object that ends the logging when it is disposed; it need not be kept otherwise.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IDisposable LogTo(this CircuitBreaker circuitBreaker, ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(circuitBreaker);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        return new CircuitLog(circuitBreaker, loggerFactory.CreateLogger<CircuitBreaker>());
    }
}
