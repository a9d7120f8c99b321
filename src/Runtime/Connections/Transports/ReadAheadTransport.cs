using Thrift;

namespace ThriftBreaker;

/// <summary>Carries calls over a stream that cannot be asked whether something has come: TLS, or a named pipe.</summary>
/// <remarks>
/// So a byte is read between two calls. While it has not come the connection is quiet, and when the next reply comes it is that reply's
/// first. The socket under TLS says nothing: a TLS 1.3 server sends session tickets after the handshake, which nobody has asked for either.
/// </remarks>
internal sealed class ReadAheadTransport(Stream stream, TConfiguration configuration) : StreamTransport(stream, configuration)
{
    private readonly byte[] _byte = new byte[1];
    private Task<int>? _ahead;

    public override bool IsQuiet
    {
        get
        {
            // Without a token: it outlives calls, and ends with the stream.
            _ahead ??= Stream.ReadAsync(_byte, CancellationToken.None).AsTask();
            return !_ahead.IsCompleted;
        }
    }

    protected override ValueTask<int> ReadStreamAsync(Memory<byte> buffer) => _ahead is null ? base.ReadStreamAsync(buffer) : ReadAheadAsync(_ahead, buffer);

    protected override void Dispose(bool disposing)
    {
        // It fails when the stream is closed, and nobody is there to see it.
        _ahead?.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadAheadAsync(Task<int> ahead, Memory<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        var read = await ahead.WaitAsync(CallToken).ConfigureAwait(false);
        _ahead = null;
        _byte.AsSpan(0, read).CopyTo(buffer.Span);
        return read;
    }
}
