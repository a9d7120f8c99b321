using Microsoft.AspNetCore.Http;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>
/// Writes a response in chunks. The client can read slowly; one that accepts no further chunk in time is disconnected.
/// </summary>
internal static class ChunkedWriter
{
    /// <summary>The size of a chunk in bytes.</summary>
    private const int ChunkSize = 16 * 1024;

    /// <summary>
    /// The time limit of one chunk. Network buffers free space for several chunks at once, and a phone can take long to
    /// read that much.
    /// </summary>
    private static readonly TimeSpan ChunkTimeout = TimeSpan.FromSeconds(30);

    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> was cancelled, or the client was disconnected.
    /// </exception>
    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(ChunkTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            for (; !body.IsEmpty; body = body[Math.Min(ChunkSize, body.Length)..])
            {
                timeout.CancelAfter(ChunkTimeout);
                await context.Response.Body.WriteAsync(body[..Math.Min(ChunkSize, body.Length)], either.Token).ConfigureAwait(false);
            }

            await context.Response.Body.FlushAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            context.Abort();
            throw;
        }
    }
}
