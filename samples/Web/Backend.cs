using System.Net;
using System.Net.Sockets;
using Thrift;
using Thrift.Processor;
using Thrift.Protocol;
using Thrift.Transport;
using Thrift.Transport.Client;

namespace Web;

/// <summary>Runs a Thrift server on a free loopback port, which can be broken and healed. Thread-safe.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly ITAsyncProcessor _processor;
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private CancellationTokenSource _breakdown = new();

    public Backend(ITAsyncProcessor processor)
    {
        _processor = processor;
        _listener.Server.NoDelay = true; // Accepted sockets inherit it: replies of several writes are not delayed.
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public bool IsBroken => Volatile.Read(ref _breakdown).IsCancellationRequested;

    /// <summary>
    /// Closes all connections, and every new one. The port stays bound, so that the server can be healed.
    /// </summary>
    public void Break() => Volatile.Read(ref _breakdown).Cancel();

    public void Heal()
    {
        if (IsBroken)
        {
            Volatile.Write(ref _breakdown, new CancellationTokenSource());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Break();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
        _breakdown.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                connections.RemoveAll(static connection => connection.IsCompleted);
                connections.Add(ServeAsync(client, Volatile.Read(ref _breakdown).Token));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken breakdown)
    {
        using var transport = new TBufferedTransport(new TSocketTransport(client, new TConfiguration()));
        using var protocol = new TBinaryProtocol(transport);
        try
        {
            while (!breakdown.IsCancellationRequested && await _processor.ProcessAsync(protocol, protocol, breakdown))
            {
            }
        }
        catch (Exception failure) when (failure is TException or IOException or OperationCanceledException)
        {
            // The client disconnected, or the server is broken.
        }
    }
}
