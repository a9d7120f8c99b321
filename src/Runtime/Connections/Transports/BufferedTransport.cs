using System.Runtime.CompilerServices;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>
/// Thrift's buffered transport, which counts what is read from its buffer and never begins anew: a kept connection would break when all
/// its replies together reach <see cref="ThriftChannelOptions.MaxMessageSize"/>. And it knows whether a reply has left something in the buffer.
/// </summary>
internal sealed class BufferedTransport(CallTransport wire) : TBufferedTransport(wire), IReplyBuffer
{
    private long _delivered;

    public bool IsEmpty => _delivered == wire.Received;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
    {
        var read = await base.ReadAsync(buffer, offset, length, cancellationToken).ConfigureAwait(false);
        _delivered += read;
        return read;
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        ResetMessageSizeAndConsumedBytes();
        return base.FlushAsync(cancellationToken);
    }
}
