using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Circuit.Calculators;
using Microsoft.Extensions.Logging.Abstractions;
using Thrift;
using Thrift.Transport.Client;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>A calculator over any kind of stream, with ApacheThrift's processor and transports.</summary>
internal sealed class StreamServer : IAsyncDisposable
{
    private readonly WireFormat _wireFormat;
    private readonly Func<CancellationToken, Task<Stream>> _acceptAsync;
    private readonly Func<Stream, Task<Stream>> _handshakeAsync;
    private readonly IDisposable? _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Calculator.AsyncProcessor _processor;
    private readonly Task _acceptLoop;
    private int _accepted;

    /// <summary>Starts the server.</summary>
    /// <param name="acceptAsync">Accepts the next client.</param>
    /// <param name="handshakeAsync">Performs a handshake with the client, such as TLS.</param>
    /// <param name="listener">Disposed with the server.</param>
    /// <param name="wireFormat">The transport and protocol.</param>
    public StreamServer(
        Func<CancellationToken, Task<Stream>> acceptAsync, Func<Stream, Task<Stream>>? handshakeAsync = null, IDisposable? listener = null, WireFormat? wireFormat = null)
    {
        _wireFormat = wireFormat ?? WireFormat.Default;
        _acceptAsync = acceptAsync;
        _handshakeAsync = handshakeAsync ?? Task.FromResult;
        _listener = listener;
        _processor = new Calculator.AsyncProcessor(Handler, NullLogger<Calculator.AsyncProcessor>.Instance);
        _acceptLoop = AcceptAsync();
    }

    public CalculatorHandler Handler { get; } = new();

    public int AcceptedCount => Volatile.Read(ref _accepted);

    /// <summary>Starts a server on a socket of any family.</summary>
    public static StreamServer On(EndPoint endPoint, out EndPoint bound, Func<Stream, Task<Stream>>? handshakeAsync = null, WireFormat? wireFormat = null)
    {
        var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        if (endPoint is IPEndPoint)
        {
            listener.NoDelay = true;
        }

        listener.Bind(endPoint);
        listener.Listen();
        bound = listener.LocalEndPoint!;
        return new StreamServer(async token => new NetworkStream(await listener.AcceptAsync(token), ownsSocket: true), handshakeAsync, listener, wireFormat);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _acceptLoop.WaitAsync(Deadline.Short);
        _listener?.Dispose();
        await Task.WhenAll(_connections).WaitAsync(Deadline.Short);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var stream = await _acceptAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                _connections.Add(ServeAsync(stream));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ServeAsync(Stream accepted)
    {
        await using var ending = accepted;
        await using var stopped = _stop.Token.Register(accepted.Dispose);
        try
        {
            var stream = await _handshakeAsync(accepted);
            using var transport = _wireFormat.TransportFactory.GetTransport(new TStreamTransport(stream, stream, new TConfiguration()));
            using var protocol = _wireFormat.ProtocolFactory.GetProtocol(transport);
            while (await _processor.ProcessAsync(protocol, protocol, _stop.Token))
            {
            }
        }
        catch (Exception disconnected) when (disconnected is TException or IOException or OperationCanceledException or AuthenticationException or ObjectDisposedException)
        {
        }
    }
}
