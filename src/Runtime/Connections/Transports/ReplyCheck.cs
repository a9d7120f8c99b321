using System.Globalization;
using System.Runtime.CompilerServices;
using Thrift.Protocol;
using Thrift.Protocol.Entities;

namespace ThriftBreaker;

/// <summary>
/// Refuses a message that is not the reply to the request. Thrift's own client numbers its messages and never looks: a surplus reply on a
/// connection (a server that answers twice, or answers a oneway call that it does not know) would shift every later caller to the answer
/// of the one before.
/// </summary>
/// <remarks>
/// It numbers the requests itself, and hands each reply on with the number that its client gave: several clients may speak over one connection in
/// turn, one that logs in and those of the calls, and each of them begins at 1.
/// </remarks>
internal sealed class ReplyCheck(TProtocol protocol) : TProtocolDecorator(protocol)
{
    private TMessage _sent;
    private int _number;

    public override Task WriteMessageBeginAsync(TMessage message, CancellationToken cancellationToken)
    {
        _sent = message;
        return base.WriteMessageBeginAsync(new TMessage(message.Name, message.Type, ++_number), cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<TMessage> ReadMessageBeginAsync(CancellationToken cancellationToken)
    {
        var reply = await base.ReadMessageBeginAsync(cancellationToken).ConfigureAwait(false);
        return Complaint(reply) is { } complaint
            ? throw new TProtocolException(TProtocolException.INVALID_DATA, complaint)
            : new TMessage(reply.Name, reply.Type, _sent.SeqID);
    }

    private string? Complaint(TMessage reply)
    {
        if (reply.SeqID != _number)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The reply '{reply.Name}' answers request {reply.SeqID}, but request {_number} was sent: the server sent a reply too many");
        }

        return reply.Type switch
        {
            // A server that could not read the request does not know its name.
            TMessageType.Exception => null,
            TMessageType.Reply when Method(reply.Name).SequenceEqual(Method(_sent.Name)) => null,
            TMessageType.Reply => $"The reply is one of '{reply.Name}', but '{_sent.Name}' was called",
            _ => $"What came is no reply: its type is {reply.Type}",
        };
    }

    /// <summary>Some servers of several services answer with the service's name before the method's, and some without.</summary>
    private static ReadOnlySpan<char> Method(string name) => name.AsSpan(name.LastIndexOf(TMultiplexedProtocol.Separator, StringComparison.Ordinal) + 1);
}
