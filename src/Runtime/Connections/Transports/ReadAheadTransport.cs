using Thrift;

namespace ThriftBreaker;

/// <summary>Carries calls over a stream that cannot be polled for incoming data: TLS, or a named pipe.</summary>
/// <remarks>
/// A read of one byte is pending between two calls. The connection is reusable until that read completes. If it
/// completes during the next call, its byte is the first of the reply. Polling the socket under TLS detects too much: a
/// TLS 1.3 server sends session tickets after the handshake.
/// </remarks>
internal sealed class ReadAheadTransport(Stream stream, TConfiguration configuration) : StreamTransport(stream, configuration)
{
    private readonly byte[] _byte = new byte[1];
    private Task<int>? _pendingRead;

    public override bool IsReusable
    {
        get
        {
            // Without a token: the read outlives calls, and ends with the stream.
            _pendingRead ??= Stream.ReadAsync(_byte, CancellationToken.None).AsTask();
            return !_pendingRead.IsCompleted;
        }
    }

    protected override ValueTask<int> ReadStreamAsync(Memory<byte> buffer) => _pendingRead is null ? base.ReadStreamAsync(buffer) : ReadAheadAsync(_pendingRead, buffer);

    protected override void Dispose(bool disposing)
    {
        // Closing the stream fails the read: its exception is observed here.
        _pendingRead?.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadAheadAsync(Task<int> pendingRead, Memory<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        var read = await pendingRead.WaitAsync(CallToken).ConfigureAwait(false);
        _pendingRead = null;
        _byte.AsSpan(0, read).CopyTo(buffer.Span);
        return read;
    }
}
