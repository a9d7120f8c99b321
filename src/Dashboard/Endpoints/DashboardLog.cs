using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ThriftBreaker.Dashboard.Security;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>Provides the log messages of the page. Names come from users and requests, so each is escaped.</summary>
internal static partial class DashboardLog
{
    public const string Category = "ThriftBreaker.Dashboard";

    public static void LogPerformed(ILogger logger, HttpContext context, string operation, string circuitBreakerName)
        => OperationPerformed(logger, GetUser(context), LogText.Escape(operation), LogText.Escape(circuitBreakerName));

    /// <param name="logger">The logger.</param>
    /// <param name="context">The request.</param>
    /// <param name="operation">The operation in the request; it can be any text.</param>
    /// <param name="circuitBreaker">The name of the circuit breaker, or the id in the request if none has it.</param>
    /// <param name="status">The status code of the response.</param>
    /// <param name="reason">The reason in the response.</param>
    public static void LogRefused(
        ILogger logger, HttpContext context, string operation, string circuitBreaker, int status, string reason)
        => OperationRefused(
            logger,
            LogText.Escape(operation),
            GetUser(context),
            context.Connection.RemoteIpAddress?.ToString() ?? "an unknown address",
            LogText.Escape(circuitBreaker),
            status,
            LogText.Escape(reason));

    [LoggerMessage(201, LogLevel.Warning, "{User} performed the manual operation '{Operation}' on the circuit breaker '{CircuitBreakerName}'.")]
    private static partial void OperationPerformed(ILogger logger, string user, string operation, string circuitBreakerName);

    [LoggerMessage(202, LogLevel.Warning, "The manual operation '{Operation}' of {User} at {Address} on the circuit breaker '{CircuitBreakerName}' was refused with status {Status}: {Reason}")]
    private static partial void OperationRefused(
        ILogger logger, string operation, string user, string address, string circuitBreakerName, int status, string reason);

    private static string GetUser(HttpContext context) => LogText.Escape(OperatorAuthorization.GetDisplayName(context.User));
}
