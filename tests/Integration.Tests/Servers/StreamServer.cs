using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Circuit.Calculators;
using Microsoft.Extensions.Logging.Abstractions;
using Thrift;
using Thrift.Transport.Client;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>A calculator over whatever streams its clients come by, spoken to by ApacheThrift's own processor and transports.</summary>
internal sealed class StreamServer : IAsyncDisposable
{
    private readonly WireFormat _wireFormat;
    private readonly Func<CancellationToken, Task<Stream>> _acceptAsync;
    private readonly Func<Stream, Task<Stream>> _greetAsync;
    private readonly IDisposable? _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Calculator.AsyncProcessor _processor;
    private readonly Task _accepting;
    private int _accepted;

    /// <summary>Starts it.</summary>
    /// <param name="acceptAsync">Waits for the next client.</param>
    /// <param name="greetAsync">What is agreed on with it first.</param>
    /// <param name="listener">Closed at the end.</param>
    /// <param name="wireFormat">How Thrift is spoken.</param>
    public StreamServer(
        Func<CancellationToken, Task<Stream>> acceptAsync, Func<Stream, Task<Stream>>? greetAsync = null, IDisposable? listener = null, WireFormat? wireFormat = null)
    {
        _wireFormat = wireFormat ?? WireFormat.Default;
        _acceptAsync = acceptAsync;
        _greetAsync = greetAsync ?? Task.FromResult;
        _listener = listener;
        _processor = new Calculator.AsyncProcessor(Handler, NullLogger<Calculator.AsyncProcessor>.Instance);
        _accepting = AcceptAsync();
    }

    public CalculatorHandler Handler { get; } = new();

    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>One on a socket, whatever its family.</summary>
    public static StreamServer On(EndPoint endPoint, out EndPoint bound, Func<Stream, Task<Stream>>? greetAsync = null, WireFormat? wireFormat = null)
    {
        var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(endPoint);
        listener.Listen();
        bound = listener.LocalEndPoint!;
        return new StreamServer(async token => new NetworkStream(await listener.AcceptAsync(token), ownsSocket: true), greetAsync, listener, wireFormat);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting.WaitAsync(Deadline.Short);
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
            var stream = await _greetAsync(accepted);
            using var transport = _wireFormat.TransportFactory.GetTransport(new TStreamTransport(stream, stream, new TConfiguration()));
            using var protocol = _wireFormat.ProtocolFactory.GetProtocol(transport);
            while (await _processor.ProcessAsync(protocol, protocol, _stop.Token))
            {
            }
        }
        catch (Exception hungUp) when (hungUp is TException or IOException or OperationCanceledException or AuthenticationException or ObjectDisposedException)
        {
        }
    }
}
