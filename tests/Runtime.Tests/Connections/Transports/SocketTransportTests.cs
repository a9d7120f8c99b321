using System.Net;
using System.Net.Sockets;
using Thrift;

namespace ThriftBreaker.Runtime.Tests.Connections.Transports;

/// <summary>The sockets that can carry another call.</summary>
public sealed class SocketTransportTests
{
    [Fact]
    public async Task IsReusable_AfterDispose_IsFalse()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var socket = new Socket(SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(server.LocalEndpoint, TestContext.Current.CancellationToken);
        using var transport = new SocketTransport(socket, framed: false, new TConfiguration());
        Assert.True(transport.IsReusable);

        socket.Dispose();

        Assert.False(transport.IsReusable);
    }
}
