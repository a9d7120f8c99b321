using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThriftBreaker.Dashboard.Circuits;

namespace ThriftBreaker.Dashboard.Serving;

/// <summary>Answers with the circuits as they are, and what happened to them, as JSON.</summary>
internal static class ApiEndpoint
{
    public static async Task ServeAsync(HttpContext context, CircuitWatch watch, bool operations)
    {
        var picture = watch.Look();
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        var answer = JsonSerializer.SerializeToUtf8Bytes(new ApiAnswer(picture.Now, operations, picture.CircuitBreakers, watch.History.After(0)), DashboardJson.Default.ApiAnswer);
        context.Response.ContentLength = answer.Length;
        try
        {
            await ChunkedWriter.WriteAsync(context, answer, watch.Clock, context.RequestAborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Whoever asked has gone, or has been cut off.
        }
    }
}
