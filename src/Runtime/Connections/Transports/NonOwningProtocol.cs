using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>A connection's protocol in the hands of <see cref="ThriftChannelOptions.OnConnected"/>: a client over it may be disposed, and closes nothing.</summary>
internal sealed class NonOwningProtocol : TProtocolDecorator
{
    public NonOwningProtocol(TProtocol protocol)
        : base(protocol)
    {
        // What a protocol disposes, and every decorator over it.
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
