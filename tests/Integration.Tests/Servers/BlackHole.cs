using System.Net;
using System.Net.Sockets;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>
/// A port that never completes a connect attempt, as behind a firewall that drops packets: the backlog of its listener
/// is full and no connection is accepted.
/// </summary>
internal sealed class BlackHole : IDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    private BlackHole()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(backlog: 0);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    public int Port { get; }

    public static async Task<BlackHole> CreateAsync()
    {
        var hole = new BlackHole();
        while (true)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            hole._waiting.Add(socket);
            using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, hole.Port, timeout.Token);
            }
            catch (OperationCanceledException)
            {
                return hole;
            }

            Assert.True(hole._waiting.Count < 100, "The queue of the listener does not fill up; this system cannot black-hole a connect attempt.");
        }
    }

    public void Dispose()
    {
        _waiting.ForEach(static socket => socket.Dispose());
        _listener.Dispose();
    }
}
