using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>
/// Sends scripted replies over a socket. A mutated reply is followed by silence or the end of the connection.
/// </summary>
internal sealed class WireServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly WireFormat _wireFormat;
    private readonly IReplySource _source;
    private readonly Task _acceptLoop;

    public WireServer(WireFormat wireFormat, IReplySource source)
    {
        _wireFormat = wireFormat;
        _source = source;
        _listener.Server.NoDelay = true;
        _listener.Start();
        Endpoint = wireFormat.At(((IPEndPoint)_listener.LocalEndpoint).Port);
        _acceptLoop = AcceptAsync();
    }

    public ThriftEndpoint Endpoint { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _acceptLoop.WaitAsync(Deadline.Short);
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
                _connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var ending = client;
        var buffer = new byte[64 * 1024];
        var length = 0;
        try
        {
            while (await client.ReceiveAsync(buffer.AsMemory(length), _stop.Token) is var read and > 0)
            {
                length += read;
                if (!await _wireFormat.IsCompleteAsync(buffer.AsMemory(0, length)))
                {
                    continue;
                }

                var request = buffer[..length];
                length = 0;
                await ReplyAsync(client, request);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or OperationCanceledException)
        {
        }
    }

    private async Task ReplyAsync(Socket client, byte[] request)
    {
        var reply = _source.CreateReply(request);
        try
        {
            await client.SendAsync(reply.Bytes, _stop.Token);
            if (reply.Forever is { } forever)
            {
                var endless = Enumerable.Repeat(forever, 1_000).SelectMany(static part => part).ToArray();
                while (true)
                {
                    await client.SendAsync(endless, _stop.Token);
                    _source.OnSent(reply);
                }
            }

            if (!reply.Silence && !reply.IsUnmodified)
            {
                client.Shutdown(SocketShutdown.Send);
            }
        }
        finally
        {
            _source.OnSent(reply);
        }
    }
}
