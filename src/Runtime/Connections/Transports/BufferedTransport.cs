using System.Runtime.CompilerServices;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>
/// Extends Thrift's buffered transport, which counts the bytes read from its buffer and never resets the count: a
/// pooled connection would fail when all its replies together reach <see cref="ThriftChannelOptions.MaxMessageSize"/>.
/// Also detects bytes that remain in the buffer after a reply.
/// </summary>
internal sealed class BufferedTransport(CallTransport inner) : TBufferedTransport(inner), IReplyBuffer
{
    private long _bytesRead;

    public bool IsEmpty => _bytesRead == inner.BytesReceived;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
    {
        var read = await base.ReadAsync(buffer, offset, length, cancellationToken).ConfigureAwait(false);
        _bytesRead += read;
        return read;
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        ResetMessageSizeAndConsumedBytes();
        return base.FlushAsync(cancellationToken);
    }
}
