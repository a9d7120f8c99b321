using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThriftBreaker.Dashboard.Circuits;

namespace ThriftBreaker.Dashboard.Serving;

/// <summary>
/// Tells one viewer what changes, as server-sent events. Nothing is queued for it: while it does not read, nothing is written, and then it gets the
/// latest. It may read as slowly as it likes, but one that makes no room for the next piece is cut off.
/// </summary>
internal static class EventsEndpoint
{
    /// <summary>How much is written at a time.</summary>
    private const int Piece = 16 * 1024;

    /// <summary>How long a piece may take. The buffers on the way make room for several at once, and a phone may need long to read so much.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>After how long without news a word is said: only by what is written can it be noticed that the other end has vanished.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

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
            await TellAsync(context.Response.Body, watch, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The browser has gone, or the app ends.
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
        finally
        {
            watch.Leave();
        }
    }

    private static async Task TellAsync(Stream viewer, CircuitWatch watch, CancellationToken end)
    {
        var (told, toldAt) = (new Told(watch.History), watch.Clock.GetTimestamp());
        for (var picture = watch.Look(); ; picture = await watch.NextAsync(picture).WaitAsync(end).ConfigureAwait(false))
        {
            var news = told.News(picture);
            if (news is not null || watch.Clock.GetElapsedTime(toldAt) >= Silence)
            {
                await WriteAsync(viewer, news is null ? Word : Event(news), watch.Clock, end).ConfigureAwait(false);
                toldAt = watch.Clock.GetTimestamp();
            }
        }
    }

    private static byte[] Event(Message news) => Encoding.UTF8.GetBytes($"data: {JsonSerializer.Serialize(news, DashboardJson.Default.Message)}\n\n");

    private static async Task WriteAsync(Stream viewer, byte[] text, TimeProvider clock, CancellationToken end)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(end, patience.Token);
        foreach (var piece in text.Chunk(Piece))
        {
            patience.CancelAfter(Patience);
            await viewer.WriteAsync(piece, enough.Token).ConfigureAwait(false);
        }

        await viewer.FlushAsync(enough.Token).ConfigureAwait(false);
    }
}
