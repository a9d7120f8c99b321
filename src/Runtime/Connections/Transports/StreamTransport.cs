using System.Runtime.CompilerServices;
using Thrift;

namespace ThriftBreaker;

/// <summary>Carries calls over an open stream, and closes it. Waiting for a reply allocates nothing.</summary>
internal abstract class StreamTransport(Stream stream, TConfiguration configuration) : CallTransport(configuration)
{
    protected Stream Stream { get; } = stream;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
    {
        var read = await ReadStreamAsync(buffer.AsMemory(offset, length)).ConfigureAwait(false);
        CountReceived(read);
        return read;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
        => Stream.WriteAsync(buffer.AsMemory(offset, length), CallToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        // The request is complete: all bytes from now on are those of its reply.
        ResetMessageSizeAndConsumedBytes();
        return Stream.FlushAsync(CallToken);
    }

    protected virtual ValueTask<int> ReadStreamAsync(Memory<byte> buffer) => Stream.ReadAsync(buffer, CallToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Stream.Dispose();
        }
    }
}
