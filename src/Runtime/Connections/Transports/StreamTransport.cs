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

    /// <summary>Sends a part of the request, or all of it. An exception meanwhile is that of the stream.</summary>
    public override Task WriteAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
    {
        HasSentRequest = true;
        var write = Stream.WriteAsync(buffer.AsMemory(offset, length), CallToken);
        if (!write.IsCompletedSuccessfully)
        {
            return FinishAsync(write);
        }

        HasSentRequest = false;
        return Task.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        // The request is complete: all bytes from now on are those of its reply.
        HasSentRequest = true;
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

    private async Task FinishAsync(ValueTask write)
    {
        await write.ConfigureAwait(false);
        HasSentRequest = false;
    }
}
