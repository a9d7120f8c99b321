using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThriftBreaker.Dashboard.Circuits;

namespace ThriftBreaker.Dashboard.Serving;

/// <summary>
/// Tells one viewer what changes, as server-sent events. Nothing is queued for it: while it does not read, nothing is written, and then it gets the
/// latest; one that reads nothing for ten seconds is cut off.
/// </summary>
internal static class EventsEndpoint
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public static async Task ServeAsync(HttpContext context, CircuitWatch watch, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var told = new Told(watch.History);
        watch.Enter();
        try
        {
            var picture = watch.Look();
            while (true)
            {
                var next = watch.NextAsync();
                if (told.News(picture) is { } news)
                {
                    await WriteAsync(context, $"data: {JsonSerializer.Serialize(news, DashboardJson.Default.Message)}\n\n", end.Token).ConfigureAwait(false);
                }

                picture = await NextAsync(context, next, watch, end.Token).ConfigureAwait(false);
            }
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

    /// <summary>The next picture that says something new; a word in between, so that a connection whose other end has vanished is noticed.</summary>
    private static async Task<Picture> NextAsync(HttpContext context, Task<Picture> next, CircuitWatch watch, CancellationToken end)
    {
        while (true)
        {
            try
            {
                return await next.WaitAsync(Silence, end).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                await WriteAsync(context, ":\n\n", end).ConfigureAwait(false);
                next = watch.NextAsync();
            }
        }
    }

    private static async Task WriteAsync(HttpContext context, string text, CancellationToken end)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(end);
        patience.CancelAfter(Patience);
        await context.Response.WriteAsync(text, patience.Token).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(patience.Token).ConfigureAwait(false);
    }
}
