using Thrift;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>Represents the lowest layer below Thrift's protocols. Carries one call at a time.</summary>
/// <remarks>
/// <para>
/// All reads and writes end with the token of the call. Thrift's JSON protocol writes its punctuation without a token,
/// and would wait forever for a server that does not read.
/// </para>
/// <para>
/// The transport counts the bytes that it reads, which Thrift's stream transport does not. So
/// <see cref="ThriftChannelOptions.MaxMessageSize"/> limits a whole reply and not only each string in it.
/// </para>
/// </remarks>
internal abstract class CallTransport(TConfiguration configuration) : TEndpointTransport(configuration)
{
    /// <summary>Gets the token of the current call.</summary>
    protected CancellationToken CallToken { get; private set; }

    /// <summary>Gets the method of the current call; null for <see cref="ThriftChannelOptions.OnConnected"/>.</summary>
    protected ThriftMethod? Method { get; private set; }

    /// <summary>Gets the number of bytes received since the connection was opened.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Gets whether a byte of the reply has arrived since the call began.</summary>
    public bool HasReceivedReply { get; protected set; }

    /// <summary>
    /// Gets what else a message about an unreadable reply can name, as a sentence; null for nothing. If it is not null,
    /// the reply was complete before its values were read, and its size is within the limit.
    /// </summary>
    public virtual string? ReplyDescription => null;

    /// <summary>
    /// Gets whether nothing has arrived since the last call ended: neither the end of the stream nor an unexpected
    /// reply. Read only between two calls.
    /// </summary>
    public abstract bool IsReusable { get; }

    public sealed override bool IsOpen => true;

    /// <summary>Begins a call: from now on, reads and writes end with its token.</summary>
    public void BeginCall(ThriftMethod? method, CancellationToken callToken)
    {
        (Method, CallToken) = (method, callToken);
        HasReceivedReply = false;
    }

    public sealed override Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override void Close() => Dispose();

    /// <summary>Counts bytes of a reply.</summary>
    protected void CountReceived(int bytes)
    {
        HasReceivedReply |= bytes > 0;
        BytesReceived += bytes;
        CountConsumedMessageBytes(bytes);
    }
}
