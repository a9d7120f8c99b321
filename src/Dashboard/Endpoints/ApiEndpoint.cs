using System.Globalization;
using Microsoft.AspNetCore.Http;
using ThriftBreaker.Dashboard.Monitoring;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>Responds with the current circuit breakers and their transitions as JSON.</summary>
internal static class ApiEndpoint
{
    /// <summary>Serves <c>GET …/api</c>: the circuit breakers and the most recent transitions.</summary>
    public static Task ServeStateAsync(
        HttpContext context, CircuitBreakerMonitor monitor, ViewerLimit limit, bool operations)
        => ServeAsync(
            context,
            monitor,
            limit,
            () => JsonPieces.FromState(ViewerUpdate.CreateFull(monitor, monitor.GetSnapshot()), operations));

    /// <summary>Serves <c>GET …/api/transitions?before={number}</c>: the transitions before the recent ones.</summary>
    public static Task ServeTransitionsAsync(HttpContext context, CircuitBreakerMonitor monitor, ViewerLimit limit)
    {
        var before = context.Request.Query["before"].ToString();
        var number = long.MaxValue;
        if (before.Length > 0 && !long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            return ProblemResponse.WriteAsync(
                context, StatusCodes.Status400BadRequest, "The parameter 'before' must be the number of a transition.");
        }

        var now = monitor.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        return ServeAsync(
            context, monitor, limit, () => JsonPieces.FromTransitions(now, monitor.GetTransitionsBefore(number)));
    }

    private static async Task ServeAsync(
        HttpContext context,
        CircuitBreakerMonitor monitor,
        ViewerLimit limit,
        Func<IEnumerable<ReadOnlyMemory<byte>>> getPieces)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentType = "application/json";
            return;
        }

        await limit.RunAsync(context, async () =>
        {
            context.Response.ContentType = "application/json";
            try
            {
                var writer = new ChunkedWriter(context, monitor.Clock);
                await writer.WriteAsync(getPieces(), context.RequestAborted).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The client disconnected, or was disconnected by the writer.
            }
        }).ConfigureAwait(false);
    }
}
