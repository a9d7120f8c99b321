using System.Runtime.CompilerServices;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>Extends Thrift's framed transport: detects bytes that remain in the frame after a reply.</summary>
internal sealed class FramedTransport(CallTransport inner) : TFramedTransport(inner), IReplyBuffer
{
    private const int HeaderSize = 4;
    private long _bytesRead;
    private long _headerBytes;

    /// <summary>A reply is one frame with one header; a oneway call has no reply.</summary>
    public bool IsEmpty => inner.BytesReceived - _bytesRead - _headerBytes is 0 or HeaderSize;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
    {
        var read = await base.ReadAsync(buffer, offset, length, cancellationToken).ConfigureAwait(false);
        _bytesRead += read;
        return read;
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        _headerBytes = inner.BytesReceived - _bytesRead;
        return base.FlushAsync(cancellationToken);
    }
}
