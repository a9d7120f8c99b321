#nullable enable // Thrift's interface has nullable annotations in every project.

using System.Net;
using System.Net.Sockets;
using Circuit.Example;
using Thrift;
using Thrift.Protocol;
using Thrift.Server;
using Thrift.Transport;
using Thrift.Transport.Server;

namespace Consumers;

/// <summary>A server of the contract on a free local port.</summary>
internal sealed class Server : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    public Server()
    {
        _listener.Server.NoDelay = true;
        _listener.Start();
        var connections = new TServerSocketTransport(_listener, new TConfiguration());
        _ = new TThreadPoolAsyncServer(
            new MyService.AsyncProcessor(new Handler()), connections, new TBufferedTransport.Factory(), new TBinaryProtocol.Factory()).ServeAsync(_stop.Token);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _stop.Dispose();
    }

    private sealed class Handler : MyService.IAsync
    {
        public Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default)
            => Task.FromResult(new Response { Success = request?.Data?.Length > 0 });
    }
}
