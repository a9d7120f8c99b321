using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Circuit.Example;
using Microsoft.Extensions.Logging.Abstractions;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using Thrift.Transport.Client;

namespace Cluster;

/// <summary>
/// Runs a Thrift server on loopback with a delay for each call, which can stop and restart on its port.
/// </summary>
/// <remarks>
/// ApacheThrift's servers stop before their connections end. This accept loop also closes every connection.
/// </remarks>
internal sealed class Server : MyService.IAsync, IAsyncDisposable
{
    public static readonly TimeSpan HealthyDelay = TimeSpan.FromMilliseconds(10);

    private readonly MyService.AsyncProcessor _processor;
    private Func<Task>? _stopAsync;

    public Server()
    {
        // A logger would log every call that a stop interrupts, which this sample does on purpose.
        _processor = new MyService.AsyncProcessor(this, NullLogger<MyService.AsyncProcessor>.Instance);
        Start();
    }

    public int Port { get; private set; }

    /// <summary>Gets or sets the delay of each call.</summary>
    public TimeSpan Delay { get; set; } = HealthyDelay;

    /// <summary>Gets the times at which its calls arrived.</summary>
    public ConcurrentQueue<DateTimeOffset> Calls { get; } = [];

    public void Start()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Server.NoDelay = true; // Accepted sockets inherit it: replies of several writes are not delayed.
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var stop = new CancellationTokenSource();
        var serving = ServeAsync(listener, stop.Token);
        _stopAsync = async () =>
        {
            await stop.CancelAsync();
            await serving;
            stop.Dispose();
        };
    }

    /// <summary>Closes the port and all connections.</summary>
    public Task StopAsync() => Interlocked.Exchange(ref _stopAsync, null)?.Invoke() ?? Task.CompletedTask;

    public async Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default)
    {
        Calls.Enqueue(DateTimeOffset.UtcNow);
        await Task.Delay(Delay, cancellationToken);
        return new Response { Success = true };
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task ServeAsync(TcpListener listener, CancellationToken stop)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop), stop));
            }
        }
        catch (OperationCanceledException)
        {
            listener.Dispose();
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        using var transport = new TBufferedTransport(new TSocketTransport(client, new TConfiguration()));
        using var protocol = new TBinaryProtocol(transport);
        try
        {
            while (await _processor.ProcessAsync(protocol, protocol, stop))
            {
            }
        }
        catch (Exception failure) when (failure is TException or IOException or OperationCanceledException)
        {
            // The client disconnected, or the server is stopped.
        }
    }
}
