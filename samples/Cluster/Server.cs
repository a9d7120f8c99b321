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

/// <summary>A Thrift server on loopback that works for a while on each call, and can stop and start again at its port.</summary>
/// <remarks>The accept loop is ours, because ApacheThrift's servers end before their connections do: here, a stopped server has closed every one.</remarks>
internal sealed class Server : MyService.IAsync, IAsyncDisposable
{
    public static readonly TimeSpan Work = TimeSpan.FromMilliseconds(10);

    private readonly MyService.AsyncProcessor _processor;
    private Func<Task>? _stopAsync;

    public Server()
    {
        // It logs every call that is cut off when a server stops, which is what the sample is about.
        _processor = new MyService.AsyncProcessor(this, NullLogger<MyService.AsyncProcessor>.Instance);
        Start();
    }

    public int Port { get; private set; }

    /// <summary>How long it works on a call.</summary>
    public TimeSpan Takes { get; set; } = Work;

    /// <summary>When its calls came.</summary>
    public ConcurrentQueue<DateTimeOffset> Calls { get; } = [];

    public void Start()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
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

    /// <summary>Refuses connections from now on, and closes those that it has.</summary>
    public Task StopAsync() => Interlocked.Exchange(ref _stopAsync, null)?.Invoke() ?? Task.CompletedTask;

    public async Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default)
    {
        Calls.Enqueue(DateTimeOffset.UtcNow);
        await Task.Delay(Takes, cancellationToken);
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
        catch (Exception hungUp) when (hungUp is TException or IOException or OperationCanceledException)
        {
            // The client has gone, or the server is stopped.
        }
    }
}
