using Microsoft.Extensions.Logging;

namespace ThriftBreaker;

/// <summary>Log messages of a circuit.</summary>
public static class CircuitBreakerLoggingExtensions
{
    /// <summary>
    /// Logs what happens to a circuit, in the category <c>ThriftBreaker.CircuitBreaker</c>: that it opened (warning, with the failure
    /// that opened it), is half-open or closed again (information), rejected a call (debug), and that a callback of its user threw
    /// (error). docs/telemetry.md lists the event ids, which are stable.
    /// </summary>
    /// <remarks>
    /// Calls that pass cost nothing; a rejected one allocates one small object, whether debug messages are on or not. Each call of
    /// this method adds a log of its own; the circuit keeps it until it is disposed.
    /// </remarks>
    /// <param name="breaker">The circuit.</param>
    /// <param name="loggerFactory">Makes the logger; in an ASP.NET Core app <c>app.Services.GetRequiredService&lt;ILoggerFactory&gt;()</c>.</param>
    /// <returns>Ends the logging when disposed; need not be kept where it is to last as long as the circuit.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IDisposable LogTo(this CircuitBreaker breaker, ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(breaker);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        return new CircuitLog(breaker, loggerFactory.CreateLogger<CircuitBreaker>());
    }
}
