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

    /// <summary>The bytes that the elements of all containers of the reply take at least.</summary>
    private long _elementBytes;

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
    {
        _elementBytes = 0;
        return _sequence.Match(new TMessage(_sequence.GetName(name), type, sequenceId));
    }

    protected bool TryReadByte(out byte value)
    {
        var isRead = transport.TryRead(1, out var bytes);
        value = isRead ? bytes[0] : default;
        return isRead;
    }

    /// <summary>
    /// Returns whether the elements of a container can have been received, each in the smallest size. Throws if the
    /// reply cannot have as many.
    /// </summary>
    /// <remarks>
    /// So a list is allocated for elements that exist, and not for a number that the reply claims. The smallest size of
    /// an element contains nothing of the containers in it. So the sizes of all containers add up to less than the
    /// reply, and nested containers cannot claim the same bytes again.
    /// </remarks>
    /// <param name="size">The number of elements multiplied by their smallest size.</param>
    protected bool HasElements(long size)
    {
        if (!IsReceived(size))
        {
            return false;
        }

        var missing = _elementBytes + size - transport.ReceivedCount;
        if (missing > 0)
        {
            transport.CheckReadBytesAvailable(transport.UnreadCount + missing);
            return false;
        }

        _elementBytes += size;
        return true;
    }

    /// <summary>
    /// Returns whether a number of bytes has been received. Throws if the reply cannot have as many.
    /// </summary>
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
