using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>What happens to the next request that arrives.</summary>
public enum Fault
{
    /// <summary>It is passed on, and so is the reply.</summary>
    None,

    /// <summary>Nothing: it is read, and never answered.</summary>
    Silence,

    /// <summary>It is answered with bytes that are no Thrift at all.</summary>
    Garbage,

    /// <summary>It is answered with bytes that are all ones.</summary>
    Ones,

    /// <summary>The connection is closed in good order.</summary>
    Close,

    /// <summary>The connection is reset.</summary>
    Reset,

    /// <summary>The first half of the reply arrives, then the connection is closed.</summary>
    HalfReplyThenClose,

    /// <summary>The first half of the reply arrives, and no more.</summary>
    HalfReplyThenSilence,

    /// <summary>The reply arrives twice.</summary>
    ReplyTwice,

    /// <summary>The reply arrives after <see cref="FaultInjectionProxy.Lateness"/>.</summary>
    LateReply,

    /// <summary>The reply arrives, a byte a second.</summary>
    OneByteASecond,

    /// <summary>The beginning of the request is read, and no more.</summary>
    NoMoreReading,
}

/// <summary>Stands in front of a real server on loopback, and does to requests what networks and servers do.</summary>
internal sealed class FaultInjectionProxy : IAsyncDisposable
{
    /// <summary>How long a late reply takes.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(20);

    private static readonly byte[] Ones = Enumerable.Repeat((byte)0xFF, 64).ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly int _backend;
    private readonly WireFormat? _inPieces;
    private readonly Task _accepting;
    private CancellationTokenSource _hangUp = new();
    private int _accepted;
    private int _open;
    private int _next;
    private int _every;

    /// <summary>Starts it.</summary>
    /// <param name="backend">The port of the real server, which must answer in one piece.</param>
    /// <param name="inPieces">How requests are spoken that come in pieces; null: each comes in one.</param>
    public FaultInjectionProxy(int backend, WireFormat? inPieces = null)
    {
        _backend = backend;
        _inPieces = inPieces;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>What happens to the next request, once. Requests after it are passed on.</summary>
    public Fault Next
    {
        set => Volatile.Write(ref _next, (int)value);
    }

    /// <summary>Whether <see cref="Next"/> has found its request. A clock that is moved before leaves it to the request after.</summary>
    public bool NextIsMet => Volatile.Read(ref _next) == (int)Fault.None;

    /// <summary>What happens to every request for which <see cref="Next"/> says nothing.</summary>
    public Fault Every
    {
        set => Volatile.Write(ref _every, (int)value);
    }

    /// <summary>Closes every connection, as a server does with idle ones; when it returns, the client has been told.</summary>
    public async Task HangUpAsync()
    {
        using var hangUp = Interlocked.Exchange(ref _hangUp, new CancellationTokenSource());
        await hangUp.CancelAsync();
        await Deadline.UntilAsync(() => Open == 0, "every connection is closed");
    }

    /// <summary>Refuses connections from now on; those that are open stay so.</summary>
    public void StopListening() => _listener.Stop();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting.WaitAsync(Deadline.Short); // First: a listener that is stopped refuses even to look at the token.
        _listener.Dispose();
        await Task.WhenAll(_connections.Keys).WaitAsync(Deadline.Short);
        _hangUp.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                Interlocked.Increment(ref _open);
                _connections.TryAdd(CarryAsync(client), true);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _hangUp.Token);
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _backend, over.Token);
            var request = new RequestInFlight();
#pragma warning disable CA2025 // Both are awaited before anything is disposed, unless one fails: then the other fails with it.
            var requests = PumpRequestsAsync(client, server, request, over.Token);
            var replies = PumpRepliesAsync(client, server, request, over.Token);
#pragma warning restore CA2025
            await Task.WhenAny(requests, replies);
            await over.CancelAsync();
            await Task.WhenAll(requests, replies);
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException or InvalidOperationException)
        {
            // The last: a socket that is reset has no stream any more.
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
            var next = (Fault)Interlocked.Exchange(ref _next, (int)Fault.None);
            request.Fault = next == Fault.None ? (Fault)Volatile.Read(ref _every) : next;
            while (_inPieces is not null && request.Fault != Fault.NoMoreReading && !await _inPieces.IsWholeAsync(buffer.AsMemory(0, read)))
            {
                read += await client.GetStream().ReadAtLeastAsync(buffer.AsMemory(read), 1, throwOnEndOfStream: true, cancellationToken);
            }

            switch (request.Fault)
            {
                case Fault.Silence:
                    // Until the client gives up.
                    while (await client.GetStream().ReadAsync(buffer, cancellationToken) > 0)
                    {
                    }

                    return;

                case Fault.NoMoreReading:
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
                    // The socket itself: a TcpClient would say goodbye first.
                    client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
                    client.Client.Dispose();
                    return;

                default:
                    await server.GetStream().WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                    break;
            }
        }
    }

    private static async Task PumpRepliesAsync(TcpClient client, TcpClient server, RequestInFlight request, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await server.GetStream().ReadAsync(buffer, cancellationToken)) > 0)
        {
            // Now, and not when the reply is on its way: the next request may be there already, with a fault of its own.
            var fault = request.Fault;
            if (fault == Fault.OneByteASecond)
            {
                await DripAsync(client, buffer.AsMemory(0, read), cancellationToken);
                continue;
            }

            if (fault == Fault.LateReply)
            {
                await Task.Delay(Lateness, cancellationToken);
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

    private static async Task DripAsync(TcpClient client, ReadOnlyMemory<byte> reply, CancellationToken cancellationToken)
    {
        for (var position = 0; position < reply.Length; position++)
        {
            await client.GetStream().WriteAsync(reply.Slice(position, 1), cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    /// <summary>What has happened to it, for the side that sees the reply.</summary>
    private sealed class RequestInFlight
    {
        public volatile Fault Fault;
    }
}
