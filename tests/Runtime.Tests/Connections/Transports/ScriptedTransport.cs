using Thrift;

namespace ThriftBreaker.Runtime.Tests.Connections.Transports;

/// <summary>A connection without a socket: it keeps what is sent, and receives the bytes of a reply in parts.</summary>
internal sealed class ScriptedTransport(byte[] reply, bool framed = false, TConfiguration? configuration = null)
    : CallTransport(framed, configuration ?? new TConfiguration())
{
    private int _received;

    /// <summary>The sent request; empty if none was sent.</summary>
    public byte[] Sent { get; private set; } = [];

    /// <summary>The number of bytes of the next part.</summary>
    public Func<int> PartSize { get; init; } = static () => int.MaxValue;

    /// <summary>Waits before each part; completed by default, so that the reply is received synchronously.</summary>
    public Func<Task> Wait { get; init; } = static () => Task.CompletedTask;

    /// <summary>Whether the server sends nothing after the reply instead of the end of the stream.</summary>
    public bool StaysOpen { get; init; }

    public int ReceiveCount { get; private set; }

    protected override bool IsSilent => _received == reply.Length;

    public override void Disconnect()
    {
    }

    protected override ValueTask SendAsync(ReadOnlyMemory<byte> request)
    {
        Sent = request.ToArray();
        return default;
    }

    protected override async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        ReceiveCount++;
        await Wait();
        if (_received == reply.Length && StaysOpen)
        {
            await Task.Delay(Timeout.Infinite, CallToken);
        }

        var count = Math.Min(Math.Min(buffer.Length, PartSize()), reply.Length - _received);
        reply.AsMemory(_received, count).CopyTo(buffer);
        _received += count;
        return count;
    }
}
