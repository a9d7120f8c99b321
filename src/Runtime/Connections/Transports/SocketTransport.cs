using System.Net.Sockets;
using Thrift;

namespace ThriftBreaker;

/// <summary>Carries calls over a TCP or Unix domain socket.</summary>
internal sealed class SocketTransport(Socket socket, bool framed, TConfiguration configuration)
    : StreamTransport(new NetworkStream(socket, ownsSocket: true), framed, configuration)
{
    /// <summary>
    /// Gets whether nothing can be read from the socket. A readable socket was closed by the server, or has received a
    /// surplus reply; Thrift's IsOpen would be true for both. <see cref="MessageSequence"/> detects surplus replies
    /// that arrive later.
    /// </summary>
    protected override bool IsSilent
    {
        get
        {
            try
            {
                return !socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);
            }
            catch (Exception unusable) when (unusable is SocketException or ObjectDisposedException)
            {
                // Disposed: the channel has just aborted the call.
                return false;
            }
        }
    }

    protected override ValueTask SendAsync(ReadOnlyMemory<byte> request) => Stream.WriteAsync(request, CallToken);
}
