using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ThriftBreaker.Dashboard.Monitoring;
using ThriftBreaker.Dashboard.Security;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>Performs manual operations on a circuit breaker.</summary>
internal static class OperationEndpoint
{
    private static readonly Dictionary<string, Action<CircuitBreaker>> Operations = new(StringComparer.Ordinal)
    {
        ["open"] = static circuitBreaker => circuitBreaker.Open(),
        ["close"] = static circuitBreaker => circuitBreaker.Close(),
        ["half-open"] = static circuitBreaker => circuitBreaker.HalfOpen(),
        ["isolate"] = static circuitBreaker => circuitBreaker.SetMode(CircuitMode.Isolated),
        ["report-only"] = static circuitBreaker => circuitBreaker.SetMode(CircuitMode.ReportOnly),
        ["resume"] = static circuitBreaker => circuitBreaker.SetMode(CircuitMode.Auto),
    };

    /// <summary>Performs the operation; without an authorization, operations are off.</summary>
    public static async Task ServeAsync(
        HttpContext context, OperatorAuthorization? authorization, CircuitBreakerMonitor monitor, ILogger log)
    {
        var (id, operation) = (GetRouteText(context, "id"), GetRouteText(context, "operation"));
        var circuitBreaker = monitor.Find(id);
        var refusal = await GetRefusalAsync(context, authorization, monitor).ConfigureAwait(false);
        if (refusal is null && !Operations.ContainsKey(operation))
        {
            refusal = (
                StatusCodes.Status400BadRequest,
                $"The operation '{operation}' does not exist; the operations are {string.Join(", ", Operations.Keys)}.");
        }
        else if (refusal is null && circuitBreaker is null)
        {
            refusal = (
                StatusCodes.Status404NotFound,
                $"The circuit breaker {id} does not exist; GET …/api lists all. Ids change when the app restarts.");
        }

        if (refusal is var (status, reason))
        {
            DashboardLog.LogRefused(log, context, operation, circuitBreaker?.Name ?? id, status, reason);
            await ProblemResponse.WriteAsync(context, status, reason).ConfigureAwait(false);
            return;
        }

        Operations[operation](circuitBreaker!);
        DashboardLog.LogPerformed(log, context, operation, circuitBreaker!.Name);
        var view = JsonSerializer.Serialize(monitor.GetView(id)!, DashboardJson.Default.CircuitBreakerView);
        GC.KeepAlive(circuitBreaker);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(view, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<(int Status, string Reason)?> GetRefusalAsync(
        HttpContext context, OperatorAuthorization? authorization, CircuitBreakerMonitor monitor)
    {
        if (authorization is null)
        {
            return (
                StatusCodes.Status403Forbidden,
                "Operations are off: the app enables them with MapThriftBreakers(…, options => options.Operations = true).");
        }

        if (await authorization.GetRefusalStatusAsync(context).ConfigureAwait(false) is { } status)
        {
            return (status, status == StatusCodes.Status401Unauthorized
                ? "Sign in first: operations require authorization."
                : "You are not authorized to control circuit breakers.");
        }

        return CrossSiteCheck.GetRefusalReason(context.Request) is { } reason ? (StatusCodes.Status403Forbidden, reason)
            : OperationDeadline.GetRefusal(context.Request, monitor.Uptime);
    }

    private static string GetRouteText(HttpContext context, string name) => context.GetRouteValue(name) as string ?? "";
}
