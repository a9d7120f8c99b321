using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>Sends over a socket what it is told to. Behind a reply that was tampered with comes silence, or the end of the connection.</summary>
internal sealed class WireServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly WireFormat _wireFormat;
    private readonly IAnswer _answer;
    private readonly Task _accepting;

    public WireServer(WireFormat wireFormat, IAnswer answer)
    {
        _wireFormat = wireFormat;
        _answer = answer;
        _listener.Start();
        Endpoint = wireFormat.At(((IPEndPoint)_listener.LocalEndpoint).Port);
        _accepting = AcceptAsync();
    }

    public ThriftEndpoint Endpoint { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting.WaitAsync(Deadline.Short);
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
                if (!await _wireFormat.IsWholeAsync(buffer.AsMemory(0, length)))
                {
                    continue;
                }

                var request = buffer[..length];
                length = 0;
                await AnswerAsync(client, request);
            }
        }
        catch (Exception over) when (over is SocketException or OperationCanceledException)
        {
        }
    }

    private async Task AnswerAsync(Socket client, byte[] request)
    {
        var script = _answer.To(request);
        try
        {
            await client.SendAsync(script.Bytes, _stop.Token);
            if (script.Forever is { } forever)
            {
                var endless = Enumerable.Repeat(forever, 1_000).SelectMany(static part => part).ToArray();
                while (true)
                {
                    await client.SendAsync(endless, _stop.Token);
                    _answer.Given(script);
                }
            }

            if (!script.Silence && !script.IsUntouched)
            {
                client.Shutdown(SocketShutdown.Send);
            }
        }
        finally
        {
            _answer.Given(script);
        }
    }
}
