using Thrift;

namespace ThriftBreaker;

/// <summary>Carries calls over an open stream, and closes it.</summary>
internal abstract class StreamTransport(Stream stream, bool framed, TConfiguration configuration) : CallTransport(framed, configuration)
{
    protected Stream Stream { get; } = stream;

    public override void Disconnect() => Stream.Dispose();

    protected override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => Stream.ReadAsync(buffer, CallToken);
}
