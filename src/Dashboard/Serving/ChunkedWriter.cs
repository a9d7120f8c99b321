using Microsoft.AspNetCore.Http;

namespace ThriftBreaker.Dashboard.Serving;

/// <summary>Writes to somebody who may read as slowly as they like, piece by piece; but who makes no room for the next piece is cut off.</summary>
internal static class ChunkedWriter
{
    /// <summary>How much is written at a time.</summary>
    private const int Size = 16 * 1024;

    /// <summary>How long a piece may take. The buffers on the way make room for several at once, and a phone may need long to read so much.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="OperationCanceledException">It is at its <paramref name="end"/>, or the connection has been cut off.</exception>
    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> text, TimeProvider clock, CancellationToken end)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(end, patience.Token);
        try
        {
            for (; !text.IsEmpty; text = text[Math.Min(Size, text.Length)..])
            {
                patience.CancelAfter(Patience);
                await context.Response.Body.WriteAsync(text[..Math.Min(Size, text.Length)], enough.Token).ConfigureAwait(false);
            }

            await context.Response.Body.FlushAsync(enough.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            context.Abort();
            throw;
        }
    }
}
