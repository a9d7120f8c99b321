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

    private BlackHole(IPAddress address, int port)
    {
        _listener.Bind(new IPEndPoint(address, port));
        _listener.Listen(backlog: 0);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    public int Port { get; }

    /// <summary>Creates a black hole.</summary>
    /// <param name="address">The address; null for 127.0.0.1.</param>
    /// <param name="port">The port; 0 for any.</param>
    public static async Task<BlackHole> CreateAsync(IPAddress? address = null, int port = 0)
    {
        address ??= IPAddress.Loopback;
        var hole = new BlackHole(address, port);
        while (true)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            hole._waiting.Add(socket);
            using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            try
            {
                await socket.ConnectAsync(address, hole.Port, timeout.Token);
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
