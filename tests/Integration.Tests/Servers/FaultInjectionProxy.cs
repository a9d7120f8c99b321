using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>Specifies the fault that is applied to a request.</summary>
public enum Fault
{
    /// <summary>Request and reply are passed on.</summary>
    None,

    /// <summary>The request is read, and no reply is sent.</summary>
    Silence,

    /// <summary>The reply is an HTTP message.</summary>
    Garbage,

    /// <summary>The reply consists of bytes with the value 0xFF.</summary>
    Ones,

    /// <summary>The connection is closed.</summary>
    Close,

    /// <summary>The connection is reset.</summary>
    Reset,

    /// <summary>The first half of the reply is sent, then the connection is closed.</summary>
    HalfReplyThenClose,

    /// <summary>The first half of the reply is sent, and no more.</summary>
    HalfReplyThenSilence,

    /// <summary>The reply is sent twice.</summary>
    ReplyTwice,

    /// <summary>The reply is sent after <see cref="FaultInjectionProxy.LateReplyDelay"/>.</summary>
    LateReply,

    /// <summary>The reply is sent at one byte per second.</summary>
    OneBytePerSecond,

    /// <summary>The beginning of the request is read, and no more.</summary>
    StopReading,
}

/// <summary>A proxy in front of a real server on loopback, which injects the faults of networks and servers.</summary>
internal sealed class FaultInjectionProxy : IAsyncDisposable
{
    /// <summary>The delay of a late reply.</summary>
    public static readonly TimeSpan LateReplyDelay = TimeSpan.FromMilliseconds(20);

    private static readonly byte[] Ones = Enumerable.Repeat((byte)0xFF, 64).ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly int _backend;
    private readonly WireFormat? _requestFormat;
    private readonly Task _acceptLoop;
    private CancellationTokenSource _closeConnections = new();
    private int _accepted;
    private int _silenced;
    private int _open;
    private int _nextFault;
    private int _defaultFault;

    /// <summary>Starts the proxy.</summary>
    /// <param name="backend">The port of the real server, which must send each reply in a single write.</param>
    /// <param name="requestFormat">
    /// The format of requests that arrive in several reads; null if each arrives in one.
    /// </param>
    public FaultInjectionProxy(int backend, WireFormat? requestFormat = null)
    {
        _backend = backend;
        _requestFormat = requestFormat;
        _listener.Server.NoDelay = true;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _acceptLoop = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>The number of connections accepted so far.</summary>
    public int AcceptedCount => Volatile.Read(ref _accepted);

    /// <summary>The number of open connections.</summary>
    public int OpenCount => Volatile.Read(ref _open);

    /// <summary>Sets the fault of the next request only.</summary>
    public Fault NextFault
    {
        set => Volatile.Write(ref _nextFault, (int)value);
    }

    /// <summary>
    /// Gets whether the next fault has been applied. A clock advanced earlier would end the wrong request.
    /// </summary>
    public bool NextFaultWasApplied => Volatile.Read(ref _nextFault) == (int)Fault.None;

    /// <summary>Sets the fault of requests without a <see cref="NextFault"/>.</summary>
    public Fault DefaultFault
    {
        set => Volatile.Write(ref _defaultFault, (int)value);
    }

    /// <summary>
    /// Drops all bytes of the connections that are open now, in both directions, as after a power cut. New connections
    /// work.
    /// </summary>
    public void SilenceConnections() => Volatile.Write(ref _silenced, AcceptedCount);

    /// <summary>Closes every connection, as a server does with idle ones, before it returns.</summary>
    public async Task CloseConnectionsAsync()
    {
        using var closing = Interlocked.Exchange(ref _closeConnections, new CancellationTokenSource());
        await closing.CancelAsync();
        await Deadline.UntilAsync(() => OpenCount == 0, "every connection is closed");
    }

    /// <summary>Refuses new connections; open ones stay open.</summary>
    public void StopListening() => _listener.Stop();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _acceptLoop.WaitAsync(Deadline.Short); // First: a stopped listener ignores the token.
        _listener.Dispose();
        await Task.WhenAll(_connections.Keys).WaitAsync(Deadline.Short);
        _closeConnections.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var number = Interlocked.Increment(ref _accepted);
                Interlocked.Increment(ref _open);
                _connections.TryAdd(ForwardAsync(client, number), true);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ForwardAsync(TcpClient client, int number)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _closeConnections.Token);
        using var server = new TcpClient { NoDelay = true };
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _backend, stop.Token);
            var request = new RequestInFlight { Connection = number };
#pragma warning disable CA2025 // Both are awaited before the disposal, unless one fails, which makes the other fail.
            var requests = PumpRequestsAsync(client, server, request, stop.Token);
            var replies = PumpRepliesAsync(client, server, request, stop.Token);
#pragma warning restore CA2025
            await Task.WhenAny(requests, replies);
            await stop.CancelAsync();
            await Task.WhenAll(requests, replies);
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException or InvalidOperationException)
        {
            // InvalidOperationException: a socket that was reset has no stream.
        }
        finally
        {
            client.Dispose();
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task PumpRequestsAsync(TcpClient client, TcpClient server, RequestInFlight request, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await client.GetStream().ReadAsync(buffer, cancellationToken)) > 0)
        {
            var next = (Fault)Interlocked.Exchange(ref _nextFault, (int)Fault.None);
            request.Fault = next == Fault.None ? (Fault)Volatile.Read(ref _defaultFault) : next;
            if (request.Connection <= Volatile.Read(ref _silenced))
            {
                request.Fault = Fault.Silence;
            }

            while (_requestFormat is not null && request.Fault != Fault.StopReading && !await _requestFormat.IsCompleteAsync(buffer.AsMemory(0, read)))
            {
                read += await client.GetStream().ReadAtLeastAsync(buffer.AsMemory(read), 1, throwOnEndOfStream: true, cancellationToken);
            }

            switch (request.Fault)
            {
                case Fault.Silence:
                    // Until the client closes the connection.
                    while (await client.GetStream().ReadAsync(buffer, cancellationToken) > 0)
                    {
                    }

                    return;

                case Fault.StopReading:
                    await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                    return;

                case Fault.Garbage:
                    await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), cancellationToken);
                    break;

                case Fault.Ones:
                    await client.GetStream().WriteAsync(Ones, cancellationToken);
                    break;

                case Fault.Close:
                    return;

                case Fault.Reset:
                    // The socket itself: a TcpClient would shut down the connection first.
                    client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
                    client.Client.Dispose();
                    return;

                default:
                    await server.GetStream().WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                    break;
            }
        }
    }

    private async Task PumpRepliesAsync(TcpClient client, TcpClient server, RequestInFlight request, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await server.GetStream().ReadAsync(buffer, cancellationToken)) > 0)
        {
            // Before the reply is sent: afterwards, the next request can have arrived with its own fault.
            var fault = request.Fault;
            if (request.Connection <= Volatile.Read(ref _silenced))
            {
                continue;
            }

            if (fault == Fault.OneBytePerSecond)
            {
                await SendSlowlyAsync(client, buffer.AsMemory(0, read), cancellationToken);
                continue;
            }

            if (fault == Fault.LateReply)
            {
                await Task.Delay(LateReplyDelay, cancellationToken);
            }

            var half = fault is Fault.HalfReplyThenClose or Fault.HalfReplyThenSilence;
            await client.GetStream().WriteAsync(buffer.AsMemory(0, half ? read / 2 : read), cancellationToken);
            if (fault == Fault.ReplyTwice)
            {
                await client.GetStream().WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            if (fault == Fault.HalfReplyThenClose)
            {
                return;
            }
        }
    }

    private static async Task SendSlowlyAsync(TcpClient client, ReadOnlyMemory<byte> reply, CancellationToken cancellationToken)
    {
        for (var position = 0; position < reply.Length; position++)
        {
            await client.GetStream().WriteAsync(reply.Slice(position, 1), cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    /// <summary>Passes the fault of the request to the reply pump.</summary>
    private sealed class RequestInFlight
    {
        public volatile Fault Fault;

        /// <summary>The number of the connection, from 1.</summary>
        public int Connection { get; init; }
    }
}
