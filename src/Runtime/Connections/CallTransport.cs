using System.Runtime.CompilerServices;
using Thrift;
using Thrift.Transport.Client;

namespace ThriftBreaker;

/// <summary>Thrift's own transport over a stream, with three things more.</summary>
/// <remarks>
/// Everything ends with the call's token: Thrift's JSON protocol writes its punctuation without any, and would wait for ever for a server that
/// does not read. It knows whether the server has begun to answer. And waiting for an answer allocates nothing.
/// </remarks>
/// <param name="stream">The open stream, which is closed with the transport.</param>
/// <param name="configuration">Thrift's limits.</param>
internal sealed class CallTransport(Stream stream, TConfiguration configuration) : TStreamTransport(stream, stream, configuration)
{
    private CancellationToken _callToken;

    /// <summary>Whether a byte has come since the call began.</summary>
    public bool HasRead { get; private set; }

    /// <summary>From now on everything belongs to this call.</summary>
    public void Begin(CancellationToken callToken)
    {
        _callToken = callToken;
        HasRead = false;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
    {
        var read = await InputStream.ReadAsync(buffer.AsMemory(offset, length), _callToken).ConfigureAwait(false);
        HasRead |= read > 0;
        return read;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
        => OutputStream.WriteAsync(buffer.AsMemory(offset, length), _callToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => base.FlushAsync(_callToken);
}
