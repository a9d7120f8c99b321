using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>
/// Thrift's buffered transport, which counts what is read from its buffer and never begins anew: a kept connection would break when all
/// its replies together reach <see cref="ThriftChannelOptions.MaxMessageSize"/>.
/// </summary>
internal sealed class BufferedTransport(TTransport transport) : TBufferedTransport(transport)
{
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        ResetMessageSizeAndConsumedBytes();
        return base.FlushAsync(cancellationToken);
    }
}
