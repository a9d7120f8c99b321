using System.Net;
using System.Net.Sockets;
using Circuit.Example;
using Thrift;
using Thrift.Protocol;
using Thrift.Server;
using Thrift.Transport;
using Thrift.Transport.Server;

namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>ApacheThrift's server on a free local port. Its connections end with their clients.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public LoopbackServer()
        : this(IPAddress.Loopback)
    {
    }

    public LoopbackServer(IPAddress address)
    {
        _listener = new TcpListener(address, port: 0);
        _listener.Server.NoDelay = true;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = new TThreadPoolAsyncServer(
            new MyService.AsyncProcessor(new Handler()), new TServerSocketTransport(_listener, new TConfiguration()), new TBufferedTransport.Factory(), new TBinaryProtocol.Factory())
            .ServeAsync(_stop.Token);
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private sealed class Handler : MyService.IAsync
    {
        private readonly Task<Response> _answer = Task.FromResult(new Response { Success = true });

        public Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default) => _answer;
    }
}
