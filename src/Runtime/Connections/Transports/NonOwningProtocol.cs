using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>
/// Represents the protocol of a connection for <see cref="ThriftChannelOptions.OnConnected"/>. Disposing it, or a
/// client over it, does not close the connection.
/// </summary>
internal sealed class NonOwningProtocol : TProtocolDecorator
{
    public NonOwningProtocol(TProtocol protocol)
        : base(protocol)
    {
        // The transport is what a protocol and every decorator dispose.
        Trans = new NonOwningTransport(protocol.Transport);
    }

    private sealed class NonOwningTransport(TTransport transport) : TLayeredTransport(transport)
    {
        public override bool IsOpen => InnerTransport.IsOpen;

        public override Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Close()
        {
        }

        public override ValueTask<int> ReadAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
            => InnerTransport.ReadAsync(buffer, offset, length, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
            => InnerTransport.WriteAsync(buffer, offset, length, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => InnerTransport.FlushAsync(cancellationToken);

        protected override void Dispose(bool disposing)
        {
        }
    }
}
