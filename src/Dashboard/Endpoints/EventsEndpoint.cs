using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
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

    /// <summary>
    /// The time after which the stream ends and the page connects again: only a new request is authorized, with the
    /// present cookies of the browser. The stream of a user who has signed out ends with it.
    /// </summary>
    private static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(1);

    private static readonly byte[] KeepAliveComment = [.. ":\n\n"u8];
    private static readonly byte[] RenewEvent = [.. "event: renew\ndata:\n\n"u8];
    private static readonly byte[] StartOfEvent = [.. "data: "u8];

    public static async Task ServeAsync(
        HttpContext context, CircuitBreakerMonitor monitor, ViewerLimit limit, CancellationToken stopping)
    {
        if (limit.IsReached)
        {
            await limit.RefuseAsync(context).ConfigureAwait(false);
            return;
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentType = "text/event-stream";
            return;
        }

        await limit.RunAsync(context, () => StreamAsync(context, monitor, stopping)).ConfigureAwait(false);
    }

    private static async Task StreamAsync(
        HttpContext context, CircuitBreakerMonitor monitor, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";

        // Middleware that compresses or buffers would hold the events back.
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
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

    private static async Task SendUpdatesAsync(
        HttpContext context, CircuitBreakerMonitor monitor, CancellationToken end)
    {
        var (writer, clock) = (new ChunkedWriter(context, monitor.Clock), monitor.Clock);
        var (startedAt, duration) = (clock.GetTimestamp(), GetDuration(context, clock));
        var (seen, sentAt) = (ViewerPosition.Find(context.Request), default(long?));
        for (var snapshot = monitor.GetSnapshot(); ; snapshot = await GetNextAsync(snapshot).ConfigureAwait(false))
        {
            var update = ViewerUpdate.Create(monitor, snapshot, seen);
            seen = update.GetPosition(monitor, snapshot, seen);

            // The first message is sent even if it is empty: the page learns the server's time from it.
            if (!update.IsEmpty || sentAt is null)
            {
                await writer.WriteAsync(ToEvent(update, seen.Value), end).ConfigureAwait(false);
                sentAt = clock.GetTimestamp();
            }
            else if (clock.GetElapsedTime(sentAt.Value) >= KeepAliveInterval)
            {
                await writer.WriteAsync([KeepAliveComment], end).ConfigureAwait(false);
                sentAt = clock.GetTimestamp();
            }

            if (clock.GetElapsedTime(startedAt) >= duration)
            {
                await writer.WriteAsync([RenewEvent], end).ConfigureAwait(false);
                return;
            }
        }

        Task<Snapshot> GetNextAsync(Snapshot snapshot) => monitor.GetNextSnapshotAsync(snapshot).WaitAsync(end);
    }

    /// <summary>
    /// Returns how long the stream lasts: not longer than the viewer is signed in, and long enough that a wrong
    /// expiration time does not make the page connect permanently.
    /// </summary>
    private static TimeSpan GetDuration(HttpContext context, TimeProvider clock)
    {
        var expires = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc;
        return expires - clock.GetUtcNow() is { } signedInFor && signedInFor < MaxDuration
            ? TimeSpan.FromSeconds(Math.Max(1, signedInFor.TotalSeconds))
            : MaxDuration;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> ToEvent(ViewerUpdate update, ViewerPosition position)
        => JsonPieces.FromUpdate(update).Prepend(StartOfEvent).Append(Encoding.UTF8.GetBytes($"\nid: {position}\n\n"));
}
