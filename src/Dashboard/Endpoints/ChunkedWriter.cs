using Microsoft.AspNetCore.Http;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>
/// Writes a response in chunks. The client can read slowly; one that accepts no further chunk in time is disconnected.
/// </summary>
internal sealed class ChunkedWriter(HttpContext context, TimeProvider clock)
{
    /// <summary>The size of a chunk in bytes.</summary>
    private const int ChunkSize = 16 * 1024;

    /// <summary>
    /// The time limit of one chunk. Network buffers free space for several chunks at once, and a phone can take long to
    /// read that much.
    /// </summary>
    private static readonly TimeSpan ChunkTimeout = TimeSpan.FromSeconds(30);

    private readonly byte[] _chunk = new byte[ChunkSize];

    /// <summary>Writes the pieces. Only one chunk of them exists at a time.</summary>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> was cancelled, or the client was disconnected.
    /// </exception>
    public async Task WriteAsync(IEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(ChunkTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var length = 0;
            foreach (var piece in pieces)
            {
                for (var rest = piece; !rest.IsEmpty;)
                {
                    var copied = Math.Min(rest.Length, ChunkSize - length);
                    rest[..copied].CopyTo(_chunk.AsMemory(length));
                    (rest, length) = (rest[copied..], length + copied);
                    if (length == ChunkSize)
                    {
                        await WriteChunkAsync(length).ConfigureAwait(false);
                        length = 0;
                    }
                }
            }

            await WriteChunkAsync(length).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            context.Abort();
            throw;
        }

        ValueTask WriteChunkAsync(int length)
        {
            timeout.CancelAfter(ChunkTimeout);
            return length == 0 ? default : context.Response.Body.WriteAsync(_chunk.AsMemory(0, length), either.Token);
        }
    }
}
