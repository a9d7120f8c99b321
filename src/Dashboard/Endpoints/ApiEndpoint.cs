using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThriftBreaker.Dashboard.Monitoring;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>Responds with the current circuit breakers and their transitions as JSON.</summary>
internal static class ApiEndpoint
{
    public static async Task ServeAsync(HttpContext context, CircuitBreakerMonitor monitor, bool operations)
    {
        var snapshot = monitor.GetSnapshot();
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new ApiResponse(snapshot.Now, operations, snapshot.CircuitBreakers, monitor.History.GetAfter(0)), DashboardJson.Default.ApiResponse);
        context.Response.ContentLength = body.Length;
        try
        {
            await ChunkedWriter.WriteAsync(context, body, monitor.Clock, context.RequestAborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The client disconnected, or was disconnected by the writer.
        }
    }
}
