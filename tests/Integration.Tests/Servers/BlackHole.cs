using System.Net;
using System.Net.Sockets;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>
/// A port that never answers a connect, as one behind a firewall that drops packets: its queue of waiting connections is
/// full and nobody accepts.
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
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, hole.Port, patience.Token);
            }
            catch (OperationCanceledException)
            {
                return hole;
            }

            Assert.True(hole._waiting.Count < 100, "The queue of the listener does not fill up; no connect can be black-holed here.");
        }
    }

    public void Dispose()
    {
        _waiting.ForEach(static socket => socket.Dispose());
        _listener.Dispose();
    }
}
