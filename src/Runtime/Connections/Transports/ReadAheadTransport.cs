using Thrift;

namespace ThriftBreaker;

/// <summary>Carries calls over a stream that cannot be polled for incoming data: TLS, or a named pipe.</summary>
/// <remarks>
/// A read of one byte is pending between two calls. The connection is reusable until that read completes. If it
/// completes during the next call, its byte is the first of the reply. Polling the socket under TLS detects too much: a
/// TLS 1.3 server sends session tickets after the handshake.
/// </remarks>
internal sealed class ReadAheadTransport(Stream stream, bool framed, TConfiguration configuration) : StreamTransport(stream, framed, configuration)
{
    private readonly byte[] _byte = new byte[1];
    private Task<int>? _pendingRead;

    protected override bool IsSilent
    {
        get
        {
            try
            {
                // Without a token: the read outlives calls, and ends with the stream.
                _pendingRead ??= Stream.ReadAsync(_byte, CancellationToken.None).AsTask();
                return !_pendingRead.IsCompleted;
            }
#pragma warning disable CA1031 // The stream can be the user's. One that throws at once is as unusable as one that has ended.
            catch (Exception)
#pragma warning restore CA1031
            {
                return false;
            }
        }
    }

    public override void Disconnect()
    {
        // Closing the stream fails the read: its exception is observed here.
        _pendingRead?.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        base.Disconnect();
    }

    protected override async ValueTask SendAsync(ReadOnlyMemory<byte> request)
    {
        await Stream.WriteAsync(request, CallToken).ConfigureAwait(false);
        await Stream.FlushAsync(CallToken).ConfigureAwait(false);
    }

    protected override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _pendingRead is null ? base.ReceiveAsync(buffer) : ReceiveAheadAsync(_pendingRead, buffer);

    private async ValueTask<int> ReceiveAheadAsync(Task<int> pendingRead, Memory<byte> buffer)
    {
        var read = await pendingRead.WaitAsync(CallToken).ConfigureAwait(false);
        _pendingRead = null;
        _byte.AsSpan(0, read).CopyTo(buffer.Span);
        return read;
    }
}
