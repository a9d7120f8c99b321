using System.Runtime.CompilerServices;
using Thrift.Protocol;
using Thrift.Protocol.Entities;

namespace ThriftBreaker;

/// <summary>
/// Represents a protocol over the buffers of a <see cref="CallTransport"/>. Its messages are those of Thrift's protocol
/// of the same name. Only a read that has to wait is asynchronous.
/// </summary>
internal abstract class CallProtocol(CallTransport transport, string? service) : TProtocol(transport)
{
    private MessageSequence _sequence = new(service);

    /// <summary>Reads a value, or returns false and reads nothing if not all of its bytes have been received.</summary>
    /// <typeparam name="TSelf">The type of the protocol.</typeparam>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="protocol">The protocol.</param>
    /// <param name="value">The value.</param>
    protected delegate bool TryRead<TSelf, T>(TSelf protocol, out T value);

    /// <summary>Gets the transport.</summary>
    protected CallTransport Wire => transport;

    public sealed override Task WriteMessageBeginAsync(TMessage message, CancellationToken cancellationToken)
    {
        transport.BeginRequest();
        WriteMessage(_sequence.Begin(message));
        return Task.CompletedTask;
    }

    public sealed override ValueTask<TMessage> ReadMessageBeginAsync(CancellationToken cancellationToken)
        => Read(this, static (CallProtocol protocol, out TMessage value) => protocol.TryReadMessage(out value));

    /// <summary>Writes the header of a request, and resets the state of the protocol.</summary>
    protected abstract void WriteMessage(TMessage message);

    /// <summary>
    /// Reads the header of a reply, which <see cref="Match"/> returns, and resets the state of the protocol.
    /// </summary>
    protected abstract bool TryReadMessage(out TMessage message);

    /// <summary>Gets the message header of a reply for the client, with the name in UTF-8.</summary>
    /// <exception cref="TProtocolException">The message is not the reply to the request.</exception>
    protected TMessage Match(ReadOnlySpan<byte> name, TMessageType type, int sequenceId)
        => _sequence.Match(new TMessage(_sequence.GetName(name), type, sequenceId));

    protected bool TryReadByte(out byte value)
    {
        var isRead = transport.TryRead(1, out var bytes);
        value = isRead ? bytes[0] : default;
        return isRead;
    }

    /// <summary>
    /// Returns whether a number of bytes has been received. Throws if the reply cannot have as many.
    /// </summary>
    /// <remarks>
    /// A container is read when its elements can have been received: each has a minimum size. So a list is allocated
    /// for elements that exist, and not for a number that the reply claims.
    /// </remarks>
    protected bool IsReceived(long count)
    {
        if ((ulong)count <= (ulong)transport.UnreadCount)
        {
            return true;
        }

        transport.CheckReadBytesAvailable(count);
        return false;
    }

    protected ValueTask<T> Read<TSelf, T>(TSelf protocol, TryRead<TSelf, T> tryRead)
        => tryRead(protocol, out var value) ? new(value) : ReceiveThenReadAsync(protocol, tryRead);

    /// <summary>Reads a value when its bytes have been received. Waiting for a reply allocates nothing.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected async ValueTask<T> ReceiveThenReadAsync<TSelf, T>(TSelf protocol, TryRead<TSelf, T> tryRead)
    {
        T value;
        do
        {
            await transport.ReceiveAsync().ConfigureAwait(false);
        }
        while (!tryRead(protocol, out value));
        return value;
    }
}
