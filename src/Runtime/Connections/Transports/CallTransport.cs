using Thrift;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>
/// Represents the transport of one connection: the buffer of the request, the buffer of the reply, and the frames of
/// both. Carries one call at a time.
/// </summary>
/// <remarks>
/// <para>
/// A request is sent with one write, when it is complete. So an exception before <see cref="HasSentRequest"/> is not
/// the server's. Received bytes are read synchronously.
/// </para>
/// <para>
/// All sends and receives end with the token of the call, because Thrift's JSON protocol passes none for its
/// punctuation.
/// </para>
/// <para>
/// Buffers are rented during a call only: an idle connection has none. After a failed call they are left to the
/// garbage collector. A send or receive that continues in the background must not use a buffer of another connection.
/// </para>
/// </remarks>
/// <param name="framed">Whether each message has its length before it.</param>
/// <param name="configuration">The size limits.</param>
internal abstract partial class CallTransport(bool framed, TConfiguration configuration) : TEndpointTransport(configuration)
{
    private const int HeaderSize = 4;

    /// <summary>The size of the largest buffers that are returned to the pool.</summary>
    private const int LargestPooledBuffer = 1024 * 1024;

    /// <summary>Gets the token of the current call.</summary>
    protected CancellationToken CallToken { get; private set; }

    /// <summary>Gets the method of the current call; null for <see cref="ThriftChannelOptions.OnConnected"/>.</summary>
    protected ThriftMethod? Method { get; private set; }

    /// <summary>Gets whether the request was complete, and its sending has begun.</summary>
    private bool HasSentRequest { get; set; }

    /// <summary>Gets whether a byte of the reply has arrived since the call began.</summary>
    public bool HasReceivedReply { get; protected set; }

    /// <summary>
    /// Gets what else a message about an unreadable reply can name, as a sentence; null for nothing. If it is not null,
    /// the reply was complete before its values were read, and its size is within the limit.
    /// </summary>
    public virtual string? ReplyDescription => null;

    /// <summary>
    /// Gets whether nothing has arrived since the last call ended: neither the end of the stream nor an unexpected
    /// reply, which would be read as the beginning of the next one. Read only between two calls.
    /// </summary>
    public bool IsReusable => IsReplyRead && IsSilent;

    /// <summary>Always true: a transport is created for an open connection.</summary>
    public sealed override bool IsOpen => true;

    /// <summary>Gets whether nothing can be received. Read only between two calls.</summary>
    protected abstract bool IsSilent { get; }

    /// <summary>Begins a call: from now on, sends and receives end with its token.</summary>
    public void BeginCall(ThriftMethod? method, CancellationToken callToken)
    {
        (Method, CallToken) = (method, callToken);
        HasSentRequest = false;
        HasReceivedReply = false;
    }

    /// <summary>Closes the connection and ends its call. Thread-safe.</summary>
    public abstract void Disconnect();

    public sealed override Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Does nothing, as <see cref="Dispose(bool)"/>.</summary>
    public sealed override void Close()
    {
    }

    /// <summary>
    /// Does nothing: clients of <see cref="ThriftChannelOptions.OnConnected"/> dispose their transport, and the
    /// connection must stay open. <see cref="Disconnect"/> closes it.
    /// </summary>
    protected sealed override void Dispose(bool disposing)
    {
    }

    /// <summary>Sends a complete request.</summary>
    protected abstract ValueTask SendAsync(ReadOnlyMemory<byte> request);

    /// <summary>Receives at least one byte; 0 at the end of the stream.</summary>
    protected abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer);
}
