using System.Runtime.CompilerServices;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>Thrift's framed transport, which knows whether a reply has left something in its frame.</summary>
internal sealed class FramedTransport(CallTransport wire) : TFramedTransport(wire), IReplyBuffer
{
    private const int HeaderSize = 4;
    private long _delivered;
    private long _headers;

    /// <summary>A reply is one frame; a oneway call has none.</summary>
    public bool IsEmpty => wire.Received - _delivered - _headers is 0 or HeaderSize;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
    {
        var read = await base.ReadAsync(buffer, offset, length, cancellationToken).ConfigureAwait(false);
        _delivered += read;
        return read;
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        _headers = wire.Received - _delivered;
        return base.FlushAsync(cancellationToken);
    }
}
