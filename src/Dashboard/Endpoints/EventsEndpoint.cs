using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThriftBreaker.Dashboard.Monitoring;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>
/// Sends changes to one viewer as server-sent events. Nothing is queued for a viewer: while it does not read, nothing
/// is written, and its next update holds the latest state.
/// </summary>
internal static class EventsEndpoint
{
    /// <summary>
    /// The time without an update after which a comment is sent: only a write detects that the other end has vanished.
    /// </summary>
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(15);

    private static readonly byte[] KeepAliveComment = [.. ":\n\n"u8];

    public static async Task ServeAsync(HttpContext context, CircuitBreakerMonitor monitor, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        monitor.AddViewer();
        try
        {
            await SendUpdatesAsync(context, monitor, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The browser disconnected or was disconnected by the writer, or the app stops.
        }
        finally
        {
            monitor.RemoveViewer();
        }
    }

    private static async Task SendUpdatesAsync(HttpContext context, CircuitBreakerMonitor monitor, CancellationToken end)
    {
        var (viewer, sentAt) = (new ViewerState(monitor.History), monitor.Clock.GetTimestamp());
        for (var snapshot = monitor.GetSnapshot(); ; snapshot = await monitor.GetNextSnapshotAsync(snapshot).WaitAsync(end).ConfigureAwait(false))
        {
            var update = viewer.GetUpdate(snapshot);
            if (update is not null || monitor.Clock.GetElapsedTime(sentAt) >= KeepAliveInterval)
            {
                await ChunkedWriter.WriteAsync(context, update is null ? KeepAliveComment : ToEvent(update), monitor.Clock, end).ConfigureAwait(false);
                sentAt = monitor.Clock.GetTimestamp();
            }
        }
    }

    private static byte[] ToEvent(ViewerUpdate update) => Encoding.UTF8.GetBytes($"data: {JsonSerializer.Serialize(update, DashboardJson.Default.ViewerUpdate)}\n\n");
}
