using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThriftBreaker.Dashboard.Circuits;

namespace ThriftBreaker.Dashboard.Serving;

/// <summary>
/// Tells one viewer what changes, as server-sent events. Nothing is queued for it: while it does not read, nothing is written, and then it gets the
/// latest.
/// </summary>
internal static class EventsEndpoint
{
    /// <summary>After how long without news a word is said: only by what is written can it be noticed that the other end has vanished.</summary>
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(15);

    private static readonly byte[] Word = [.. ":\n\n"u8];

    public static async Task ServeAsync(HttpContext context, CircuitWatch watch, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        watch.Enter();
        try
        {
            await TellAsync(context, watch, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The browser has gone or has been cut off, or the app ends.
        }
        finally
        {
            watch.Leave();
        }
    }

    private static async Task TellAsync(HttpContext viewer, CircuitWatch watch, CancellationToken end)
    {
        var (told, toldAt) = (new ViewerState(watch.History), watch.Clock.GetTimestamp());
        for (var picture = watch.Look(); ; picture = await watch.NextAsync(picture).WaitAsync(end).ConfigureAwait(false))
        {
            var news = told.GetUpdate(picture);
            if (news is not null || watch.Clock.GetElapsedTime(toldAt) >= KeepAliveInterval)
            {
                await ChunkedWriter.WriteAsync(viewer, news is null ? Word : Event(news), watch.Clock, end).ConfigureAwait(false);
                toldAt = watch.Clock.GetTimestamp();
            }
        }
    }

    private static byte[] Event(Message news) => Encoding.UTF8.GetBytes($"data: {JsonSerializer.Serialize(news, DashboardJson.Default.Message)}\n\n");
}
