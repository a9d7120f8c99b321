using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Circuit.Calculators;
using Microsoft.Extensions.Logging.Abstractions;
using Thrift;
using Thrift.Processor;
using Thrift.Transport.Client;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>
/// A calculator on loopback, with ApacheThrift's processor and transports. It has its own accept loop, because
/// ApacheThrift's servers stop before their connections are closed: this server closes all its connections when it
/// stops.
/// </summary>
internal sealed class CalculatorServer : IAsyncDisposable
{
    private readonly WireFormat _wireFormat;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly ITAsyncProcessor _processor;
    private readonly Task _acceptLoop;
    private bool _isStopped;

    private CalculatorServer(WireFormat wireFormat, int port, Func<CalculatorHandler, ITAsyncProcessor> processor)
    {
        _wireFormat = wireFormat;
        _processor = processor(Handler);
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Server.NoDelay = true;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _acceptLoop = AcceptAsync();
    }

    public CalculatorHandler Handler { get; } = new();

    public int Port { get; }

    public static CalculatorServer Start(WireFormat? wireFormat = null, int port = 0)
        => new(wireFormat ?? WireFormat.Default, port, static handler => new Calculator.AsyncProcessor(handler, NullLogger<Calculator.AsyncProcessor>.Instance));

    /// <summary>
    /// Starts a server that knows only the methods of the base service, for example an older version.
    /// </summary>
    public static CalculatorServer StartMonitored(WireFormat? wireFormat = null)
        => new(wireFormat ?? WireFormat.Default, port: 0, static handler => new Monitored.AsyncProcessor(handler, NullLogger<Monitored.AsyncProcessor>.Instance));

    /// <summary>Starts a server of another service.</summary>
    public static CalculatorServer StartOther(ITAsyncProcessor processor, WireFormat? wireFormat = null, int port = 0) => new(wireFormat ?? WireFormat.Default, port, _ => processor);

    /// <summary>Stops listening and closes every connection before it returns.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        await _stop.CancelAsync();
        await _acceptLoop.WaitAsync(Deadline.Short); // First: a stopped listener ignores the token.
        _listener.Dispose();
        await Task.WhenAll(_connections).WaitAsync(Deadline.Short);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var transport = _wireFormat.TransportFactory.GetTransport(new TSocketTransport(client, new TConfiguration()));
        using var protocol = _wireFormat.ProtocolFactory.GetProtocol(transport);
        try
        {
            while (await _processor.ProcessAsync(protocol, protocol, _stop.Token))
            {
            }
        }
        catch (Exception disconnected) when (disconnected is TException or IOException or OperationCanceledException)
        {
        }
    }
}
