using System.Globalization;
using System.Runtime.CompilerServices;
using Thrift.Protocol;
using Thrift.Protocol.Entities;

namespace ThriftBreaker;

/// <summary>
/// Rejects a message that is not the reply to the request. Thrift's client sets sequence IDs and never compares them.
/// After a surplus reply on a connection, every later call would return the reply of the call before. Servers send one
/// if they reply twice, or to a oneway method that they do not know.
/// </summary>
/// <remarks>
/// The protocol sets its own sequence IDs, and restores that of the client in each reply: several clients use one
/// connection in turn, for example one that logs in and those of the calls, and each starts at 1.
/// </remarks>
internal sealed class ReplyMatchingProtocol(TProtocol protocol) : TProtocolDecorator(protocol)
{
    private TMessage _request;
    private int _sequenceId;

    public override Task WriteMessageBeginAsync(TMessage message, CancellationToken cancellationToken)
    {
        _request = message;
        return base.WriteMessageBeginAsync(new TMessage(message.Name, message.Type, ++_sequenceId), cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<TMessage> ReadMessageBeginAsync(CancellationToken cancellationToken)
    {
        var reply = await base.ReadMessageBeginAsync(cancellationToken).ConfigureAwait(false);
        return GetMismatch(reply) is { } mismatch
            ? throw new TProtocolException(TProtocolException.INVALID_DATA, mismatch)
            : new TMessage(reply.Name, reply.Type, _request.SeqID);
    }

    private string? GetMismatch(TMessage reply)
    {
        if (reply.SeqID != _sequenceId)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The reply '{reply.Name}' answers request {reply.SeqID}, but request {_sequenceId} was sent: the server sent a surplus reply");
        }

        return reply.Type switch
        {
            // A server that cannot read the request does not know its method.
            TMessageType.Exception => null,
            TMessageType.Reply when GetMethod(reply.Name).SequenceEqual(GetMethod(_request.Name)) => null,
            TMessageType.Reply => $"The reply is for '{reply.Name}', but '{_request.Name}' was called",
            _ => $"The message is not a reply: its type is {reply.Type}",
        };
    }

    /// <summary>
    /// Some servers of several services reply with the service name before the method name, and some without.
    /// </summary>
    private static ReadOnlySpan<char> GetMethod(string name) => name.AsSpan(name.LastIndexOf(TMultiplexedProtocol.Separator, StringComparison.Ordinal) + 1);
}
