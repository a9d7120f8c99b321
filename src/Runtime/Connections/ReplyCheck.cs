using System.Globalization;
using System.Runtime.CompilerServices;
using Thrift.Protocol;
using Thrift.Protocol.Entities;

namespace ThriftBreaker;

/// <summary>
/// Refuses a reply that does not carry the number of the request. Thrift's own client numbers its messages and never looks: a
/// surplus reply on a connection (a server that answers twice, or answers a oneway call that it does not know) would shift
/// every later caller to the answer of the one before.
/// </summary>
internal sealed class ReplyCheck(TProtocol protocol) : TProtocolDecorator(protocol)
{
    private int _sent;

    public override Task WriteMessageBeginAsync(TMessage message, CancellationToken cancellationToken)
    {
        _sent = message.SeqID;
        return base.WriteMessageBeginAsync(message, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<TMessage> ReadMessageBeginAsync(CancellationToken cancellationToken)
    {
        var reply = await base.ReadMessageBeginAsync(cancellationToken).ConfigureAwait(false);
        return reply.SeqID == _sent
            ? reply
            : throw new TProtocolException(
                TProtocolException.INVALID_DATA,
                string.Create(CultureInfo.InvariantCulture, $"The reply '{reply.Name}' answers request {reply.SeqID}, but request {_sent} was sent: the server sent a reply too many. The connection is closed."));
    }
}
