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

    public static async Task ServeAsync(HttpContext context, OperatorAuthorization authorization, CircuitBreakerMonitor monitor, ILogger log)
    {
        if (await authorization.GetRefusalStatusAsync(context).ConfigureAwait(false) is { } status)
        {
            await ProblemResponse.WriteAsync(
                context,
                status,
                status == StatusCodes.Status401Unauthorized ? "Sign in first: operations require authorization." : "You are not authorized to control circuit breakers.").ConfigureAwait(false);
            return;
        }

        await (CrossSiteCheck.GetRefusalReason(context.Request) is { } reason
            ? ProblemResponse.WriteAsync(context, StatusCodes.Status403Forbidden, reason)
            : PerformAsync(context, monitor, log)).ConfigureAwait(false);
    }

    private static Task PerformAsync(HttpContext context, CircuitBreakerMonitor monitor, ILogger log)
    {
        var (id, operation) = (GetRouteText(context, "id"), GetRouteText(context, "operation"));
        if (!Operations.TryGetValue(operation, out var perform))
        {
            return ProblemResponse.WriteAsync(
                context, StatusCodes.Status400BadRequest, $"The operation '{operation}' does not exist; the operations are {string.Join(", ", Operations.Keys)}.");
        }

        if (monitor.Find(id) is not { } circuitBreaker)
        {
            return ProblemResponse.WriteAsync(
                context, StatusCodes.Status404NotFound, $"The circuit breaker {id} does not exist; GET …/api lists all. Ids change when the app restarts.");
        }

        perform(circuitBreaker);
        DashboardLog.OperationPerformed(log, OperatorAuthorization.GetDisplayName(context.User), operation, circuitBreaker.Name);
        var view = monitor.GetSnapshot().CircuitBreakers.First(view => view.Id == id);
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(view, DashboardJson.Default.CircuitBreakerView), context.RequestAborted);
    }

    private static string GetRouteText(HttpContext context, string name) => context.GetRouteValue(name) as string ?? "";
}
