using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>Provides the log messages of the page.</summary>
internal static partial class DashboardLog
{
    public const string Category = "ThriftBreaker.Dashboard";

    [LoggerMessage(201, LogLevel.Warning, "{User} performed the manual operation '{Operation}' on the circuit breaker '{CircuitBreakerName}'.")]
    public static partial void OperationPerformed(ILogger logger, string user, string operation, string circuitBreakerName);
}
