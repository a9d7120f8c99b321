using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>The HTTP server on loopback from which clients read the revocation list of an authority.</summary>
internal sealed class RevocationListServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _requests;
    private int _answers;

    public RevocationListServer()
    {
        _listener.Start();

        // A new address for each test: the platform caches lists on the disk.
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{Guid.NewGuid():N}.crl");
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>The list; null if the server has none.</summary>
    public byte[]? Content { get; set; }

    /// <summary>Whether the server never answers.</summary>
    public bool IsSilent { get; init; }

    public int Requests => Volatile.Read(ref _requests);

    public int Answers => Volatile.Read(ref _answers);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.WaitAsync(Deadline.Short);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var clients = new List<Socket>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                clients.Add(client);
                await client.ReceiveAsync(new byte[4096], _stop.Token);
                Interlocked.Increment(ref _requests);
                if (!IsSilent)
                {
                    var head = $"HTTP/1.1 {(Content is null ? "404 Not Found" : "200 OK")}\r\nConnection: close\r\nContent-Length: {Content?.Length ?? 0}\r\n\r\n";
                    await client.SendAsync(Encoding.ASCII.GetBytes(head).Concat(Content ?? []).ToArray(), _stop.Token);
                    client.Dispose();
                    Interlocked.Increment(ref _answers);
                }
            }
        }
        catch (OperationCanceledException)
        {
            clients.ForEach(static client => client.Dispose());
        }
    }
}
