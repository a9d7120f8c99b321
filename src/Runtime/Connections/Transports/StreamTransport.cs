using System.Net.Sockets;
using Thrift;

namespace ThriftBreaker;

/// <summary>Carries calls over an open stream, and closes it.</summary>
internal abstract class StreamTransport(Stream stream, bool framed, TConfiguration configuration) : CallTransport(framed, configuration)
{
    // TCP_QUICKACK in Linux's netinet/tcp.h, which .NET does not name.
    private const int QuickAck = 12;
    private static readonly byte[] On = BitConverter.GetBytes(1);

    /// <summary>
    /// Gets the socket on which an incomplete reply is acknowledged at once: a server with Nagle's algorithm waits for
    /// that before it sends the rest. Null for none.
    /// </summary>
    public Socket? QuickAckSocket { get; init; }

    protected Stream Stream { get; } = stream;

    public override void Disconnect() => Stream.Dispose();

    protected override ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        var receiving = Stream.ReadAsync(buffer, CallToken);
        if (QuickAckSocket is { } socket && HasReceivedReply && !receiving.IsCompleted)
        {
            Acknowledge(socket);
        }

        return receiving;
    }

    private static void Acknowledge(Socket socket)
    {
        try
        {
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, QuickAck, On);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // The receive reports it.
        }
    }
}
