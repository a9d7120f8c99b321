using System.Net;
using System.Net.Sockets;
using Thrift;

namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>Which sockets may carry another call.</summary>
public sealed class SocketTransportTests
{
    [Fact]
    public async Task OneThatIsDisposedMayNot()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var socket = new Socket(SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(server.LocalEndpoint, TestContext.Current.CancellationToken);
        using var transport = new SocketTransport(socket, new TConfiguration());
        Assert.True(transport.IsQuiet);

        socket.Dispose();

        Assert.False(transport.IsQuiet);
    }
}
