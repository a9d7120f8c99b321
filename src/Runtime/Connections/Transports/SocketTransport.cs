using System.Net.Sockets;
using Thrift;

namespace ThriftBreaker;

/// <summary>Carries calls over a socket, TCP or Unix.</summary>
internal sealed class SocketTransport(Socket socket, TConfiguration configuration)
    : StreamTransport(new NetworkStream(socket, ownsSocket: true), configuration)
{
    /// <summary>
    /// A socket that can be read now was closed by the server, or holds a reply too many; Thrift's IsOpen would be true for both. What
    /// arrives later is left to the <see cref="ReplyCheck"/>.
    /// </summary>
    public override bool IsQuiet
    {
        get
        {
            try
            {
                return !socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);
            }
            catch (Exception unusable) when (unusable is SocketException or ObjectDisposedException)
            {
                // Disposed: cut off by the end of its channel, this instant.
                return false;
            }
        }
    }
}
