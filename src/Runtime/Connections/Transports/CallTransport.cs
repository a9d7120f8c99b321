using Thrift;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>What Thrift's protocols write requests to and read replies from: the lowest layer, which carries one call at a time.</summary>
/// <remarks>
/// Everything ends with the call's token: Thrift's JSON protocol writes its punctuation without any, and would wait for ever for a server
/// that does not read. It knows whether the server has begun to answer. And it counts what it reads, which Thrift's own transport over a stream does
/// not, so that <see cref="ThriftChannelOptions.MaxMessageSize"/> holds for a reply and not only for each text in it.
/// </remarks>
internal abstract class CallTransport(TConfiguration configuration) : TEndpointTransport(configuration)
{
    /// <summary>The token that reading and writing end with.</summary>
    protected CancellationToken CallToken { get; private set; }

    /// <summary>Bytes that have come since the connection was opened.</summary>
    public long Received { get; private set; }

    /// <summary>Whether a byte has come since the call began.</summary>
    public bool HasRead { get; protected set; }

    /// <summary>
    /// Whether nothing has come since the last call ended: neither the server's goodbye nor a reply too many. Asked only between two calls.
    /// </summary>
    public abstract bool IsQuiet { get; }

    public sealed override bool IsOpen => true;

    /// <summary>From now on everything belongs to this call.</summary>
    public void Begin(CancellationToken callToken)
    {
        CallToken = callToken;
        HasRead = false;
    }

    public sealed override Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override void Close() => Dispose();

    /// <summary>Bytes of a reply have come.</summary>
    protected void Count(int bytes)
    {
        HasRead |= bytes > 0;
        Received += bytes;
        CountConsumedMessageBytes(bytes);
    }
}
